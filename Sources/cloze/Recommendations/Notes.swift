/// What a person should know beside the result, each said once on stderr.
struct Notes {
  private let quiet: Bool

  init(quiet: Bool) { self.quiet = quiet }

  func say(_ text: @autoclosure () -> String) {
    if !quiet { StandardError.write("cloze: \(text())\n") }
  }

  /// Names the first of many: `12 …: a, b, c and 9 more`.
  func list(_ names: [String], _ what: String) {
    if names.isEmpty { return }
    let shown = names.prefix(20).joined(separator: ", ")
    say("\(names.count) \(what): \(shown)\(names.count > 20 ? " and \(names.count - 20) more" : "")")
  }
}
