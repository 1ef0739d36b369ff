import ArgumentParser
import Comparison
import Interactions
import Items
import ModelFiles
import Recommending
import SequentialModels
import Training

/// What item rows are made of, or begin with, beside their ids: the same for every command that trains on a log.
struct ItemLearningOptions: ParsableArguments {
  @OptionGroup var items: ItemFileOptions
  @OptionGroup var vectors: ItemVectorOptions
  @Option(
    help: ArgumentHelp(
      "Make item rows of these columns of the item table, too, or of all of them: all.", valueName: "column,column"))
  var features: String?
  @Option(
    help: ArgumentHelp(
      """
      Make item rows of the words of these columns, too, such as title, read by --text-encoder; with --new-items text rows \
      only begin with them.
      """, valueName: "column,column"))
  var text: String?
  @Option(help: "What of the text encoder's states is read: mean or cls; mean if not given.")
  var textPooling: TextEncoder.Pooling?

  func validate() throws {
    if text != nil, vectors.itemVectors != nil {
      throw ValidationError("--text and --item-vectors both say what the vectors of items are; give one of them")
    }
  }

  /// Whether any of it says what is learned from.
  var isGiven: Bool { features != nil || text != nil || vectors.itemVectors != nil }

  /// `experiment` with the columns of --features, the vectors of --item-vectors and the words of --text; these are read for
  /// first rows alone where the experiment lets rows begin with words.
  func lay(over experiment: Experiment, features: Bool = true, vectors useVectors: Bool = true) throws -> Experiment {
    let list = { (names: String) in JSONValue.array(names.split(separator: ",").map { .text(String($0)) }) }
    var words: [String: JSONValue] = [:]
    if let text { words["text"] = list(text) }
    if let encoder = vectors.textEncoder { words["textEncoder"] = .text(encoder) }
    if let textPooling { words["textPooling"] = .text(textPooling.rawValue) }
    let begins = experiment.start?.newItems == .text
    var keys = begins || !useVectors ? [:] : words
    if features, let columns = self.features { keys["columns"] = list(columns) }
    if useVectors, text != nil && !begins || vectors.itemVectors != nil, experiment.model.features?.vectorAxes == nil {
      keys["vectorAxes"] = .integer(FeatureConfiguration.usualAxes)
    }
    var trees: [JSONValue] = []
    if !keys.isEmpty { trees.append(.object(["model": .object(["features": .object(keys)])])) }
    if begins, !words.isEmpty { trees.append(.object(["start": .object(words)])) }
    return trees.isEmpty ? experiment : try experiment.with(trees)
  }

  /// Rows of ids alone, and of ids with each of what these options name, and with all of it where they name several.
  func variants(of base: Experiment) throws -> [ComparisonPlan.Variant] {
    if base.model.features != nil {
      throw ConfigurationError.wrongValue(
        "model.features",
        fault: "item rows of ids alone are one of the variants; leave it out, and give --features or --text")
    }
    if base.start != nil {
      throw ConfigurationError.wrongValue("start.newItems", fault: "item rows are what is compared; leave it out")
    }
    let vectorName = text != nil ? "text" : vectors.itemVectors != nil ? "vectors" : nil
    var variants = [ComparisonPlan.Variant(name: "ids", experiment: base)]
    func add(_ names: [String?], features: Bool, vectors: Bool) throws {
      variants.append(
        ComparisonPlan.Variant(
          name: (["ids"] + names.compactMap(\.self)).joined(separator: "+"),
          experiment: try lay(over: base, features: features, vectors: vectors)))
    }
    if features != nil { try add(["features"], features: true, vectors: false) }
    if vectorName != nil { try add([vectorName], features: false, vectors: true) }
    if features != nil, vectorName != nil { try add(["features", vectorName], features: true, vectors: true) }
    return variants
  }

  /// What `experiments` read of items, each line of it noted.
  ///
  /// - Parameter log: the path of the log, which may be a store that knows its items and keeps vectors of texts.
  func read(
    for experiments: [Experiment], log path: String?, _ log: InteractionLog, threads: ThreadOptions,
    _ progress: Progress
  ) throws -> ItemKnowledge {
    let readsTable = experiments.contains {
      $0.model.features.map { !$0.columns.isEmpty || $0.text != nil } ?? false || $0.start?.newItems == .text
    }
    let readsVectors = experiments.contains {
      $0.model.features.map { $0.vectorAxes != nil && $0.text == nil } ?? false
    }
    var known = ItemKnowledge(
      table: readsTable ? try items.table(log: path) : nil, vectors: readsVectors ? try vectors.vectors() : nil)
    if let table = known.table {
      progress.note(table.summary.shortLine)
      progress.note(ItemCoverage(table, log).description)
    }
    let cache = try TextCache.inStore([path, items.itemsFrom]) { progress.note($0) }
    progress.update("reading the words of items")
    let count = try known.readWords(for: experiments, log: log, cache: cache, workers: threads.workers)
    progress.finish()
    if count != TextEncoder.Count() { progress.note("words of items: \(count)") }
    return known
  }
}

extension TextEncoder.Pooling: ExpressibleByArgument {}
