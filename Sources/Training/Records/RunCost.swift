/// What a run cost on the machine that made it.
package struct RunCost: Codable, Sendable, Equatable {
  /// Seconds of training, all stages that are this run's own.
  package var trainingSeconds: Double
  /// Microseconds to encode one user and rank the catalogue, batched; nil where it was not measured.
  package var microsecondsPerUser: Double?
  package var threads: Int
  /// The most kilobytes of memory that the program had held by the end of the run; nil where it was not measured.
  package var peakKilobytes: Int?
  /// The processor's own name; nil where it was not asked.
  package var processor: String?

  package init(
    trainingSeconds: Double, microsecondsPerUser: Double? = nil, threads: Int, peakKilobytes: Int? = nil,
    processor: String? = nil
  ) {
    self.trainingSeconds = trainingSeconds
    self.microsecondsPerUser = microsecondsPerUser
    self.threads = threads
    self.peakKilobytes = peakKilobytes
    self.processor = processor
  }
}
