/// Which histories were requested for the first time lately, by their fingerprints, and whether such histories come again.
///
/// To keep a history costs a small part of what it costs to encode it, and is worth it where the next request goes on behind it.
/// So a history is kept from its second request on, and from its first one where at least one in eight of those that were new
/// lately had a second. A fingerprint decides what is kept and never what is answered.
package struct RequestedHistories: Sendable {
  /// In sets of four, in each the one that came last first; 0 where there is none.
  private var fingerprints: [UInt64]
  private let sets: Int
  /// Fingerprints in use.
  package private(set) var count = 0
  /// Histories that were new, and those of them that came again; both are halved now and then, so that what was lately counts.
  private var new: Int, again: Int
  private let window: Int

  package static let usualWindow = 8_192
  private static let ways = 4
  private static let oneIn = 8

  /// Bytes that a fingerprint takes.
  package static var bytesPerHistory: Int { MemoryLayout<UInt64>.stride }

  /// Remembers at most `capacity` histories; what came longest ago makes way.
  ///
  /// - Parameter window: how many new histories say what histories do lately: more than there are sessions that begin together.
  package init(capacity: Int, window: Int = Self.usualWindow) {
    precondition(capacity >= Self.ways, "fingerprints of \(capacity) histories in sets of \(Self.ways)")
    self.window = window
    (new, again) = (window / Self.oneIn, window / Self.oneIn)
    sets = capacity / Self.ways
    fingerprints = [UInt64](repeating: 0, count: sets * Self.ways)
  }

  /// Whether a history that is requested now is to be kept.
  ///
  /// Its second request is the one at which it, or a beginning of at least half of it, was new before.
  /// - Parameters:
  ///   - known: how many of the tokens are kept already.
  ///   - goesOn: whether a history is of use to longer ones.
  package mutating func admit(_ tokens: [Int32], known: Int, goesOn: Bool) -> Bool {
    if tokens.isEmpty { return false }
    let half = (tokens.count + 1) / 2
    let prefixes = Self.fingerprints(of: tokens)
    let isMostlyKnown = known == tokens.count || goesOn && known >= half
    // Where most of it is kept it ended there, or nowhere.
    let shortest = isMostlyKnown ? known : goesOn ? half : tokens.count
    let step = isMostlyKnown ? max(1, tokens.count - known) : 1
    for length in stride(from: tokens.count, through: shortest, by: -step) where forget(prefixes[length - 1]) {
      again += 1
      return true
    }
    if isMostlyKnown { return true }
    remember(prefixes[tokens.count - 1])
    new += 1
    if new >= window { (new, again) = (new / 2, again / 2) }
    return again * Self.oneIn >= new
  }

  /// Of each beginning of `tokens`, the shortest first.
  private static func fingerprints(of tokens: [Int32]) -> [UInt64] {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    return tokens.map { token in
      hash = (hash ^ UInt64(UInt32(bitPattern: token))) &* 0xBF58_476D_1CE4_E5B9
      hash ^= hash >> 32
      return max(1, hash)
    }
  }

  /// Where the set of a fingerprint begins.
  private func set(of fingerprint: UInt64) -> Int {
    Int(fingerprint.multipliedFullWidth(by: UInt64(sets)).high) * Self.ways
  }

  private mutating func remember(_ fingerprint: UInt64) {
    let set = set(of: fingerprint)
    if fingerprints[set + Self.ways - 1] == 0 { count += 1 }
    for place in (set + 1..<set + Self.ways).reversed() { fingerprints[place] = fingerprints[place - 1] }
    fingerprints[set] = fingerprint
  }

  /// Takes a fingerprint out; false where it is not remembered.
  private mutating func forget(_ fingerprint: UInt64) -> Bool {
    let set = set(of: fingerprint)
    guard let place = (set..<set + Self.ways).first(where: { fingerprints[$0] == fingerprint }) else { return false }
    for place in place..<set + Self.ways - 1 { fingerprints[place] = fingerprints[place + 1] }
    fingerprints[set + Self.ways - 1] = 0
    count -= 1
    return true
  }
}
