import Evaluation
import Foundation
import InteractionStore
import Interactions

/// Everybody's history: a log file, or what a store holds.
public struct Log: Sendable {
  let log: InteractionLog
  let fingerprint: String
  let provenance: LogProvenance
  let name: String
  /// Which events count, as records say it; nil for all.
  private let selection: String?
  /// nil where it is no join of folds.
  let folds: OwnFolds?

  /// Which events of a log count; everything if nothing is set.
  public struct Preparation: Sendable, Equatable {
    /// What becomes of an item that one user interacted with several times.
    public enum Repeats: Sendable, Equatable, CaseIterable {
      /// All events stay.
      case keep
      /// Of the same item several times in a row, the first stays.
      case collapseConsecutive
      /// Of the same item anywhere in a history, the first stays, or the last.
      case keepFirst, keepLast
    }

    public var repeats = Repeats.keep
    /// Users with fewer events are left out.
    public var minimumUserEvents = 1
    /// Items with fewer events are left out.
    public var minimumItemEvents = 1
    /// Earlier events are left out, and events from `until` on.
    public var since, until: Date?
    /// Events with a lower rating are left out; of a file alone.
    public var minimumRating: Double?
    /// The kinds of events that count, such as `purchase`; of a file alone.
    public var kinds: [String]?

    public init() {}

    var settings: LogSettings {
      var settings = LogSettings()
      settings.preparation.repeats =
        switch repeats {
        case .keep: .keep
        case .collapseConsecutive: .collapseConsecutive
        case .keepFirst: .keepFirst
        case .keepLast: .keepLast
        }
      settings.preparation.minimumUserEvents = max(1, minimumUserEvents)
      settings.preparation.minimumItemEvents = max(1, minimumItemEvents)
      func microseconds(_ date: Date) -> Int64 { Int64((date.timeIntervalSince1970 * 1e6).rounded()) }
      settings.preparation.since = since.map(microseconds)
      settings.preparation.until = until.map(microseconds)
      settings.reading.filter.minimumRating = minimumRating
      settings.reading.filter.kinds = kinds
      return settings
    }
  }

  /// Reads the log at `url`: a file in any format that `cloze check` reads, or a store. It blocks while it reads; `read` does
  /// not.
  public init(_ url: URL, preparation: Preparation = Preparation()) throws(ClozeError) {
    if InteractionStore.isStore(url.path), preparation.minimumRating != nil || preparation.kinds != nil {
      throw .log(
        "\(url.path) is a store, whose events were chosen when they were imported; leave minimumRating and kinds out")
    }
    do {
      self.init(try LogSource.load(url.path, preparation.settings), at: url)
    } catch {
      throw .log("\(error)")
    }
  }

  private init(_ source: LogSource.Loaded, at url: URL) {
    (log, fingerprint, provenance) = (source.log, source.fingerprint, source.provenance)
    (selection, folds) = (source.settings.selection(ofStore: source.isStore), source.folds)
    name = url.deletingPathExtension().lastPathComponent
  }

  /// Reads folds of your own, each a file: one trains, one validates, one tests, and a user's history in a fold is what
  /// stands in those before. What trains or evaluates on such a log cuts it so. It blocks while it reads; `read` does not.
  ///
  /// - Parameter validation: nothing is validated without it, and the last weights of a training are kept.
  /// - Throws: `ClozeError.log`, also where the files have different columns.
  public init(training: URL, validation: URL? = nil, test: URL) throws(ClozeError) {
    do {
      let source = try LogSource.load(
        folds: (training.path, validation?.path, test.path), Preparation().settings.reading)
      self.init(source, at: training)
    } catch {
      throw .log("\(error)")
    }
  }

  /// Reads folds of your own on a thread of its own.
  ///
  /// - Throws: `ClozeError.log`, also where the files have different columns.
  public static func read(training: URL, validation: URL? = nil, test: URL) async throws -> Log {
    try await LongWork.run { try Log(training: training, validation: validation, test: test) }
  }

  /// How it is cut: as its folds are, or as was requested; leave-one-out if nothing was.
  ///
  /// - Throws: `ClozeError.log` where a split was requested of folds.
  func method(_ split: Training.Split?) throws(ClozeError) -> SplitMethod {
    guard let folds else { return split?.method ?? .leaveOneOut }
    if split != nil { throw .log("split cuts one log, and \(name) has folds already; leave split out") }
    return .ownFolds(folds)
  }

  /// Reads the log at `url` on a thread of its own.
  ///
  /// - Throws: `ClozeError.log`.
  public static func read(_ url: URL, preparation: Preparation = Preparation()) async throws -> Log {
    try await LongWork.run { try Log(url, preparation: preparation) }
  }

  public var users: [String] { log.users.names.map(\.text) }
  public var items: [String] { log.items.names.map(\.text) }
  /// The number of events.
  public var count: Int { log.eventCount }

  /// The items of `user`, oldest first; nil where the log has no such user.
  public func history(of user: String) -> [String]? {
    log.users.index(of: user).map { log.history(of: UserID($0)).map { log.items[$0.index].text } }
  }

  /// What records call it.
  var identity: LogIdentity {
    LogIdentity(
      name: name, fingerprint: fingerprint, users: log.userCount, items: log.itemCount, events: log.eventCount,
      selection: selection)
  }
}
