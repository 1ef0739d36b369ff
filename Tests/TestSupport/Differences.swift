import Foundation

/// The largest difference of two lists of numbers.
package func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  precondition(a.count == b.count, "\(a.count) against \(b.count) numbers")
  return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

/// `‖a − b‖ / ‖b‖`
package func relativeNorm(_ a: [Float], _ b: [Float]) -> Double {
  precondition(a.count == b.count, "\(a.count) against \(b.count) numbers")
  let difference = zip(a, b).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }
  let norm = b.reduce(0.0) { $0 + Double($1) * Double($1) }
  return (difference / max(norm, 1e-30)).squareRoot()
}
