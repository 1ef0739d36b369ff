/// Finds the name a user meant who typed one that does not exist.
package enum NearestName {
  /// The candidate closest to `name` in edit distance, when it is close enough to be a slip; ties go to the first.
  ///
  /// Distance counts insertions, deletions, replacements and swaps of neighbors on letters without case and without
  /// `-`, `_` or `.`; a slip is a distance of at most a third of the longer name (at least one).
  ///
  /// - Complexity: letters × letters for every candidate.
  /// - Source: optimal string alignment (Damerau 1964).
  package static func suggestion(for name: String, among candidates: some Sequence<String>) -> String? {
    let typed = letters(of: name)
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let wanted = letters(of: candidate)
      let away = distance(typed, wanted)
      guard away <= max(1, max(typed.count, wanted.count) / 3), away < max(typed.count, wanted.count) else { continue }
      if away < best?.distance ?? .max { best = (candidate, away) }
    }
    return best?.name
  }

  private static func letters(of name: String) -> [Character] {
    name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != "." }
  }

  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var least = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, beforeLast[j - 1] + 1) }
        row.append(least)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
