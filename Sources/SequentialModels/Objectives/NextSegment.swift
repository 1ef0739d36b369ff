import Interactions
import Kernels
import NeuralNetwork

/// Whether the second of two segments of a history follows the first, read off `[CLS]`; masked items may be in both.
///
/// - Source: BERT's `create_instances_from_document`; both segments fit from the start, so only what a random segment has too
///   much is truncated, and what it stands for is read again in another epoch.
package struct NextSegment: Objective {
  package var weight: Double

  package init(weight: Double = 1) { self.weight = weight }

  package static let kind = ObjectiveKind.nextSegment

  /// One pair per user: the most recent items, cut in two; in half of the pairs the second part is a piece of another
  /// user's history, no longer than what it replaces.
  package func addSamples(of user: Int, to epoch: inout EpochSamples) {
    let log = epoch.log
    if let sentences = log.columns[.sentence] { return addSentences(of: user, sentences, to: &epoch) }
    // `[CLS]` is already taken off; two `[SEP]` remain.
    let range = log.range(of: UserID(user))
    let window = max(range.lowerBound, range.upperBound - (epoch.positions - 2))..<range.upperBound
    if window.count < 2 { return }
    let (random, element) = (epoch.pairRandom, epoch.number << 8 + 1 << 61)
    let cut = window.lowerBound + 1 + random.below(window.count - 1, element)
    let (first, next) = (window.lowerBound..<cut, cut..<window.upperBound)
    if random.uniform(element + 1) < 0.5 || log.userCount < 2 {
      return epoch.add(kind, first, second: next, follows: true)
    }
    let other = (user + 1 + random.below(log.userCount - 1, element + 2)) % log.userCount
    let theirs = log.range(of: UserID(other))
    if theirs.isEmpty { return epoch.add(kind, first, second: next, follows: true) }
    let length = min(next.count, theirs.count)
    let start = theirs.lowerBound + random.below(theirs.count - length + 1, element + 3)
    epoch.add(kind, first, second: start..<start + length)
  }

  /// One pair per sequence of sentences, cut between two of them; in half of the pairs, and where there is but one sentence,
  /// the second part comes from another document, from one of its sentences on.
  private func addSentences(of user: Int, _ sentences: [Int64], to epoch: inout EpochSamples) {
    let (log, random, element) = (epoch.log, epoch.pairRandom, epoch.number << 8 + 1 << 61)
    func starts(_ range: Range<Int>) -> [Int] {
      range.filter { $0 == range.lowerBound || sentences[$0] != sentences[$0 - 1] }
    }
    let range = log.range(of: UserID(user))
    let places = starts(range)
    if places.isEmpty { return }
    let cut =
      places.count == 1 ? range.upperBound : places[1 + random.below(places.count - 1, element)]
    let (first, next) = (range.lowerBound..<cut, cut..<range.upperBound)
    if !next.isEmpty, random.uniform(element + 1) < 0.5 {
      return epoch.add(kind, first, second: next, follows: true)
    }
    let document = sentences[range.lowerBound] >> 32
    for attempt in 0..<UInt64(32) {
      let other = log.range(of: UserID(random.below(log.userCount, element + 2 + attempt)))
      if other.isEmpty || sentences[other.lowerBound] >> 32 == document { continue }
      let theirs = starts(other)
      let start = theirs[random.below(theirs.count, element + 64)]
      let capacity = epoch.positions - 2 - first.count
      return epoch.add(kind, first, second: start..<min(start + capacity, other.upperBound))
    }
    if !next.isEmpty { epoch.add(kind, first, second: next, follows: true) }
  }

  package func rowCount(of sample: TrainingSample, in configuration: EncoderConfiguration) -> Int { sample.tokens + 3 }

  /// `[CLS] A [SEP] B [SEP]`: segment 0 up to the first `[SEP]`, segment 1 from there.
  package func write(
    _ sample: TrainingSample, epoch: Int, from builder: SampleBuilder, to batch: inout MicroBatch
  ) {
    guard let second = sample.second else { preconditionFailure("a pair without its second segment") }
    let masks = builder.objectives.mlm?.masks(of: sample, epoch: epoch, from: builder) ?? Masks()
    let specials = builder.vocabulary.specials
    let count = rowCount(of: sample, in: builder.configuration)
    var position = 1
    func separator(segment: Int32) {
      batch.rows.append(token: Int32(specials.separator), position: position, segment: segment, prefixLength: count)
      position += 1
    }
    func segment(_ events: Range<Int>, number: Int32, from start: Int) {
      for (index, event) in events.enumerated() {
        let token = builder.token(event)
        if let replacement = masks[start + index] {
          batch.appendTarget(
            token, of: .mlm, token: replacement, position: position, segment: number, prefixLength: count)
        } else {
          batch.rows.append(token: token, position: position, segment: number, prefixLength: count)
        }
        position += 1
      }
    }
    batch.segmentRows.append(
      batch.appendQuery(token: Int32(specials.classification), position: 0, prefixLength: count))
    batch.segmentLabels.append(sample.follows ? 0 : 1)
    segment(sample.window, number: 0, from: 0)
    separator(segment: 0)
    segment(second, number: 1, from: sample.window.count)
    separator(segment: 1)
  }

  package func conflict(with encoder: EncoderConfiguration, beside objectives: Objectives) -> ObjectiveConflict? {
    encoder.nextSegmentHead && encoder.attention == .bidirectional && encoder.positions > 4
      ? nil
      : ObjectiveConflict(
        "nextSegment",
        "it needs BERT's second head and both segments in sight; set model.nextSegmentHead to true and "
          + "model.attention to bidirectional")
  }
}
