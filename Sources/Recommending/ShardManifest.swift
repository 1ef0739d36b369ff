import DurableFiles
import Foundation
import Interactions
import Kernels

/// What stands beside a finished shard of recommendations, so that `cloze merge` knows which part of which run it is.
package struct ShardManifest: Sendable, Equatable, Codable {
  /// A setting that decides the rows, such as the model.
  package struct Setting: Sendable, Equatable, Codable {
    package let name, value: String
  }

  package let shard: Shard
  /// Equal in all shards of a run.
  package let run: [Setting]
  /// The length and the SHA-256 of the rows' file.
  package let bytes: Int
  package let sha256: String

  /// Describes the finished file `part`.
  ///
  /// - Parameter run: its settings, those of the whole run.
  package init(of part: URL, shard: Shard, run: RunIdentity) throws(ShardError) {
    var hash = SHA256()
    var bytes = 0
    let blocks = try FileBlocks(part)
    while let block = try blocks.next() {
      hash.update(block)
      bytes += block.count
    }
    self.shard = shard
    self.run = run.fields.map { Setting(name: $0.name, value: $0.value) }
    (self.bytes, sha256) = (bytes, hash.hexadecimal())
  }

  /// Where the manifest of `part` is: `part.csv.shard.json`.
  package static func url(of part: URL) -> URL { part.appendingPathExtension("shard.json") }

  /// Writes the manifest beside `part`.
  package func write(beside part: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try DurableFile.write(try encoder.encode(self) + Data("\n".utf8), to: Self.url(of: part))
  }

  /// The manifest beside `part`.
  package static func read(beside part: URL) throws(ShardError) -> ShardManifest {
    guard let data = try? Data(contentsOf: url(of: part)) else { throw .unfinished(part: part.relativePath) }
    guard let manifest = try? JSONDecoder().decode(ShardManifest.self, from: data), manifest.shard.number >= 1,
      manifest.shard.number <= manifest.shard.count
    else { throw .unreadable(manifest: url(of: part).relativePath) }
    return manifest
  }
}

extension RunIdentity {
  /// The identity of one shard, for resuming its own file.
  package func adding(_ shard: Shard) -> RunIdentity {
    var identity = self
    identity.add("shard", shard)
    return identity
  }

  /// What decides the rows on any machine: the contents of the model instead of its file's time, and the arithmetic.
  ///
  /// - Parameter program: the program's name and version.
  package func independentOfMachine(model directory: URL, program: String) throws(ShardError) -> RunIdentity {
    var hash = SHA256()
    let blocks = try FileBlocks(directory.appendingPathComponent("model.safetensors"))
    while let block = try blocks.next() { hash.update(block) }
    var identity = RunIdentity()
    identity.add("program", program)
    identity.add("level of instructions", Processor.level.name)
    identity.add("model", hash.hexadecimal())
    identity.add(fields.filter { $0.name != "model" })
    return identity
  }
}

/// The bytes of a file, a block at a time.
struct FileBlocks {
  private let path: String
  private let handle: FileHandle

  init(_ file: URL) throws(ShardError) {
    path = file.relativePath
    guard let handle = try? FileHandle(forReadingFrom: file) else { throw .missingFile(path: path) }
    self.handle = handle
  }

  /// The next megabytes; nil at the end.
  func next() throws(ShardError) -> [UInt8]? {
    do {
      guard let block = try handle.read(upToCount: 8 << 20), !block.isEmpty else { return nil }
      return Array(block)
    } catch {
      throw .system(path: path, reason: FileReason.of(error))
    }
  }
}
