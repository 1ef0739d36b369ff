import ArgumentParser
import Foundation
import Interactions
import Kernels
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
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if top < 1 { throw ValidationError("--top \(top) would list nothing; give 1 or more") }
    if items.isEmpty != all { throw ValidationError("name the items to compare, or give --all, not both") }
  }

  func run() throws {
    let loaded = try ModelDirectory.load(URL(fileURLWithPath: model), workers: threads.workers)
    let asked = try all ? Array(0..<loaded.items.count) : items.map { try loaded.items.knownIndex(of: $0) }
    let allowed = try CandidateOptions.allowed(only: among, catalog: loaded.items, notes: Notes(quiet: false))
    let similarity = ItemSimilarity(loaded.model, by, allowed: allowed)
    let sink = try TextSink(output)
    for start in stride(from: 0, to: asked.count, by: 1_024) {
      let batch = asked[start..<min(asked.count, start + 1_024)]
      let lists = similarity.nearest(top, to: batch.map { ItemID($0) }, workers: threads.workers)
      var text = start == 0 && !json ? "item,rank,similar,score\n" : ""
      for (item, list) in zip(batch, lists) {
        for (place, near) in list.items.enumerated() {
          let (name, other) = (loaded.items[item], loaded.items[Int(near.item)])
          text +=
            json
            ? "{\"item\":\(RecommendationText.json(name)),\"rank\":\(place + 1),\"similar\":\(RecommendationText.json(other)),\"score\":\(near.score)}\n"
            : "\(RecommendationText.csv(name)),\(place + 1),\(RecommendationText.csv(other)),\(near.score)\n"
        }
      }
      try sink.write(text)
    }
    try sink.finish()
  }
}

extension ItemSimilarity.Measure: ExpressibleByArgument {}
