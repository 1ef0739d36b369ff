import ArgumentParser
import DurableFiles
import Foundation
import Recommending

/// `cloze merge`: shards of recommendations become one file.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join the files of `cloze recommend --shard` into what one run would have written.",
    discussion: """
      Checks first that all shards are there, none twice, and all made by one model from one log; files may be named in any \
      order. Beside each FILE stands FILE.shard.json, which says which part of which run it is.
      """)

  @Argument(help: "The files of all shards.", completion: .file())
  var files: [String]
  @Option(help: "The file to write, with the ending of the shards.", completion: .file())
  var output: String
  @Flag(help: "Print what was written as JSON.")
  var json = false
  @OptionGroup var reporting: ProgressOptions

  /// What `--json` prints.
  private struct Written: Encodable {
    var file: String
    var shards: Int
  }

  func validate() throws {
    func ending(_ path: String) -> String { URL(fileURLWithPath: path).pathExtension.lowercased() }
    if let other = files.first(where: { ending($0) != ending(output) }) {
      throw ValidationError(
        "--output \(output) and \(other) have different endings; name an output of the shards' kind")
    }
    try Folders.requireApart([("--output", output)], from: files.map { ("the shard", $0) })
  }

  func run() throws {
    let merge = try ShardMerge(files.map { URL(fileURLWithPath: $0) })
    try Folders.make(for: output)
    try merge.write(to: URL(fileURLWithPath: output))
    if json { try print(JSONText.of(Written(file: output, shards: merge.count))) }
    reporting.start().note("joined \(Counted(merge.count, "shard")) to \(output)")
  }
}
