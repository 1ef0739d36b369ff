/// A share as a person reads it.
enum Percentage {
  /// `0.0123` is `1.23%`; at most two decimals, and what is not zero never reads as zero.
  static func text(_ share: Double) -> String {
    let hundredths = (share * 10_000).rounded()
    if share > 0, hundredths == 0 { return "less than 0.01%" }
    let whole = Int(hundredths) / 100
    let rest = Int(hundredths) % 100
    if rest == 0 { return "\(whole)%" }
    return rest % 10 == 0 ? "\(whole).\(rest / 10)%" : "\(whole).\(rest < 10 ? "0" : "")\(rest)%"
  }
}
