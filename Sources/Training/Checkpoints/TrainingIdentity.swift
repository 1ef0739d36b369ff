import Evaluation
import Interactions
import Kernels

/// What a training's result depends on: two trainings of the same identity give the same bytes.
package struct TrainingIdentity: Codable, Sendable, Equatable {
  var arithmetic = Program.arithmetic
  /// The instructions that the kernels run with, and the core of the BLAS: each rounds in its own way.
  var kernels = Processor.level.name
  var blas = BLASCore.name
  /// The fingerprints of what it learns from and is validated on.
  var data: [String]
  var split: SplitMethod?
  package var experiment: Experiment
  var start: StartSummary?

  package init(data: [String], split: SplitMethod?, experiment: Experiment, start: StartSummary?) {
    self.data = data
    self.split = split
    self.experiment = experiment
    self.start = start
  }

  /// What was different in `earlier`, each with its value then and now.
  func differences(from earlier: TrainingIdentity) -> [String] {
    var found: [String] = []
    func compare(_ what: String, _ before: String, _ now: String) {
      if before != now { found.append("\(what) \(before), now \(now)") }
    }
    compare("arithmetic of version", "\(earlier.arithmetic)", "\(arithmetic)")
    compare("kernels", earlier.kernels, kernels)
    compare("BLAS core", earlier.blas, blas)
    compare("data of fingerprint", Self.short(earlier.data), Self.short(data))
    compare("split", earlier.split?.description ?? "none", split?.description ?? "none")
    found += experiment.differences(from: earlier.experiment)
    if start != earlier.start {
      compare("start from", earlier.start?.from ?? "fresh weights", start?.from ?? "fresh weights")
      if start?.from == earlier.start?.from { found.append("another model in \(start?.from ?? "")") }
    }
    return found
  }

  private static func short(_ fingerprints: [String]) -> String {
    fingerprints.map { String($0.prefix(12)) }.joined(separator: " and ")
  }
}

extension Experiment {
  /// The keys whose values were different in `earlier`, each with its value then and now: `model.hidden 64, now 128`.
  package func differences(from earlier: Experiment) -> [String] {
    func leaves(_ experiment: Experiment) -> [(path: String, text: String)] {
      (try? JSONValue(encoding: experiment))?.leaves ?? []
    }
    let (before, now) = (leaves(earlier), leaves(self))
    let texts = Dictionary(now.map { ($0.path, $0.text) }, uniquingKeysWith: { first, _ in first })
    let known = Set(before.map(\.path))
    let changed = before.compactMap { path, text in
      texts[path] == text ? nil : "\(path) \(text), now \(texts[path] ?? "not set")"
    }
    let added = now.filter { !known.contains($0.path) }.map { "\($0.path) not set, now \($0.text)" }
    let all = changed + added
    return all.count <= Self.listed ? all : all.prefix(Self.listed) + ["\(all.count - Self.listed) more settings"]
  }

  /// So many differing settings are named one by one.
  private static let listed = 8
}
