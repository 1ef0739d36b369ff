import DurableFiles
import Foundation
import Synchronization

/// The keys that open routes; kept as digests, compared in a time that does not depend on them.
package struct APIKeys: Sendable {
  private let digests: [[UInt8]]

  package static let leastLength = 16

  /// The keys of a file: one per line, blank lines and lines that begin with `#` aside.
  ///
  /// - Throws: `KeyFileError` where the file cannot be read, holds no key, or one that is too short.
  package init(file: String) throws(KeyFileError) {
    guard let text = try? String(contentsOf: URL(fileURLWithPath: file), encoding: .utf8) else {
      throw .unreadable(file: file)
    }
    var keys: [String] = []
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let key = String(line.trimmed)
      if key.isEmpty || key.hasPrefix("#") { continue }
      if key.utf8.count < Self.leastLength { throw .short(file: file, line: number + 1, length: key.utf8.count) }
      keys.append(key)
    }
    if keys.isEmpty { throw .empty(file: file) }
    self.init(keys)
  }

  package init(_ keys: [String]) { digests = keys.map(Self.digest) }

  package var count: Int { digests.count }

  /// The number of the key from 0; nil where it is none. Every key is compared to its end.
  func index(of key: String) -> Int? {
    let digest = Self.digest(key)
    var found = -1
    for (index, known) in digests.enumerated() {
      var difference: UInt8 = 0
      for place in 0..<known.count { difference |= known[place] ^ digest[place] }
      // All ones where nothing differs, else zero; no branch on a secret.
      let isSame = Int(truncatingIfNeeded: (Int16(difference) - 1) >> 8) & 1
      found = found * (1 - isSame) + index * isSame
    }
    return found < 0 ? nil : found
  }

  private static func digest(_ key: String) -> [UInt8] {
    var hash = SHA256()
    hash.update(Array(key.utf8))
    return Array(hash.hexadecimal().utf8)
  }
}

/// A file of keys that cannot be used.
package enum KeyFileError: Error, Equatable, CustomStringConvertible {
  case unreadable(file: String)
  case empty(file: String)
  case short(file: String, line: Int, length: Int)

  package var description: String {
    switch self {
    case .unreadable(let file): "\(file) cannot be read as a file of keys; give a text file with one key per line"
    case .empty(let file): "\(file) holds no key; write one per line, for example from: openssl rand -hex 24"
    case .short(let file, let line, let length):
      "\(file), line \(line): a key of \(length) characters is too short; make one of at least \(APIKeys.leastLength), for example with: openssl rand -hex 24"
    }
  }
}

/// So many requests a second for each key; a pause saves up to as many as one second has.
package final class RateLimit: Sendable {
  private struct Bucket {
    var tokens: Double
    var time: ContinuousClock.Instant
  }

  package let perSecond: Int
  private let buckets = Mutex<[Int: Bucket]>([:])

  package init(perSecond: Int) {
    precondition(perSecond >= 1, "\(perSecond) requests a second")
    self.perSecond = perSecond
  }

  /// Whether the key may ask now; what it asks with is then used up.
  func take(_ key: Int, at now: ContinuousClock.Instant = .now) -> Bool {
    buckets.withLock { buckets in
      var bucket = buckets[key] ?? Bucket(tokens: Double(perSecond), time: now)
      bucket.tokens = min(Double(perSecond), bucket.tokens + (now - bucket.time) / .seconds(1) * Double(perSecond))
      bucket.time = now
      defer { buckets[key] = bucket }
      if bucket.tokens < 1 { return false }
      bucket.tokens -= 1
      return true
    }
  }
}
