import ArgumentParser
import Interactions
import NeuralNetwork
import Training

/// What is known of users or of lines, to be learned or to be compared with.
struct LabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A table with an id (user, or number of the line) and a label per row.", valueName: "file"),
    completion: .file())
  var labels: String?
  @Option(
    help: ArgumentHelp(
      "The columns of --labels that hold them; found by name, or the two that there are, if not given.",
      valueName: "id,label"), transform: LabelOptions.columns)
  var labelColumns: Columns?
  @Option(
    help: ArgumentHelp("Lines of text or tokens that are labeled, in place of a log.", valueName: "file"),
    completion: .file())
  var lines: String?

  struct Columns {
    let id, label: String
  }

  private static func columns(_ text: String) throws -> Columns {
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard names.count == 2, !names.contains("") else {
      throw ValidationError("--label-columns “\(text)”: expected two names, such as user,segment")
    }
    return Columns(id: names[0], label: names[1])
  }

  func validate() throws {
    if labelColumns != nil, labels == nil {
      throw ValidationError("--label-columns names columns of --labels; give the file, too")
    }
  }

  /// The file of `--labels`.
  func file() throws -> LabelFile? {
    try labels.map { try LabelFile($0, columns: labelColumns.map { ($0.id, $0.label) }) }
  }
}

extension ClassificationHead.Task: ExpressibleByArgument {}
