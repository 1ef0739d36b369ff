import InteractionStore

/// Where rows go, a batch at a time.
protocol RecommendationSink {
  /// People whose rows are written, by this or an earlier attempt, and can be gone on behind.
  var done: Int { get }
  /// Writes the rows of `people`, counted from 0 in the order they come.
  func write(_ rows: [RecommendationRow], people: Range<Int>) throws
  /// Makes what was written the result.
  func finish() throws
  /// Takes away what was written so far.
  func discard() throws
}

/// Rows as text, to standard output or into a file.
struct RecommendationTextSink: RecommendationSink {
  let sink: TextSink
  let text: RecommendationText

  var done: Int { sink.done }

  func write(_ rows: [RecommendationRow], people: Range<Int>) throws {
    try sink.write(text.of(rows, people: people), done: people.upperBound)
  }

  func finish() throws { try sink.finish() }
  func discard() { sink.discard() }
}

/// Rows as a table of a store.
struct RecommendationTableSink: RecommendationSink {
  let table: RecommendationTable

  var done: Int { table.done }

  func write(_ rows: [RecommendationRow], people: Range<Int>) throws {
    try table.append(
      rows.map {
        RecommendationTable.Row(
          user: $0.user, rank: $0.rank, item: $0.item, score: $0.score.map(Double.init), probability: $0.probability,
          source: $0.source)
      }, done: people.upperBound)
  }

  func finish() throws { try table.finish() }
  func discard() throws { try table.discard() }
}
