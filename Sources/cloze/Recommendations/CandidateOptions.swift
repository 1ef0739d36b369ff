import ArgumentParser
import InteractionStore
import Interactions
import Recommending
import SequentialModels

/// Which items may be recommended.
struct CandidateOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Recommend only these items: a file with one per line, or a list.", valueName: "items"))
  var items: String?
  @Option(help: ArgumentHelp("Never recommend these items: a file with one per line, or a list.", valueName: "items"))
  var exclude: String?
  @Option(
    help: ArgumentHelp("Pairs of user and item not to recommend, as a log file.", valueName: "file"))
  var excludeFor: String?
  @Flag(help: "Do not recommend what stands in the person's history.")
  var excludeSeen = false
  @Option(help: ArgumentHelp("At most so many items of one group in a list; needs --groups.", valueName: "n"))
  var maxPerGroup: Int?
  @Option(
    help: ArgumentHelp("The group of each item: a file whose first columns are item and group.", valueName: "file"))
  var groups: String?
  @Option(
    help: ArgumentHelp(
      "Which columns of --groups are the item and the group, by name or number.", valueName: "item,group"))
  var groupColumns = "1,2"

  func validate() throws {
    if (maxPerGroup == nil) != (groups == nil) {
      throw ValidationError("--max-per-group and --groups belong together; give both or none")
    }
    if let maxPerGroup, maxPerGroup < 1 { throw ValidationError("--max-per-group \(maxPerGroup): give 1 or more") }
    if groupColumns.split(separator: ",").count != 2 {
      throw ValidationError("--group-columns \(groupColumns): expected two columns, such as movieId,genres")
    }
  }

  /// Whether each item may be recommended; nil for all. Names that no item has are noted.
  func allowed(_ catalog: Catalog, notes: Notes) throws -> [Bool]? {
    try Self.allowed(only: items, never: exclude, catalog: catalog, notes: notes)
  }

  static func allowed(
    only: String?, never: String? = nil, catalog: Catalog, notes: Notes
  ) throws -> [Bool]? {
    var allowed: [Bool]?
    for (argument, keeps) in [(only, true), (never, false)] {
      guard let argument else { continue }
      let names = try NameList.read(argument).names
      var chosen = [Bool](repeating: !keeps, count: catalog.count)
      for name in names { if let index = catalog.index(of: name) { chosen[index] = keeps } }
      notes.list(
        names.filter { catalog.index(of: $0) == nil },
        "items to \(keeps ? "choose from" : "exclude") are unknown to the model",
        as: keeps ? "item to choose from" : "item to exclude")
      allowed = allowed.map { zip($0, chosen).map { $0 && $1 } } ?? chosen
    }
    if let allowed, !allowed.contains(true) { throw RecommendationError.noCandidates }
    return allowed
  }

  /// The items each user must not get, by the user's name; users that `known` has not are noted.
  func excludedFor(_ catalog: Catalog, known: Catalog?, notes: Notes) throws -> [String: [Int32]] {
    guard let excludeFor else { return [:] }
    let (log, unknown) = try LogSource.load(excludeFor).log.renumbered(to: catalog)
    notes.list(unknown.map(\.item.text), "items of --exclude-for are unknown to the model", as: "item of --exclude-for")
    if let known {
      notes.list(
        log.users.names.filter { known.index(of: $0) == nil }.map(\.text), "users of --exclude-for are not in the log",
        as: "user of --exclude-for")
    }
    return Dictionary(
      uniqueKeysWithValues: (0..<log.userCount).map { user in
        (log.users[user].text, log.history(of: UserID(user)).map(\.rawValue))
      })
  }

  /// The limit per group; nil where there is none.
  func limit(_ catalog: Catalog, notes: Notes) throws -> GroupLimit? {
    guard let maxPerGroup, let groups else { return nil }
    let columns = groupColumns.split(separator: ",")
    // A file of items and groups is read as a log in which items act and groups are touched.
    let selection = try ColumnSelection("user=\(columns[0]),item=\(columns[1]),time=none,group=none")
    let file = try LogSource.load(groups, options: ReadingOptions(columns: selection)).log
    var numbers = [Int32](repeating: -1, count: catalog.count)
    var (unknown, several): ([String], [String]) = ([], [])
    for item in 0..<file.userCount {
      let own = file.history(of: UserID(item))
      if Set(own).count > 1 { several.append(file.users[item].text) }
      guard let index = catalog.index(of: file.users[item]), let group = own.last else {
        unknown.append(file.users[item].text)
        continue
      }
      numbers[index] = group.rawValue
    }
    notes.list(unknown, "items of --groups are unknown to the model", as: "item of --groups")
    notes.list(several, "items have several groups in \(groups); the last one counts", as: "item of several groups")
    notes.list(
      catalog.names.indices.filter { numbers[$0] < 0 }.map { catalog[$0].text },
      "items have no group in \(groups) and are not limited", as: "item without a group")
    return GroupLimit(groups: numbers, most: maxPerGroup)
  }
}
