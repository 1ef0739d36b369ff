/// A small seeded generator: the same seed gives the same numbers on every machine and in every version.
///
/// Source: Steele, Lea & Flood 2014; checked against the reference values of Vigna's `splitmix64.c`.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// The generator of case `index`: independent of how many numbers other cases draw.
  package init(seed: UInt64, index: Int) {
    var mixer = SplitMix64(seed: seed &+ UInt64(index) &* 0xd134_2543_de82_ef95)
    state = mixer.next()
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number in [0, 1), of 53 random bits.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number in 0 ..< bound.
  package mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "a number below \(bound)")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
