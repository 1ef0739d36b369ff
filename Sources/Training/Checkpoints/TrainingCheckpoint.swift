import DurableFiles
import Evaluation
import Foundation
import NeuralNetwork

/// Where a training stands between two steps: with its vectors, all that the rest of it depends on.
package struct TrainingState: Codable, Sendable, Equatable {
  /// The stage and the epoch under way, from 0.
  package var stage: Int
  package var epoch: Int
  var sums: EpochTotals.Sums
  var patience: Patience
  /// The epochs in which the learning rate falls; nil where the schedule is another or the fall has not begun.
  var fall: Range<Int>?
  var optimizerSteps: Int
  /// What the run had found before: finished epochs, their cost, and the figures of the best weights.
  var epochs: [EpochRecord]
  var costs: [EpochCost]
  var best: [MeasuredValue]

  /// Whether its counts are some that a training comes to, however the file came about.
  var isPossible: Bool {
    [stage, epoch, optimizerSteps, sums.steps, sums.stepsInEpoch, fall?.lowerBound ?? 0, fall?.upperBound ?? 0]
      .allSatisfy { (0...Int(Int32.max)).contains($0) } && (0...1 << 52).contains(sums.tokens)
      && sums.seconds.isFinite && sums.earlierSeconds.isFinite && abs(sums.seconds) < 1e9
  }
}

/// The vectors that belong to a state: the weights, the best ones so far, and the optimizer's moments.
struct TrainingVectors: Sendable {
  let parameters, best: ParameterVector
  let moments: AdamWMoments

  fileprivate var named: [String: ParameterVector] {
    ["parameters": parameters, "best": best, "first_moment": moments.first, "second_moment": moments.second]
  }

  /// All numbers in the order of the file, where they are spread over processes.
  func spread(over items: ItemShards) -> SpreadNumbers {
    SpreadNumbers(items, named.sorted { $0.key < $1.key }.map { ($0.value, 0..<$0.value.layout.count) })
  }
}

/// A training on disk, beside the model that it will write, `.MODEL.training`, or inside it where nothing can be written
/// beside, `MODEL/.training`; with `state.json` and `vectors.safetensors`,
/// both of one moment.
package struct TrainingCheckpoint: Sendable {
  package let url: URL
  let identity: TrainingIdentity

  /// What `state.json` holds.
  private struct StateFile: Codable {
    /// 1 in version 0.1; files before 3 have no sums.
    static let currentFormat = 3
    var format = StateFile.currentFormat
    var identity: TrainingIdentity
    var state: TrainingState
    var checksums: FileChecksums
  }

  /// What is read of `state.json` before it is known to be one.
  private struct Layout: Decodable { var format: Int }

  private var stateFile: URL { url.appendingPathComponent("state.json") }
  private var vectorFile: URL { url.appendingPathComponent("vectors.safetensors") }

  package init(beside model: URL, _ identity: TrainingIdentity) {
    let beside = model.deletingLastPathComponent().appendingPathComponent(".\(model.lastPathComponent).training")
    url = (try? DurableDirectory(model))?.companion("training") ?? beside
    self.identity = identity
  }

  package var exists: Bool { FileManager.default.fileExists(atPath: stateFile.path) }

  /// Where an earlier attempt stood; nil where there is none.
  ///
  /// - Throws: `TrainingCheckpointError.other` where it was another training; `.unreadable`.
  func state() throws(TrainingCheckpointError) -> TrainingState? {
    if !exists { return nil }
    let file: StateFile
    do {
      let format = try RecordFile.read(Layout.self, from: stateFile).format
      if format != StateFile.currentFormat { throw TrainingCheckpointError.format(path: url.path, found: format) }
      file = try RecordFile.read(StateFile.self, from: stateFile)
      try file.checksums.verify(card: Data(contentsOf: stateFile), at: stateFile)
      try file.checksums.verify(url, card: stateFile.lastPathComponent)
      guard file.state.isPossible else {
        throw TrainingCheckpointError.unreadable(path: url.path, fault: "state.json counts what no training comes to")
      }
    } catch let error as TrainingCheckpointError {
      throw error
    } catch {
      throw .unreadable(path: url.path, fault: "\(error)")
    }
    let differences = identity.differences(from: file.identity)
    if !differences.isEmpty { throw .other(path: url.path, differs: differences) }
    return file.state
  }

  /// Reads the vectors that belong to the state, over the numbers of `vectors`.
  ///
  /// - Throws: `TrainingCheckpointError.unreadable` where they are not there, are of another size, or are not finite.
  func read(into vectors: TrainingVectors) throws(TrainingCheckpointError) {
    let file = try opened(for: vectors)
    do {
      for (name, vector) in vectors.named { vector.all.assign(try file.floats(name)) }
    } catch {
      throw .unreadable(path: url.path, fault: "\(error)")
    }
  }

  /// The file of the vectors, which has those of `vectors` in their sizes.
  private func opened(for vectors: TrainingVectors) throws(TrainingCheckpointError) -> SafetensorsFile {
    do {
      let file = try Safetensors.read(vectorFile, byParts: true)
      for (name, vector) in vectors.named {
        let (found, expected) = (try file.shape(name), [vector.layout.count])
        guard found == expected else {
          throw SafetensorsError(path: file.path, fault: .shape(tensor: name, found: found, expected: expected))
        }
      }
      return file
    } catch {
      throw .unreadable(path: url.path, fault: "\(error)")
    }
  }

  /// Reads the vectors piece by piece and gives each process what it keeps of them; called by all processes, of which the
  /// first has a checkpoint.
  ///
  /// - Throws: in process 0, as `read` does.
  static func distribute(
    _ checkpoint: TrainingCheckpoint?, into vectors: TrainingVectors, over items: ItemShards
  ) throws(TrainingCheckpointError) {
    let file = try checkpoint?.opened(for: vectors)
    var fault: SafetensorsError?
    for (name, vector) in vectors.named.sorted(by: { $0.key < $1.key }) {
      items.distribute(into: vector) { range in
        do throws(SafetensorsError) {
          if let file { return try file.floats(name, range) }
        } catch {
          fault = error
        }
        return [Float](repeating: 0, count: range.count)
      }
    }
    if let fault, let checkpoint { throw .unreadable(path: checkpoint.url.path, fault: "\(fault)") }
  }

  /// Replaces what is kept, both files at once, or leaves it as it was.
  ///
  /// - Parameter spread: the numbers of `vectors`, where they are spread over processes.
  func write(_ state: TrainingState, _ vectors: TrainingVectors, spread: SpreadNumbers? = nil) throws {
    let name = stateFile.lastPathComponent
    try DurableDirectory.replace(url) { folder in
      try Safetensors.write(
        vectors.named, spread: spread, to: folder.appendingPathComponent(vectorFile.lastPathComponent))
      let file = StateFile(
        identity: identity, state: state, checksums: try FileChecksums(of: folder, card: name))
      let text = Data(try RecordFile.text(file).utf8)
      try DurableFile.write(FileChecksums.seal(text), to: folder.appendingPathComponent(name))
    }
  }

  /// Takes away what is kept.
  package func remove() { try? FileManager.default.removeItem(at: url) }
}

/// A training on disk that cannot be resumed.
package enum TrainingCheckpointError: Error, CustomStringConvertible, Equatable {
  case other(path: String, differs: [String])
  case format(path: String, found: Int)
  case unreadable(path: String, fault: String)

  package var description: String {
    switch self {
    case .other(let path, let differs):
      "cannot resume \(path): it was begun with \(differs.joined(separator: "; ")); "
        + "give the command as it was, or begin anew without --resume"
    case .format(let path, let found):
      "cannot resume \(path): it has format \(found) and was begun with another version of this program; end it with that "
        + "version, or begin anew without --resume"
    case .unreadable(let path, let fault): "cannot resume \(path): \(fault); begin anew without --resume"
    }
  }
}
