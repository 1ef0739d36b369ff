import ArgumentParser
import InteractionStore
import Interactions
import Items
import ModelFiles

/// What is known of items beside their ids, the same for every command that reads it.
struct ItemFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What the items are: a file with a row per item (id, title, categories, numbers), or a store that has one.",
      valueName: "file"), completion: .file())
  var itemsFrom: String?

  @OptionGroup var columns: ItemColumnOptions

  func validate() throws {
    if itemsFrom == nil, !columns.itemColumns.isEmpty {
      throw ValidationError("--item-columns says what the columns of --items-from are; give both")
    }
  }

  /// The item file, else what the store at `log` knows of its items; nil where there is neither.
  func table(log: String?) throws -> ItemTable? {
    var options = ItemTable.Options()
    options.columns = columns.itemColumns
    return try ItemSource.load(itemsFrom, log: log, options: options)
  }

  /// The same, read anew with every call.
  func tables(log: String?) -> @Sendable () throws -> ItemTable? {
    var options = ItemTable.Options()
    options.columns = columns.itemColumns
    return { [itemsFrom, options] in try ItemSource.load(itemsFrom, log: log, options: options) }
  }
}

/// Vectors of items from elsewhere.
struct ItemVectorOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Vectors of items, .npy or .safetensors, with the ids of the rows beside it in NAME.ids.json, as cloze embed writes \
      them, or line by line in NAME.ids.txt.
      """, valueName: "file"), completion: .file())
  var itemVectors: String?

  @Option(
    help: ArgumentHelp(
      "The BERT that reads the words of items, ours or Hugging Face's; where a model was trained on words, its own if not given.",
      valueName: "dir"), completion: .directory)
  var textEncoder: String?

  /// nil where none are given.
  func vectors() throws -> ItemVectors? { try itemVectors.map { try ItemVectors.read($0) } }
}

/// What the columns of an item file are.
struct ItemColumnOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Which columns of the item file are the id and the title, and what others are: category, number, text or none, such \
      as id=movieId,title=name,genres=category,url=none; recognized if not given.
      """, valueName: "column=…"),
    transform: { try ItemColumnSelection($0) })
  var itemColumns = ItemColumnSelection()
}
