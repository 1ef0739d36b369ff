import CKernels
import Foundation

/// Random numbers as a function of (seed, purpose, step, element): nothing is stored, any element can be computed alone.
///
/// Two rounds of SplitMix64's finalizer over the element, keyed by the three others.
/// - Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3" (the idea); Steele, Lea & Flood 2014 (the mixer).
package struct CounterRandom: Sendable, Hashable {
  package let key: UInt64

  package init(seed: UInt64, purpose: UInt64, step: UInt64) {
    key = Self.mix(Self.mix(Self.mix(seed &+ Self.golden) &+ purpose &* Self.golden) &+ step &* Self.golden)
  }

  /// 64 random bits.
  package func bits(_ element: UInt64) -> UInt64 {
    Self.mix(Self.mix(key &+ element &* Self.golden) ^ key)
  }

  /// A number in [0, 1), a multiple of 2⁻⁵³.
  package func uniform(_ element: UInt64) -> Double { Double(bits(element) >> 11) * 0x1p-53 }

  /// A whole number in 0 ..< `bound`; the bias is below bound · 2⁻⁶⁴.
  package func below(_ bound: Int, _ element: UInt64) -> Int {
    precondition(bound > 0, "a number below \(bound)")
    return Int(bits(element).multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number of the standard normal distribution (Box & Muller 1958).
  package func normal(_ element: UInt64) -> Double {
    let bits = bits(element)
    let radius = (-2 * log(Double((bits >> 11) + 1) * 0x1p-53)).squareRoot()
    return radius * cos(2 * .pi * Double(Self.mix(bits) >> 11) * 0x1p-53)
  }

  private static let golden: UInt64 = 0x9E37_79B9_7F4A_7C15

  static func mix(_ x: UInt64) -> UInt64 {
    var x = x
    x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
    x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
    return x ^ (x >> 31)
  }
}

/// Which elements are dropped: a function of the key, the row in the whole batch and the column; nothing is stored.
///
///     factor(row, column) = hash(key, row, column) ≥ probability ? 1 / (1 − probability) : 0
///
/// Kernels count rows from their `rowBase`, so that a row has the same mask however the batch is divided. The hash has 24 bits.
/// - Source: Srivastava et al. 2014 (inverted dropout, as PyTorch scales it).
package struct Dropout: Sendable, Hashable {
  package var probability: Float
  package var key: UInt64

  package init(probability: Float, key: UInt64) {
    precondition(probability >= 0 && probability < 1, "dropout of \(probability)")
    self.probability = probability
    self.key = key
  }

  /// No dropout.
  package static let none = Dropout(probability: 0, key: 0)

  func parameters(rowBase: Int) -> cloze_dropout {
    cloze_dropout(
      key: key, row_base: rowBase, threshold: Int32((probability * 0x1p24).rounded()), scale: 1 / (1 - probability))
  }
}
