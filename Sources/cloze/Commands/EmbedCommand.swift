import ArgumentParser
import Foundation
import ModelFiles
import Recommending
import SequentialModels

/// `cloze embed`: vectors for other programs.
struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Writes item vectors and user vectors for FAISS and similar programs.",
    discussion: """
      A score is user · item + bias; with --with-bias the bias is one more column (1 for users), so that the plain inner \
      product is the score. The ids stand beside the file, in the order of the rows, as a JSON array: NAME.ids.json.
      """)

  @Argument(help: "The model directory.")
  var model: String
  @Option(
    name: .customLong("items-to"), help: ArgumentHelp("Where item vectors go, .safetensors or .npy.", valueName: "file")
  )
  var itemOutput: String?
  @Option(
    name: .customLong("users-to"),
    help: ArgumentHelp("Where user vectors go, .safetensors or .npy.", valueName: "file"))
  var userOutput: String?
  @OptionGroup var users: UserOptions
  @Flag(help: "Add the bias as a column.")
  var withBias = false
  @OptionGroup var noting: NoteOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if itemOutput == nil && userOutput == nil {
      throw ValidationError("nothing to write; give --items-to, --users-to or both")
    }
    for path in [itemOutput, userOutput] {
      if let path, VectorFile(path: path) == nil {
        throw ValidationError("\(path): expected a name that ends in .safetensors or .npy")
      }
    }
    if userOutput != nil { try users.requireUsers() }
    if userOutput == nil && noting.unknownTo != nil {
      throw ValidationError("--unknown-to lists items of histories; give --users-to")
    }
  }

  func run() throws {
    let loaded = try ModelDirectory.load(URL(fileURLWithPath: model), workers: threads.workers)
    if let itemOutput, let file = VectorFile(path: itemOutput) {
      let vectors = loaded.model.itemVectors(withBias: withBias)
      try file.write(vectors, named: "items", ids: loaded.items.names)
      try print("\(itemOutput): \(vectors.rows) items × \(vectors.columns)")
    }
    if let userOutput, let file = VectorFile(path: userOutput) {
      let notes = noting.notes()
      var source = try users.open(loaded, at: model, notes: notes, progress: Progress(.quiet)).users
      var requests: [RecommendationRequest] = []
      while case let batch = try source.next(65_536), !batch.isEmpty { requests += batch }
      notes.say(source.historyFindings)
      try notes.finish()
      let vectors = loaded.model.userVectors(requests.map(\.history), withBias: withBias)
      try file.write(vectors, named: "users", ids: requests.map(\.user))
      try print("\(userOutput): \(vectors.rows) users × \(vectors.columns)")
    }
  }
}
