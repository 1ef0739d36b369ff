import DurableFiles
import Evaluation
import Foundation
import NeuralNetwork

/// A training on disk, beside the model that it will write: `.MODEL.training` with `state.json` and `vectors.safetensors`,
/// both of one moment.
package struct SavedTraining: Sendable {
  package let url: URL
  let identity: TrainingIdentity

  private struct State: Codable {
    var identity: TrainingIdentity
    var point: TrainingPoint
  }

  private var stateFile: URL { url.appendingPathComponent("state.json") }
  private var vectorFile: URL { url.appendingPathComponent("vectors.safetensors") }

  package init(beside model: URL, _ identity: TrainingIdentity) {
    url = model.deletingLastPathComponent().appendingPathComponent(".\(model.lastPathComponent).training")
    self.identity = identity
  }

  package var exists: Bool { FileManager.default.fileExists(atPath: stateFile.path) }

  /// Where an earlier attempt stood; nil where there is none.
  ///
  /// - Throws: `SavedTrainingError.other` where it was another training; `.unreadable`.
  func point() throws(SavedTrainingError) -> TrainingPoint? {
    if !exists { return nil }
    let state: State
    do {
      state = try RecordFile.read(State.self, from: stateFile)
    } catch {
      throw .unreadable(path: url.path, fault: "\(error)")
    }
    let differences = identity.differences(to: state.identity)
    if !differences.isEmpty { throw .other(path: url.path, differs: differences) }
    return state.point
  }

  /// Reads the vectors that belong to the point, over the numbers of `vectors`.
  ///
  /// - Throws: `SavedTrainingError.unreadable` where they are not there, are of another size, or are not finite.
  func read(into vectors: TrainingVectors) throws(SavedTrainingError) {
    do {
      let file = try Safetensors.read(vectorFile)
      for (name, vector) in vectors.named {
        let (found, expected) = (try file.shape(name), [vector.layout.count])
        guard found == expected else {
          throw SafetensorsError(path: file.path, fault: .shape(tensor: name, found: found, expected: expected))
        }
        vector.all.assign(try file.floats(name))
      }
    } catch {
      throw .unreadable(path: url.path, fault: "\(error)")
    }
  }

  /// Replaces what is kept, both files at once, or leaves it as it was.
  func write(_ point: TrainingPoint, _ vectors: TrainingVectors) throws {
    try DurableDirectory.replace(url) { folder in
      try RecordFile.write(
        State(identity: identity, point: point), to: folder.appendingPathComponent(stateFile.lastPathComponent))
      try Safetensors.write(vectors.named, to: folder.appendingPathComponent(vectorFile.lastPathComponent))
    }
  }

  /// Takes away what is kept.
  package func remove() { try? FileManager.default.removeItem(at: url) }
}

extension TrainingVectors {
  fileprivate var named: [String: ParameterVector] {
    ["parameters": parameters, "best": best, "first_moment": moments.first, "second_moment": moments.second]
  }
}

/// A training on disk that cannot be gone on with.
package enum SavedTrainingError: Error, CustomStringConvertible, Equatable {
  case other(path: String, differs: [String])
  case unreadable(path: String, fault: String)

  package var description: String {
    switch self {
    case .other(let path, let differs):
      "cannot go on with \(path): it was begun with other values of \(differs.joined(separator: ", ")); "
        + "give the command as it was, or begin anew without --resume"
    case .unreadable(let path, let fault): "cannot go on with \(path): \(fault); begin anew without --resume"
    }
  }
}
