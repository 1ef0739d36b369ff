import Training

/// The keys of configurations as text: for a terminal, as a page, as JSON.
enum SettingsText {
  private static let width = 80

  /// `text` in lines of at most 80 columns, broken at blanks, each behind `indent` blanks.
  static func wrapped(_ text: String, indent: Int) -> String {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty && indent + line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return (lines + [line]).map { String(repeating: " ", count: indent) + $0 }.joined(separator: "\n")
  }

  /// `paragraphs` one below the other, with `title` before the first.
  static func hanging(_ title: String, _ paragraphs: [String], indent: Int) -> String {
    let text = paragraphs.map { wrapped($0, indent: indent) }.joined(separator: "\n")
    return title + String(repeating: " ", count: max(1, indent - title.count)) + text.dropFirst(indent)
  }

  /// A key with its default, its option, what it means, what it may be, and what others call it.
  static func paragraph(_ setting: Setting) -> String {
    let value = setting.unset == nil ? " = \(setting.defaultText)" : " (left out: \(setting.defaultText))"
    var lines = [setting.path + value + (setting.flag.map { "   \($0)" } ?? "")]
    lines.append(wrapped(setting.meaning, indent: 4))
    lines.append(wrapped(setting.values, indent: 4))
    if setting.isForLabels { lines.append("    also with --labels") }
    if !setting.otherNames.isEmpty {
      lines.append(wrapped("elsewhere: \(setting.otherNames.joined(separator: ", "))", indent: 4))
    }
    return lines.joined(separator: "\n")
  }

  /// All keys as Markdown.
  static func page(_ settings: [Setting]) -> String {
    var text = """
      # Settings

      Every key of a configuration, as `cloze settings --markdown` prints it. A key is set by `--set KEY=VALUE`, in the file of
      `--config`, or by the option that stands below it; `N` is the number of a stage, from 0. What a log makes of a recipe is
      printed by `cloze settings --for LOG --recipe NAME`, and `cloze settings WORD` finds keys by any name in this table.

      Trainings of labels (`--labels`) have the keys with a ✓, and `cloze settings --for LOG --labels FILE` prints theirs.

      | key | default | what it is | values | labels | elsewhere |
      |---|---|---|---|---|---|

      """
    for setting in settings {
      let key = "`\(setting.path)`" + (setting.flag.map { " `\($0)`" } ?? "")
      let cells = [
        key, setting.defaultText, setting.meaning, setting.values, setting.isForLabels ? "✓" : "",
        setting.otherNames.joined(separator: ", "),
      ]
      text += "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |\n"
    }
    return text
  }

  /// A key as JSON has it.
  struct Entry: Encodable {
    var path: String
    var meaning: String
    var values: String
    var minimum, maximum: Double?
    var choices: [String]?
    var `default`: String
    var option: String?
    var otherNames: [String]
    /// Whether a training of `--labels` has it.
    var isForLabels: Bool

    init(_ setting: Setting) {
      path = setting.path
      meaning = setting.meaning
      values = setting.values
      if case .number(let range) = setting.kind { (minimum, maximum) = (range.lower, range.upper) }
      if case .choice(let names, _) = setting.kind { choices = names }
      `default` = setting.defaultText
      option = setting.flag
      otherNames = setting.otherNames
      isForLabels = setting.isForLabels
    }
  }
}
