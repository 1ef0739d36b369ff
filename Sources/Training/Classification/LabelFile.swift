import DurableFiles
import Foundation
import Interactions
import ModelFiles
import NeuralNetwork

/// What is known of users or of lines: a table with an id and a label, or a number, per row.
package struct LabelFile: Sendable {
  package struct Row: Sendable, Equatable {
    /// On which the row begins, from 1; nil where the labels come from no file.
    package let line: Int?
    package let id: Identifier
    package let text: String
  }

  package let file: String
  /// What the label's column is called.
  package let name: String
  package let rows: [Row]
  /// Of the file and of the columns that are read.
  let fingerprint: String

  /// Names of columns that say which one holds the id, and which one the label.
  private static let idNames: Set = ["user", "user_id", "userid", "customer", "customer_id", "id", "line"]
  private static let labelNames: Set = ["label", "labels", "target", "class", "segment", "churn", "value", "y"]

  /// - Parameter columns: the names of the id's and the label's column; nil for those that are known by name, or the two
  ///   that there are.
  /// - Throws: `LabelError`.
  package init(_ path: String, columns: (id: String, label: String)? = nil) throws(LabelError) {
    let table: CellTable
    do {
      table = try CellTable(path) { names in
        let names = names.map { $0.lowercased() }
        return names.contains { Self.idNames.contains($0) } || names.contains { Self.labelNames.contains($0) }
      }
    } catch {
      throw .unreadable(error)
    }
    file = table.file
    guard let first = table.rows.first, table.columnCount >= 2 else {
      throw .noRows(file: table.file, columns: table.columnCount)
    }
    if let fault = table.faults.first { throw .badRow(file: table.file, line: fault.line) }
    let names = table.names ?? first.cells.indices.map { "\($0 + 1)" }
    let place = try Self.place(names, columns, file: table.file)
    name = table.names == nil ? "label" : names[place.label]
    fingerprint = "\(table.fingerprint) \(place.id) \(place.label)"
    var (rows, seen) = ([Row](), [Identifier: Int]())
    for row in table.rows {
      let (id, text) = (Identifier(row.cells[place.id].text), row.cells[place.label].text)
      if id.text.isEmpty || text.isEmpty { throw .missing(file: table.file, line: row.line) }
      if let before = seen.updateValue(row.line, forKey: id) {
        throw .repeated(file: table.file, id: id.text, line: row.line, before: before)
      }
      rows.append(Row(line: row.line, id: id, text: text))
    }
    self.rows = rows
  }

  /// The label of each id, from no file.
  ///
  /// - Precondition: there are labels, none of them empty.
  package init(_ labels: [String: String], name: String) {
    precondition(!labels.isEmpty, "no labels")
    (file, self.name) = ("the labels", name)
    rows = labels.sorted { Identifier($0.key) < Identifier($1.key) }
      .map { Row(line: nil, id: Identifier($0.key), text: $0.value) }
    var hash = SHA256()
    for row in rows { hash.update(Array("\(row.id.text.utf8.count) \(row.id.text) \(row.text)\n".utf8)) }
    fingerprint = hash.hexadecimal()
  }

  /// Where a row stands, for a sentence.
  private func place(_ row: Row) -> String {
    row.line.map { "\(file), line \($0)" } ?? "the label of “\(row.id.text)”"
  }

  private static func place(
    _ names: [String], _ columns: (id: String, label: String)?, file: String
  ) throws(LabelError) -> (id: Int, label: Int) {
    func index(_ name: String) throws(LabelError) -> Int {
      guard let index = names.firstIndex(of: name) else { throw .noColumn(file: file, name: name, known: names) }
      return index
    }
    if let columns { return (try index(columns.id), try index(columns.label)) }
    let lowercased = names.map { $0.lowercased() }
    let ids = names.indices.filter { idNames.contains(lowercased[$0]) }
    let labels = names.indices.filter { labelNames.contains(lowercased[$0]) }
    if ids.count == 1, labels.count == 1, ids != labels { return (ids[0], labels[0]) }
    if names.count == 2 { return labels == [0] ? (1, 0) : (0, 1) }
    throw .openColumns(file: file, known: names)
  }

  /// What the labels are, and the target of each row.
  ///
  /// - Parameter task: nil for labels, unless they look like numbers to be predicted, which is refused.
  /// - Throws: `LabelError`.
  package func targets(
    _ task: ClassificationHead.Task?
  ) throws(LabelError) -> (labels: SequenceLabels, targets: [Float]) {
    let numbers = rows.map { Double($0.text).flatMap { $0.isFinite ? $0 : nil } }
    let distinct = Set(rows.map { Identifier($0.text) })
    if task == nil, distinct.count > Self.fewLabels, !numbers.contains(nil) {
      throw .openTask(file: file, name: name, distinct: distinct.count)
    }
    if task == .regression {
      if let row = numbers.firstIndex(of: nil) {
        throw .notANumber(place: place(rows[row]), text: rows[row].text)
      }
      return (SequenceLabels(task: .regression, names: [name]), numbers.map { Float($0!) })
    }
    let names = distinct.sorted { a, b in
      if let x = Double(a.text), let y = Double(b.text), x != y { return x < y }
      return a.text < b.text
    }
    if names.count < 2 { throw .oneLabel(file: file, name: name, label: names[0].text) }
    if names.count > Self.mostLabels { throw .tooManyLabels(file: file, name: name, distinct: names.count) }
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Float($0)) })
    return (
      SequenceLabels(task: .classification, names: names.map(\.text)), rows.map { places[Identifier($0.text)]! }
    )
  }

  /// The target of each of `rows` for a model that knows `labels`.
  ///
  /// - Throws: `LabelError.otherTask` where these are no numbers, and `model` predicts them; `unknownLabel`.
  package func targets(
    of rows: [Int], as labels: SequenceLabels, model: String
  ) throws(LabelError) -> [Float] {
    var targets: [Float] = []
    for row in rows {
      let found = self.rows[row]
      if labels.task == .regression {
        guard let number = Float(found.text) else { throw .otherTask(model: model) }
        targets.append(number)
      } else {
        guard let label = labels.names.firstIndex(where: { Identifier($0) == Identifier(found.text) }) else {
          throw .unknownLabel(place: place(found), text: found.text, known: labels.names)
        }
        targets.append(Float(label))
      }
    }
    return targets
  }

  /// Different numbers up to which they are taken for labels.
  private static let fewLabels = 20
  private static let mostLabels = 1_000
}

/// Labels that cannot be learned from.
package enum LabelError: Error, Equatable, CustomStringConvertible {
  case unreadable(LogError)
  case noRows(file: String, columns: Int)
  case badRow(file: String, line: Int)
  case missing(file: String, line: Int)
  case repeated(file: String, id: String, line: Int, before: Int)
  case noColumn(file: String, name: String, known: [String])
  case openColumns(file: String, known: [String])
  case openTask(file: String, name: String, distinct: Int)
  case notANumber(place: String, text: String)
  case oneLabel(file: String, name: String, label: String)
  case tooManyLabels(file: String, name: String, distinct: Int)
  case unknownIDs(file: String, log: String, known: Int, rows: Int, example: String)
  case tooFew(file: String, training: Int, validation: Int, test: Int)
  case unknownLabel(place: String, text: String, known: [String])
  case otherTask(model: String)

  package var description: String {
    switch self {
    case .unreadable(let error): error.description
    case .noRows(let file, let columns):
      "\(file) has \(Counted(columns, "column")) and no labels; expected rows of an id and a label, "
        + "such as user,label"
    case .badRow(let file, let line): "\(file), line \(line) has other columns than the first line; mend or delete it"
    case .missing(let file, let line): "\(file), line \(line) lacks the id or the label; write both, or delete the line"
    case .repeated(let file, let id, let line, let before):
      "\(file), line \(line) labels \(id) again, after line \(before); keep one label per id"
    case .noColumn(let file, let name, let known):
      "\(file) has no column “\(name)”; its columns are \(known.joined(separator: ", "))"
    case .openColumns(let file, let known):
      "\(file) has the columns \(known.joined(separator: ", ")), and nothing says which are the id and the label; give "
        + "--label-columns ID,LABEL"
    case .openTask(let file, let name, let distinct):
      "\(file): \(name) has \(distinct) different numbers; give --task regression to predict the number, or --task "
        + "classification to take each for a label"
    case .notANumber(let place, let text):
      "\(place): “\(text)” is no number, which --task regression predicts; mend it, or leave --task out"
    case .oneLabel(let file, let name, let label):
      "\(file): every \(name) is “\(label)”; at least two labels are needed to tell apart"
    case .tooManyLabels(let file, let name, let distinct):
      "\(file): \(name) has \(distinct) different labels, more than 1000; is it the right column? --label-columns names it"
    case .unknownIDs(let file, let log, let known, let rows, let example):
      "only \(known) of the \(Counted(rows, "id")) of \(file) \(Counted.verb(known, "is", "are")) in \(log), not “\(example)” for one; name files of the same users"
    case .tooFew(let file, let training, let validation, let test):
      "\(file) leaves \(Counted(training, "sequence")) to train on, \(validation) to validate and \(test) to test; label more of them, "
        + "some 50 at least"
    case .unknownLabel(let place, let text, let known):
      "\(place): the model knows no label “\(text)”, only \(known.prefix(20).joined(separator: ", "))"
    case .otherTask(let model): "\(model) predicts numbers, and the file has texts; name a file of numbers"
    }
  }
}
