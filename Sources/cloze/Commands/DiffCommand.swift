import ArgumentParser
import Evaluation
import Foundation
import Reports

/// `cloze diff`: whether one model is better than another, or only luckier.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two models user by user, with paired tests.",
    discussion: """
      Reads two files that `cloze evaluate --ranks FILE` wrote for the same log, split and seen rule. Intervals are 95 % \
      bootstrap intervals of the mean difference over users; p is the paired t test's, corrected after Holm over the table \
      it stands in, as in `cloze compare`. --json has Wilcoxon's signed-rank test besides.
      """)

  @Argument(help: "The ranks of the first model.", completion: .file(extensions: ["json"]))
  var a: String
  @Argument(help: "The ranks of the second model.", completion: .file(extensions: ["json"]))
  var b: String
  @Flag(help: "Print the comparison as JSON.")
  var json = false
  @OptionGroup var silence: QuietOptions

  func validate() throws {
    for name in [a, b] {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder), isFolder.boolValue {
        throw ValidationError(
          "\(name) is a folder, not the ranks of a model; write them with: cloze evaluate \(name) --log LOG --ranks FILE"
        )
      }
    }
  }

  func run() throws {
    let comparison = try RankComparison(
      RecordFile.read(RankTable.self, from: URL(fileURLWithPath: a)),
      RecordFile.read(RankTable.self, from: URL(fileURLWithPath: b)))
    if json {
      try print(RecordFile.text(comparison), terminator: "")
      return
    }
    try print("A: \(comparison.a) (\(a))\nB: \(comparison.b) (\(b))\n")
    try print(table(comparison.lines, of: \.figure.description, title: "figure"))
    try print("\n\(comparison.protocol.rules.mainMetric) by cohort")
    try print(table(comparison.cohorts, of: \.users, title: "cohort"))
    try print("\n\(comparison.verdict)\n")
    for line in comparison.protocol.lines { try print("\(line.name): \(line.value)") }
  }

  private func table(
    _ lines: [RankComparison.Line], of label: (RankComparison.Line) -> String, title: String
  ) -> String {
    var table = TextTable([
      .text(title), .number("users"), .number("A"), .number("B"), .number("A − B"), .number("95 % interval"),
      .number("p (Holm)"),
    ])
    for line in lines {
      table.append([
        label(line), "\(line.count)", String(format: "%.4f", line.a), String(format: "%.4f", line.b),
        FigureText.difference(line.difference.value),
        "\(FigureText.difference(line.difference.low)) … \(FigureText.difference(line.difference.high))",
        FigureText.p(line.difference.p),
      ])
    }
    return table.text
  }
}
