import DurableFiles
import Foundation
import Interactions

/// The finished shards of one run, all of them, joined to what the run would have written in one piece.
package struct ShardMerge: Sendable {
  /// In the order of their numbers.
  private let parts: [(file: URL, manifest: ShardManifest)]

  package var count: Int { parts.count }

  /// Checks that `files` are all shards of one run, in any order: none missing, none twice, none of another run.
  package init(_ files: [URL]) throws(ShardError) {
    var parts: [(file: URL, manifest: ShardManifest)] = []
    for file in files {
      let manifest = try ShardManifest.read(beside: file)
      if let first = parts.first { try Self.compare((file, manifest), with: first) }
      parts.append((file, manifest))
    }
    parts.sort { $0.manifest.shard.number < $1.manifest.shard.number }
    for (one, next) in zip(parts, parts.dropFirst()) where one.manifest.shard == next.manifest.shard {
      throw .twice(one.manifest.shard, one.file.relativePath, next.file.relativePath)
    }
    let count = parts.first?.manifest.shard.count ?? 0
    let there = Set(parts.map(\.manifest.shard.number))
    let missing = (1...max(count, 1)).filter { !there.contains($0) }
    if !missing.isEmpty { throw .missing(missing, of: count) }
    self.parts = parts
  }

  private static func compare(
    _ part: (file: URL, manifest: ShardManifest), with first: (file: URL, manifest: ShardManifest)
  ) throws(ShardError) {
    let (part, first, file, other) = (
      part.manifest, first.manifest, part.file.relativePath, first.file.relativePath
    )
    if part.shard.count != first.shard.count {
      throw .foreign(file, other, what: "number of shards", "\(part.shard.count)", "\(first.shard.count)")
    }
    for name in first.run.map(\.name) + part.run.map(\.name) {
      func value(_ manifest: ShardManifest) -> String { manifest.run.first { $0.name == name }?.value ?? "none" }
      if value(part) != value(first) { throw .foreign(file, other, what: name, value(part), value(first)) }
    }
  }

  /// Writes the rows of all parts to `output`, which appears whole at the end: the titles of a CSV file once.
  ///
  /// - Throws: `ShardError`, `.changed` where a part is not what its manifest says; `ResumableFileError`.
  package func write(to output: URL) throws {
    let file = try ResumableFile(output, request: "", resuming: false)
    do {
      let titles = try self.titles()
      for (index, part) in parts.enumerated() {
        let blocks = try FileBlocks(part.file)
        var hash = SHA256()
        var titlesLeft = (index == 0 ? [] : titles)[...]
        while let block = try blocks.next() {
          hash.update(block)
          let repeated = zip(titlesLeft, block).prefix { $0 == $1 }.count
          titlesLeft = titlesLeft.dropFirst(repeated)
          try file.append(Data(block.dropFirst(repeated)), done: index)
        }
        guard titlesLeft.isEmpty, hash.hexadecimal() == part.manifest.sha256 else {
          throw ShardError.changed(part: part.file.relativePath)
        }
      }
      try file.finish()
    } catch {
      file.discard()
      throw error
    }
  }

  /// The first line of a CSV file, which every part repeats; nothing for lines of JSON.
  private func titles() throws(ShardError) -> [UInt8] {
    guard let first = parts.first?.file, RecommendationText.Format(path: first.path) == .csv else { return [] }
    var line: [UInt8] = []
    let blocks = try FileBlocks(first)
    while line.last != 0x0A, let block = try blocks.next() {
      line += block[...(block.firstIndex(of: 0x0A) ?? block.count - 1)]
    }
    return line
  }
}

/// Why shards are not made, or not joined.
package enum ShardError: Error, Equatable, CustomStringConvertible {
  case uncounted
  case missingFile(path: String)
  case system(path: String, reason: String)
  case unfinished(part: String)
  case unreadable(manifest: String)
  case missing([Int], of: Int)
  case twice(Shard, String, String)
  case foreign(String, String, what: String, String, String)
  case changed(part: String)

  package var description: String {
    switch self {
    case .uncounted:
      "--shard needs to know how many users there are, which a stream of histories does not say; divide its lines, such as by `split -n l/16`, and answer each part by itself"
    case .missingFile(let path): "\(path) does not exist or cannot be read; name a file of recommendations"
    case .system(let path, let reason): "cannot read \(path): \(reason)"
    case .unfinished(let part):
      "\(part) is no finished shard, there is no \(part).shard.json; let `cloze recommend --shard` finish it (with --resume where it was begun), and copy both files"
    case .unreadable(let manifest): "\(manifest) is not what `cloze recommend --shard` writes; run that shard again"
    case .missing(let numbers, let count):
      "\(numbers.count == 1 ? "shard" : "shards") \(numbers.prefix(20).map(String.init).joined(separator: ", "))\(numbers.count > 20 ? ", …" : "") of \(count) \(numbers.count == 1 ? "is" : "are") missing; name all \(count) files"
    case .twice(let shard, let one, let other): "\(one) and \(other) are both shard \(shard); name one of them"
    case .foreign(let file, let other, let what, let value, let expected):
      "\(file) is of another run than \(other): \(what) is \(value) here and \(expected) there; run one of them again\(what == "level of instructions" ? " with CLOZE_CPU=\(min(value, expected)) on all machines" : "")"
    case .changed(let part): "\(part) is not what it was when it was finished; run that shard again"
    }
  }
}
