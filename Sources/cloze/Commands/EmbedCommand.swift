import ArgumentParser
import Foundation
import ModelFiles
import Interactions
import Kernels
import Recommending
import SequentialModels

/// `cloze embed`: vectors for other programs.
struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Write item vectors and user vectors for FAISS and similar programs.",
    discussion: """
      A score is user · item + bias; with --with-bias the bias is one more column (1 for users), so that the plain inner \
      product is the score. The ids stand beside the file, in the order of the rows, as a JSON array: NAME.ids.json.
      """)

  @Argument(help: "The model directory.", completion: .directory)
  var model: String
  @Option(
    name: .customLong("items-to"),
    help: ArgumentHelp("Where item vectors go, .safetensors or .npy.", valueName: "file"), completion: .file()
  )
  var itemOutput: String?
  @Option(
    name: .customLong("users-to"),
    help: ArgumentHelp("Where user vectors go, .safetensors or .npy.", valueName: "file"), completion: .file())
  var userOutput: String?
  @OptionGroup var users: UserOptions
  @Flag(help: "Add the bias as a column.")
  var withBias = false
  @Flag(help: "Print what was written as JSON.")
  var json = false
  @OptionGroup var noting: NoteOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var reporting: ProgressOptions

  func validate() throws {
    if itemOutput == nil && userOutput == nil {
      throw ValidationError("nothing to write; give --items-to, --users-to or both")
    }
    for (option, path) in [("--items-to", itemOutput), ("--users-to", userOutput)] {
      if let path, VectorFile(path: path) == nil {
        throw ValidationError("\(option) \(path): expected a name that ends in .safetensors or .npy")
      }
    }
    let ids = [itemOutput, userOutput].map { path in path.flatMap { VectorFile(path: $0)?.ids.path } }
    try Folders.requireApart(
      [
        ("--items-to", itemOutput), ("--users-to", userOutput), ("the ids of --items-to", ids[0]),
        ("the ids of --users-to", ids[1]), ("--unknown-to", noting.unknownTo),
      ], from: users.inputs, model: model)
    if userOutput != nil { try users.requireUsers() }
    if userOutput == nil && noting.unknownTo != nil {
      throw ValidationError("--unknown-to lists items of histories; give --users-to")
    }
  }

  /// What `--json` prints of one file.
  private struct Written: Encodable {
    var file: String
    var ids: String
    var rows: Int
    var columns: Int
  }

  func run() throws {
    let progress = reporting.start()
    let loaded = try ModelDirectory.load(model, workers: threads.workers, progress)
    var written: [String: Written] = [:]
    func write(_ vectors: Matrix, _ name: String, ids: [Identifier], to path: String, _ file: VectorFile) throws {
      try Folders.make(for: path)
      try file.write(vectors, named: name, ids: ids)
      written[name] = Written(file: path, ids: file.ids.path, rows: vectors.rows, columns: vectors.columns)
      if !json && !reporting.quiet { try print("\(path): \(vectors.rows) \(name) × \(vectors.columns)") }
    }
    if let itemOutput, let file = VectorFile(path: itemOutput) {
      try write(
        loaded.model.itemVectors(withBias: withBias), "items", ids: loaded.items.names, to: itemOutput, file)
    }
    if let userOutput, let file = VectorFile(path: userOutput) {
      let notes = noting.notes(progress)
      var source = try users.open(loaded, at: model, notes: notes, progress: progress).users
      progress.finish()
      var requests: [RecommendationRequest] = []
      while case let batch = try source.next(65_536), !batch.isEmpty { requests += batch }
      notes.say(source.historyFindings)
      try notes.finish()
      try write(
        loaded.model.userVectors(requests.map(\.history), withBias: withBias), "users", ids: requests.map(\.user),
        to: userOutput, file)
    }
    if json { try print(JSONText.of(written)) }
  }
}
