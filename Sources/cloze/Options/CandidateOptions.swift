import ArgumentParser
import InteractionStore
import Interactions
import Recommending

/// Which items may be recommended.
struct CandidateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Recommend only these items: @FILE or a file with one id per line, or a list.", valueName: "items"))
  var items: String?
  @Option(
    help: ArgumentHelp(
      "Never recommend these items: @FILE or a file with one id per line, or a list.", valueName: "items"))
  var exclude: String?
  @Option(
    help: ArgumentHelp("Pairs of user and item not to recommend: a file, or a store.", valueName: "file"),
    completion: .file())
  var excludeFor: String?
  @Flag(help: "Do not recommend the items of the user's own history.")
  var excludeSeen = false
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("At most this many items of one group in a list; needs --groups.", valueName: "n"))
  var maxPerGroup: Int?
  @Option(
    help: ArgumentHelp("The group of each item: a file with columns item and group.", valueName: "file"),
    completion: .file())
  var groups: String?
  @Option(
    help: ArgumentHelp(
      "Which columns of --groups are the item and the group, by name or number.", valueName: "item,group"))
  var groupColumns: String?

  func validate() throws {
    if (maxPerGroup == nil) != (groups == nil) {
      throw ValidationError("--max-per-group and --groups belong together; give both or none")
    }
    try require(maxPerGroup, in: 1...Int(Int32.max), "--max-per-group")
    if let groupColumns, groupColumns.split(separator: ",").count != 2 {
      throw ValidationError("--group-columns \(groupColumns): expected two columns, such as movieId,genres")
    }
  }

  /// The files that these options may name.
  var inputs: [(name: String, path: String?)] {
    [("--items", items), ("--exclude", exclude), ("--exclude-for", excludeFor), ("--groups", groups)]
  }

  /// Whether each item may be recommended; nil for all.
  func allowed(_ catalog: Catalog, notes: Notes) throws -> [Bool]? {
    let lists = CandidateLists(
      only: try notes.list(items, option: "--items", role: .item, known: catalog),
      excluded: try notes.list(exclude, option: "--exclude", role: .item, known: catalog))
    let (allowed, findings) = try lists.allowed(in: catalog)
    try notes.take(findings)
    return allowed
  }

  /// The pairs of user and item not to recommend, in the items of `catalog`.
  ///
  /// - Parameter users: the users of the log, if there is one.
  func excludedPairs(_ catalog: Catalog, users: Catalog?, notes: Notes) throws -> ExcludedPairs? {
    guard let excludeFor else { return nil }
    let pairs = try Self.pairs(excludeFor, known: [users, catalog], notes: notes)
    let excluded = ExcludedPairs(pairs, catalog: catalog)
    try notes.take(excluded.findings(users: users))
    return excluded
  }

  /// The pairs of a small file, or of a store or another database.
  private static func pairs(
    _ path: String, known: [Catalog?], notes: Notes
  ) throws -> [(user: Identifier, item: Identifier)] {
    if LogSource.isDatabase(path) {
      let log = try LogSource.load(path).log
      return (0..<log.userCount).flatMap { user in
        log.history(of: UserID(user)).map { (log.users[user], log.items[$0.index]) }
      }
    }
    let file = try IdentifierRows(file: path, option: "--exclude-for", roles: [.user, .item], known: known)
    file.note.map { notes.say($0) }
    return file.rows.map { ($0[0], $0[1]) }
  }

  /// The limit per group; nil where there is none.
  func groupLimit(_ catalog: Catalog, notes: Notes) throws -> GroupLimit? {
    guard let maxPerGroup, let groups else { return nil }
    let file = try IdentifierRows(
      file: groups, option: "--groups", roles: [.item, .group],
      columns: groupColumns?.split(separator: ",").map(String.init), known: [catalog])
    file.note.map { notes.say($0) }
    let (limit, findings) = GroupLimit.assigning(
      file.rows.lazy.map { (item: $0[0], group: $0[1]) }, most: maxPerGroup, catalog: catalog)
    try notes.take(findings)
    return limit
  }
}

extension Notes {
  /// The ids that `option` names, nil where it was not given; what a file was taken for is said.
  func list(
    _ argument: String?, option: String, role: ColumnRole, known: Catalog
  ) throws -> [Identifier]? {
    guard let argument else { return nil }
    let list = try IdentifierList(argument, option: option, role: role, known: known)
    if list.ids.isEmpty { throw ValidationError("\(option) names no id; give ids with commas, or a file") }
    list.note.map { say($0) }
    return list.ids
  }
}
