import Evaluation

/// The test figures of a rival that needs no training run of its own.
package struct BaselineRecord: Codable, Sendable, Equatable {
  package var name: String
  package var results: [MeasuredValue]

  package init(name: String, results: [MeasuredValue]) {
    self.name = name
    self.results = results
  }
}
