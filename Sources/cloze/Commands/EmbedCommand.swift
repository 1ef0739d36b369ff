import ArgumentParser
import Foundation
import Kernels
import ModelFiles
import SequentialModels

/// `cloze embed`: vectors for other programs.
struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Writes item vectors and user vectors for FAISS and its like.",
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
  @OptionGroup var audience: AudienceOptions
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
    if userOutput != nil { try audience.requireSomebody() }
    if userOutput == nil && noting.unknownTo != nil {
      throw ValidationError("--unknown-to lists items of histories; give --users-to")
    }
  }

  func run() throws {
    let loaded = try ModelDirectory.load(URL(fileURLWithPath: model), workers: threads.workers)
    let (model, items) = (loaded.model, loaded.items)
    if let itemOutput, let file = VectorFile(path: itemOutput) {
      let vectors = Matrix(rows: items.count, columns: model.hidden + (withBias ? 1 : 0))
      vectors.columns(0..<model.hidden).assign(model.itemTable)
      if withBias { vectors.columns(model.hidden..<model.hidden + 1).assign(model.itemBias) }
      try file.write(vectors, named: "items", ids: items.names.map(\.text))
      try print("\(itemOutput): \(vectors.rows) items × \(vectors.columns)")
    }
    if let userOutput, let file = VectorFile(path: userOutput) {
      let notes = noting.notes()
      var audience = try audience.open(loaded, at: self.model, notes: notes, progress: Progress(.quiet)).audience
      var people: [Person] = []
      while case let batch = try audience.next(65_536), !batch.isEmpty { people += batch }
      let vectors = Matrix(rows: people.count, columns: model.hidden + (withBias ? 1 : 0))
      model.encode(people.map(\.history), into: vectors.columns(0..<model.hidden))
      if withBias { vectors.columns(model.hidden..<model.hidden + 1).fill(1) }
      notes.list(
        audience.unknownItems, "items of the histories are unknown to the model and were skipped",
        as: "item of a history")
      try notes.finish()
      try file.write(vectors, named: "users", ids: people.map(\.name))
      try print("\(userOutput): \(vectors.rows) users × \(vectors.columns)")
    }
  }
}
