import Foundation

/// A number the readable references compute with: `Double` for values, `Dual` for values with an exact derivative.
package protocol Scalar: Sendable {
  init(_ value: Double)
  var value: Double { get }
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  static func exp(_ x: Self) -> Self
  static func log(_ x: Self) -> Self
  static func sqrt(_ x: Self) -> Self
  static func tanh(_ x: Self) -> Self
  static func erf(_ x: Self) -> Self
}

extension Double: Scalar {
  package var value: Double { self }
  package static func exp(_ x: Double) -> Double { Foundation.exp(x) }
  package static func log(_ x: Double) -> Double { Foundation.log(x) }
  package static func sqrt(_ x: Double) -> Double { x.squareRoot() }
  package static func tanh(_ x: Double) -> Double { Foundation.tanh(x) }
  package static func erf(_ x: Double) -> Double { Foundation.erf(x) }
}

/// A value and its derivative along one direction.
package struct Dual: Scalar {
  package var value: Double
  package var derivative: Double

  package init(_ value: Double) { self.init(value, 0) }
  package init(_ value: Double, _ derivative: Double) {
    self.value = value
    self.derivative = derivative
  }

  package static func + (a: Dual, b: Dual) -> Dual { Dual(a.value + b.value, a.derivative + b.derivative) }
  package static func - (a: Dual, b: Dual) -> Dual { Dual(a.value - b.value, a.derivative - b.derivative) }
  package static func * (a: Dual, b: Dual) -> Dual {
    Dual(a.value * b.value, a.derivative * b.value + a.value * b.derivative)
  }
  package static func / (a: Dual, b: Dual) -> Dual {
    Dual(a.value / b.value, (a.derivative * b.value - a.value * b.derivative) / (b.value * b.value))
  }
  package static func exp(_ x: Dual) -> Dual { Dual(.exp(x.value), .exp(x.value) * x.derivative) }
  package static func log(_ x: Dual) -> Dual { Dual(.log(x.value), x.derivative / x.value) }
  package static func sqrt(_ x: Dual) -> Dual { Dual(.sqrt(x.value), x.derivative / (2 * .sqrt(x.value))) }
  package static func tanh(_ x: Dual) -> Dual {
    let y = Double.tanh(x.value)
    return Dual(y, (1 - y * y) * x.derivative)
  }
  package static func erf(_ x: Dual) -> Dual {
    Dual(.erf(x.value), 2 / Double.pi.squareRoot() * .exp(-x.value * x.value) * x.derivative)
  }
}
