import ArgumentParser
import DurableFiles
import Items
import ModelFiles
import Recommending
import SequentialModels

/// What becomes of items that the model has had no event of.
struct ColdOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Items that the model has never seen: a file with what the model has learned of others. It gives them rows.",
      valueName: "file"), completion: .file())
  var newItems: String?
  @Option(
    help: ArgumentHelp(
      """
      What lists hold of cold items, those without an event in training: keep, remove, only, or share=0.1 for at least \
      that share. Those of --items-from or the store come in as with --new-items.
      """, valueName: "rule"), completion: .list(["keep", "remove", "only", "share="]), transform: Self.rule)
  var cold: ColdItems.Rule?

  /// Whether cold items are treated in their own way.
  var isGiven: Bool { newItems != nil || cold != nil }

  /// The cold items and the model that has rows for them; the model as it is where nothing was said.
  ///
  /// - Parameter table: what is known of items otherwise.
  func items(
    _ loaded: ModelDirectory.Loaded, _ table: ItemTable?, vectors: ItemVectors?, textEncoder: String?,
    cache: TextCache?, notes: Notes
  ) throws -> (items: ColdItems?, loaded: ModelDirectory.Loaded) {
    if !isGiven { return (nil, loaded) }
    let table = try newItems.map { try ItemTable.read($0) } ?? table
    if let newItems, let table { notes.say("\(newItems): \(Counted(table.ids.count, "item"))") }
    if let vectors {
      notes.say("\(vectors.source): \(Counted(vectors.ids.count, "vector")) of \(vectors.width) numbers")
    }
    let cold = try ColdItems(loaded, table, vectors: vectors, textEncoder: textEncoder, cache: cache)
    if let texts = cold.texts { notes.say("words of new items: \(texts)") }
    if cold.fingerprint != nil {
      let left = cold.undescribed
      notes.say(
        "\(Counted(cold.added, "item")) that the model has never seen got \(Counted.verb(cold.added, "a row from its", "rows from their")) features"
          + (left == 0
            ? ""
            : "; \(left) \(Counted.verb(left, "has", "have")) no value that it has learned and \(Counted.verb(left, "is", "are")) left out")
      )
    }
    return (cold, cold.loaded)
  }

  /// `allowed` with what the rule says of cold items; nil for all.
  func allowed(_ allowed: [Bool]?, _ cold: ColdItems?) -> [Bool]? {
    guard let cold, self.cold == .remove || self.cold == .only else { return allowed }
    return cold.isCold.indices.map { allowed?[$0] ?? true && cold.isCold[$0] == (self.cold == .only) }
  }

  /// The share of lists that cold items are given.
  func share(_ model: BERT4Rec, _ cold: ColdItems?, allowed: [Bool]?) -> ColdShare? {
    guard let cold, case .share(let share) = self.cold else { return nil }
    return ColdShare(model, isCold: cold.isCold, share: share, allowed: allowed)
  }

  private static func rule(_ text: String) throws -> ColdItems.Rule {
    guard let rule = ColdItems.Rule(text) else {
      throw ValidationError("--cold \(text): expected keep, remove, only, or a share such as share=0.1")
    }
    return rule
  }
}
