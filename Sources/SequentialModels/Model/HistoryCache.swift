import Interactions
import Kernels
import NeuralNetwork
import Synchronization

/// What was computed for the histories that were encoded most recently, in a bounded number of bytes.
///
/// A history that was encoded before costs nothing. One that goes on costs its new rows alone, where the model lets no row see
/// those behind it: causal attention, and a vector made of the last rows (`last`, `tail`, both joined). The numbers are those
/// of a history that is encoded whole, bit for bit, since a row's numbers depend on no other rows of its pass. It belongs to
/// one model, whose parameters never change. Histories of a causal model that are longer than it reads are not kept: their
/// items move from position to position.
package final class HistoryCache: Sendable {
  /// What it has saved since it was made.
  package struct Statistics: Sendable, Equatable {
    /// Histories that were encoded before, those that went on behind rows of others, and those that were encoded whole.
    package var identical = 0, extended = 0, whole = 0
    /// Rows of the encoder that were taken from the cache, and those that were computed.
    package var rowsTaken = 0, rowsComputed = 0
    /// Rows that made way for others.
    package var rowsEvicted = 0
    /// Histories that were requested once, of which a fingerprint is remembered.
    package var remembered = 0
    /// What is in use of `limit`.
    package var bytes = 0
    package var limit = 0
  }

  private struct State: Sendable {
    var tree: PrefixTree
    var requested: RequestedHistories
    var statistics = Statistics()
  }

  /// Of each node of the tree; nil where no history can go on behind another.
  let keysAndValues: KeysAndValues?
  private let vectors: Matrix
  private let state: Mutex<State>
  private let turn = Mutex(())
  private let bytesPerRow: Int
  private let limit: Int

  /// Rows for one vector: of a history of fifty a few of the last lengths are known.
  private static let rowsPerVector = 8

  /// nil where `bytes` is less than what one history of the greatest length takes.
  ///
  /// - Parameter window: how many new histories decide whether others are kept at once.
  package init?(
    _ configuration: EncoderConfiguration, bytes: Int, window: Int = RequestedHistories.usualWindow
  ) {
    let goesOn = Self.letsHistoriesGoOn(configuration)
    let columns = goesOn ? KeysAndValues.columns(configuration) : 0
    let float = MemoryLayout<Float>.stride
    let bytesPerVector = configuration.hidden * float + PrefixTree.bytesPerVector
    bytesPerRow = columns * float + PrefixTree.bytesPerNode + (bytesPerVector - 1) / Self.rowsPerVector + 1
    // As many fingerprints as rows: sessions by the dozen for each that there is space for.
    let rows = min(bytes / (bytesPerRow + RequestedHistories.bytesPerHistory), 1 << 30)
    if rows < max(configuration.positions, Self.rowsPerVector) { return nil }
    limit = bytes
    keysAndValues = goesOn ? KeysAndValues(configuration, rows: rows) : nil
    vectors = Matrix(rows: rows / Self.rowsPerVector, columns: configuration.hidden)
    state = Mutex(
      State(
        tree: PrefixTree(capacity: rows, vectors: vectors.rows),
        requested: RequestedHistories(capacity: rows, window: window)))
  }

  /// Whether a longer history leaves the rows of a shorter one as they are, and few rows make its vector.
  package static func letsHistoriesGoOn(_ configuration: EncoderConfiguration) -> Bool {
    configuration.attention == .causal && configuration.pooling.reach != nil
  }

  package var statistics: Statistics {
    state.withLock { state in
      var statistics = state.statistics
      statistics.remembered = state.requested.count
      statistics.bytes =
        state.tree.count * bytesPerRow + statistics.remembered * RequestedHistories.bytesPerHistory
      statistics.limit = limit
      statistics.rowsEvicted = state.tree.evicted
      return statistics
    }
  }

  /// Runs `body` while no other call does: what it found stays where it is.
  func inTurn(_ body: () -> Void) {
    turn.withLock { _ in
      state.withLock { $0.tree.beginRound() }
      body()
    }
  }

  /// What is known of a sequence.
  enum Found: Sendable {
    /// Its vector.
    case vector
    /// The rows of `keysAndValues` of its beginning, and whether it is to be kept.
    case rows([Int32], keeps: Bool)
  }

  /// Looks a sequence up, and writes its vector where it is known.
  ///
  /// - Parameters:
  ///   - unused: how many of its last tokens are computed in any case, since their states make the vector.
  ///   - masks: rows behind the tokens, for the statistics.
  func find(_ tokens: [Int32], computing unused: Int, masks: Int, into vector: Matrix) -> Found {
    state.withLock { state in
      let path = state.tree.find(tokens)
      let keeps = state.requested.admit(tokens, known: path.count, goesOn: keysAndValues != nil)
      if path.count == tokens.count, let last = path.last, let number = state.tree.vector(of: last) {
        vector.assign(vectors.rows(number..<number + 1))
        state.statistics.identical += 1
        state.statistics.rowsTaken += tokens.count + masks
        return .vector
      }
      let rows = keysAndValues == nil ? [] : Array(path.prefix(max(0, tokens.count - unused)))
      count(&state.statistics, taken: rows.count, computed: tokens.count + masks - rows.count)
      return .rows(rows, keeps: keeps)
    }
  }

  /// Counts a history that cannot be kept.
  func countWhole(rows: Int) { state.withLock { count(&$0.statistics, taken: 0, computed: rows) } }

  private func count(_ statistics: inout Statistics, taken: Int, computed: Int) {
    if taken > 0 { statistics.extended += 1 } else { statistics.whole += 1 }
    statistics.rowsTaken += taken
    statistics.rowsComputed += computed
  }

  /// Keeps a sequence whose beginning `rows` was found in this turn.
  ///
  /// - Parameter copy: writes keys and values of the tokens from a place behind `rows` on into rows of the store.
  func keep(
    _ tokens: [Int32], behind rows: [Int32], vector: Matrix,
    copy: (_ place: Int, _ rows: ArraySlice<Int32>, KeysAndValues) -> Void
  ) {
    let (path, known) = state.withLock { state in
      let (path, known) = state.tree.extend(rows, with: tokens[rows.count...])
      if path.count == tokens.count, let last = path.last {
        let number = state.tree.makeVector(for: last)
        vectors.rows(number..<number + 1).assign(vector)
      }
      return (path, known)
    }
    // Rows that are new in this turn are this call's alone, and are not read before the next turn.
    if let keysAndValues, known < path.count { copy(known - rows.count, path[known...], keysAndValues) }
  }
}
