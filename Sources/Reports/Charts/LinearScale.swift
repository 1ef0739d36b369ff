import Foundation

/// Maps figures to positions along an axis whose ends and labels are round numbers.
struct LinearScale {
  let low: Double
  let high: Double
  let step: Double
  private var arePowers = false

  /// The smallest scale with about `count` steps of 1, 2, 2.5 or 5 × 10ⁿ that holds every finite one of `values`.
  init(fitting values: [Double], includingZero: Bool, count: Int = 5) {
    let finite = values.filter(\.isFinite) + (includingZero ? [0] : [])
    var least = finite.min() ?? 0
    var most = finite.max() ?? 1
    if least == most {
      let margin = least == 0 ? 1 : abs(least) / 10
      if !includingZero { least -= margin }
      most += margin
    }
    let rough = (most - least) / Double(count)
    let power = pow(10, floor(log10(rough)))
    step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= rough * (1 - 1e-9) } ?? 10 * power
    low = (least / step + 1e-9).rounded(.down) * step
    high = (most / step - 1e-9).rounded(.up) * step
  }

  /// A scale of decimal logarithms from 0, whose labels are the powers of ten.
  init(powersUpTo most: Double) {
    (low, high, step) = (0, max(1, most.rounded(.up)), 1)
    arePowers = true
  }

  /// The figures that get a label, from low to high.
  var ticks: [Double] {
    let (first, last) = (FigureText.whole(low / step), FigureText.whole(high / step))
    return (first...max(first, last)).map { Double($0) * step }
  }

  /// Where `value` lies: 0 at the low end, 1 at the high end.
  func fraction(of value: Double) -> Double { (value - low) / (high - low) }

  func label(of tick: Double) -> String {
    arePowers ? FigureText.count(FigureText.whole(pow(10, tick))) : FigureText.tick(tick, step: step)
  }

  /// Every tick, or every second, third, … one, so that labels of this many units along `length` do not touch.
  func spacedTicks(along length: Double) -> [Double] {
    let longest = ticks.map { Drawing.width(of: label(of: $0)) }.max() ?? 0
    let most = max(2, Int(length / (longest + 10)))
    let stride = (ticks.count + most - 1) / most
    return ticks.enumerated().filter { $0.offset % max(1, stride) == 0 }.map(\.element)
  }
}
