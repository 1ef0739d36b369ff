import ArgumentParser
import Foundation
import Interactions
import Kernels
import NeuralNetwork
import Recommending
import ModelFiles
import SequentialModels

/// `cloze similar`: what the model holds for alike.
struct SimilarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "similar",
    abstract: "Writes the nearest items of some items, or of all, by the model's item table.")

  @Argument(help: "The model directory.")
  var model: String
  @Argument(help: "The items; all of them with --all.")
  var items: [String] = []
  @Flag(help: "Every item the model knows.")
  var all = false
  @Option(help: "What is compared: cosine, or product for the inner product.")
  var by = ItemSimilarity.Measure.cosine
  @Option(help: "The length of a list.")
  var top = 10
  @Option(help: ArgumentHelp("Name only these items: a file with one per line, or a list.", valueName: "items"))
  var among: String?
  @Option(help: ArgumentHelp("The CSV file to write; standard output if not given.", valueName: "file"))
  var output: String?
  @Flag(help: "Write JSON lines in place of CSV.")
  var json = false
  @OptionGroup var noting: NoteOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if top < 1 { throw ValidationError("--top \(top) would list nothing; give 1 or more") }
    if items.isEmpty != all { throw ValidationError("name the items to compare, or give --all, not both") }
  }

  func run() throws {
    Interruption.watch()
    let notes = noting.notes()
    let loaded = try ModelDirectory.load(URL(fileURLWithPath: model), workers: threads.workers)
    let asked = all ? Array(0..<loaded.items.count) : try known(loaded.items, notes)
    let allowed = try CandidateOptions.allowed(only: among, catalog: loaded.items, notes: notes)
    let similarity = ItemSimilarity(loaded.model, by, allowed: allowed)
    let sink = try TextSink(output)
    do {
      var alone: [String] = []
      for start in stride(from: 0, to: asked.count, by: 1_024) {
        if Interruption.requested { throw Interrupted(description: "stopped after \(start) of \(asked.count) items") }
        let batch = asked[start..<min(asked.count, start + 1_024)]
        let lists = similarity.nearest(top, to: batch.map { ItemID($0) }, workers: threads.workers)
        var text = start == 0 && !json ? "item,rank,similar,score\n" : ""
        for (item, list) in zip(batch, lists) {
          if list.items.isEmpty { alone.append(loaded.items[item].text) }
          for (place, near) in list.items.enumerated() {
            text += line(loaded.items[item].text, place + 1, loaded.items[Int(near.item)].text, near.score)
          }
        }
        try sink.write(text)
      }
      try sink.finish()
      notes.list(alone, "items have no other item to choose from", as: "item without another")
    } catch {
      sink.discard()
      throw error
    }
    try notes.finish()
  }

  private func line(_ item: String, _ rank: Int, _ similar: String, _ score: Float) -> String {
    if !json { return "\(CSVField.quote(item)),\(rank),\(CSVField.quote(similar)),\(score)\n" }
    let value = score.isFinite ? "\(score)" : "null"
    let names = (JSONString.quote(item), JSONString.quote(similar))
    return "{\"item\":\(names.0),\"rank\":\(rank),\"similar\":\(names.1),\"score\":\(value)}\n"
  }

  /// The items that were named, without those the model does not know, which are noted.
  ///
  /// - Throws: `RecommendationError.unknownItem` where it knows none of them.
  private func known(_ catalog: Catalog, _ notes: Notes) throws -> [Int] {
    let unknown = items.filter { catalog.index(of: $0) == nil }
    if unknown.count == items.count { _ = try catalog.knownIndex(of: items[0]) }
    notes.list(unknown, "items are unknown to the model and were skipped", as: "item")
    return items.compactMap { catalog.index(of: $0) }
  }
}

extension ItemSimilarity.Measure: ExpressibleByArgument {}
