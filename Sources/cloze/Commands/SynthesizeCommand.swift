import ArgumentParser
import DurableFiles
import Evaluation
import Foundation
import Interactions
import Kernels

/// `cloze synthesize`: a log to try everything on, with a known answer.
struct SynthesizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize",
    abstract: "Write a log of a known process, and the best figures any model can reach on it.",
    usage: "cloze synthesize <output> [<options>]",
    discussion: """
      Users of hidden types walk from cluster to cluster of items. The best possible HR, NDCG and MRR are computed from \
      the true probabilities of every user's last item, and written beside the log as NAME.best.json. No user has two \
      events with one item, so the figures hold for seen items removed and kept alike.
      """)

  @Argument(help: "The CSV file to write, with columns user, item and timestamp.", completion: .file())
  var output: String
  @Option(help: "What the next item depends on: mixture (last item and hidden type), order-free or last-item.")
  var process = SyntheticOptions.Process.mixture
  @Option(help: "The number of users.")
  var users = 4_000
  @Option(help: "The number of items.")
  var items = 400
  @Option(help: "The number of clusters the items stand in.")
  var clusters = 20
  @Option(help: "The mean length of a history.")
  var length = 20
  @Option(help: "How unequal the items of a cluster are: the exponent of their popularity.")
  var skew = 1.2
  @Option(help: "The same seed writes the same log.")
  var seed: UInt64 = 1
  @Flag(help: "Write what the items are as well, NAME.items.csv: what --items-from and --features learn from.")
  var categories = false
  @Flag(help: "Print the known best as JSON.")
  var json = false
  @OptionGroup var silence: QuietOptions

  private var options: SyntheticOptions {
    SyntheticOptions(
      process: process, users: users, items: items, clusters: clusters, seed: seed, meanLength: length, skew: skew)
  }

  /// Whether nothing stands at `url`, or what looks like a log of this command: other commands read the log that they name.
  private static func mayBeReplaced(_ url: URL) -> Bool {
    guard let file = try? FileHandle(forReadingFrom: url) else { return true }
    defer { try? file.close() }
    let start = (try? file.read(upToCount: 200)) ?? Data()
    let lines = String(decoding: start, as: UTF8.self).split(separator: "\n")
    if lines.isEmpty { return true }
    return lines[0] == "user,item,timestamp" && (lines.count == 1 || lines[1].contains(/^user\d+,item\d+,\d+$/))
  }

  func validate() throws {
    if let fault = options.fault { throw ValidationError(fault) }
  }

  func run() throws {
    if let memory = MachineMemory.bytes, options.bytes > memory {
      throw ValidationError(
        "a log of these sizes takes \(ByteSize(options.bytes).needed) to write, and this machine has "
          + "\(ByteSize(memory).available); set --users or --length lower")
    }
    let url = URL(fileURLWithPath: output)
    if !Self.mayBeReplaced(url) {
      throw ValidationError("\(output) is no log that this command wrote, so it is left alone; name another file")
    }
    let process = SyntheticProcess(options)
    let log = process.log()
    let workers = Workers(threads: ProcessInfo.processInfo.activeProcessorCount)
    let best = KnownBest(process, log: log, workers: workers)
    let beside = url.deletingPathExtension().appendingPathExtension("best.json")
    try Folders.make(for: output)
    try DurableFile.write(log.csv, to: url)
    try RecordFile.write(best, to: beside)
    if categories {
      try DurableFile.write(process.itemsCSV, to: url.deletingPathExtension().appendingPathExtension("items.csv"))
    }
    if json {
      try print(RecordFile.text(best), terminator: "")
      return
    }
    if silence.quiet { return }
    try print(
      "\(url.path): \(Counted(log.eventCount, "event")) of \(Counted(log.userCount, "user")) on \(Counted(log.itemCount, "item"))"
    )
    try print("Best possible on the last items (leave-one-out, \(Counted(best.users, "user")), all items ranked):")
    var table = TextTable([.text("figure"), .number("best possible")])
    for result in best.results { table.append([result.key.description, String(format: "%.4f", result.value)]) }
    try print(table.text)
    try print("Kept in \(beside.path)")
  }
}

extension SyntheticOptions.Process: ExpressibleByArgument {}
