import DurableFiles
import GRDB

/// A store that cannot be opened, read or written.
package enum StoreError: Error, Equatable {
  case missing(path: String)
  case directory(path: String)
  /// The file is no SQLite database, or one that this program did not make.
  case notAStore(path: String)
  /// A table was named for a file that has none.
  case notADatabase(path: String)
  /// The texts of the database are UTF-16.
  case notUTF8(path: String)
  /// A store where a log was expected.
  case isStore(path: String)
  /// The store was made by a newer version of the program.
  case newer(path: String)
  case noEvents(path: String)
  /// No item file was imported.
  case noItems(path: String)
  /// The content is not what was imported, or no database any more.
  case damaged(path: String, fault: String)
  /// Nothing of a damaged store can be read.
  case beyondRepair(path: String, fault: String)
  /// A change was cut short, and the right to undo it is missing.
  case needsRollback(path: String)
  /// Another file, or none, stands where this one was opened.
  case moved(path: String)
  case notPermitted(path: String, reason: String)
  case diskFull(path: String)
  case busy(path: String)
  case alreadyImported(file: String, earlier: String, time: String)
  /// One log has a column that the other does not, so that their events cannot stand in one order.
  case differentColumns(file: String, column: String, isInFile: Bool)
  case noTable(path: String, requested: String?, known: [String])
  /// The name a table of recommendations should get is taken by something else.
  case notOurTable(path: String, table: String)
  /// Another process writes the table of recommendations.
  case tableBusy(path: String, table: String)
  /// The table was begun with another model, log or options.
  case otherRequest(path: String, table: String)
  /// The disk refused a read or a write.
  case notWritten(path: String, reason: String)
  case database(path: String, reason: String)

  /// What SQLite reports, in the words of a user who has a store at `path`.
  init(_ error: any Error, path: String) {
    if let fault = error as? StoreFault {
      self = .damaged(path: path, fault: fault.description)
    } else if let error = error as? DurableFileError {
      self = .notPermitted(path: path, reason: error.reason)
    } else if let error = error as? DatabaseError {
      self.init(error, path: path)
    } else {
      self = (error as? StoreError) ?? .database(path: path, reason: "\(error)")
    }
  }

  private init(_ error: DatabaseError, path: String) {
    let reason = error.message ?? error.resultCode.description
    switch error.resultCode {
    case .SQLITE_FULL: self = .diskFull(path: path)
    case .SQLITE_IOERR: self = .notWritten(path: path, reason: reason)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
    case .SQLITE_NOTADB: self = .notAStore(path: path)
    case .SQLITE_READONLY where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK:
      self = .needsRollback(path: path)
    case .SQLITE_READONLY where error.extendedResultCode == .SQLITE_READONLY_DBMOVED: self = .moved(path: path)
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM: self = .notPermitted(path: path, reason: reason)
    case .SQLITE_CORRUPT, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH:
      self = .damaged(path: path, fault: "SQLite reports: \(reason)")
    default: self = .database(path: path, reason: reason)
    }
  }
}

/// What is wrong with the content of a store, in words.
struct StoreFault: Error {
  let description: String

  init(_ description: String) { self.description = description }
}

extension Row {
  /// The value of column `index`, which is `what` in words.
  ///
  /// - Throws: `StoreFault` where it is of another type.
  func value<Value: DatabaseValueConvertible>(_ index: Int, _ what: String) throws(StoreFault) -> Value {
    let stored: DatabaseValue = self[index]
    guard let value = Value.fromDatabaseValue(stored) else { throw StoreFault("the \(what) is \(stored)") }
    return value
  }
}

extension StoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let path): "the store \(path) does not exist; make it with: cloze import LOG --store \(path)"
    case .directory(let path): "\(path) is a folder; a store is one file, for example \(path)/shop.sqlite"
    case .notAStore(let path): "\(path) is not a store of cloze; name a new file, or one that cloze import made"
    case .notADatabase(let path):
      "\(path) is not an SQLite database; leave out --table and --format sqlite to read it as text"
    case .notUTF8(let path):
      "\(path) keeps its texts as UTF-16; convert it first: sqlite3 \(path) .dump | sqlite3 NEW.sqlite"
    case .isStore(let path):
      "\(path) is a store itself; import the logs it was made from, or name one of its tables with --table"
    case .newer(let path): "\(path) was made by a newer cloze; use that version, or import the logs again"
    case .noEvents(let path): "the store \(path) holds no events; import a log: cloze import LOG --store \(path)"
    case .noItems(let path):
      "the store \(path) knows nothing of its items but their ids; import an item file: cloze import-items FILE --store \(path)"
    case .damaged(let path, let fault):
      "the store \(path) is damaged: \(fault); cloze check \(path) --repair saves what can be read, or import the logs again"
    case .beyondRepair(let path, let fault):
      "nothing of the store \(path) can be saved: \(fault); it is left as it is: import the logs again, into a new file"
    case .needsRollback(let path):
      "a change of \(path) was cut short, and undoing it takes the right to write it and its folder; run any command once with it"
    case .moved(let path): "\(path) was replaced or removed while it was open; run the command again"
    case .notPermitted(let path, let reason): "cannot write \(path): \(reason); check the folder and its permissions"
    case .diskFull(let path): "the disk of \(path) is full; free some space and try again: the store is as it was"
    case .busy(let path): "another program is writing \(path); wait for it to end and try again"
    case .alreadyImported(let file, let earlier, let time):
      "\(file) is in the store already: the same content was imported as \(earlier) at \(time); nothing was changed"
    case .differentColumns(let file, let column, let isInFile):
      """
      \(file) has \(isInFile ? "a \(column) column" : "no \(column) column") but the store's events have \
      \(isInFile ? "none" : "one"); import it into a store of its own\(isInFile ? ", or leave the column out with --columns \(column)=none" : "")
      """
    case .noTable(let path, let requested, let known):
      """
      \(path) has \(requested.map { "no table \"\($0)\"" } ?? "\(Counted(known.count, "table"))"); name one with --table: \
      \(known.isEmpty ? "it has none" : known.joined(separator: ", "))
      """
    case .notOurTable(let path, let table):
      "\(path) has a table \"\(table)\" that holds no recommendations, so it is left alone; choose another name"
    case .tableBusy(let path, let table):
      "another process is writing the table \"\(table)\" of \(path); wait for it to end, or name another table"
    case .otherRequest(let path, let table):
      "cannot resume the table \"\(table)\" of \(path): it was begun with another model, log or options; begin anew without --resume"
    case .notWritten(let path, let reason):
      "the disk of \(path) refuses to be read or written (SQLite: \(reason)); look at its health and at limits of the size of "
        + "files, such as ulimit -f, and try again: the store is as it was"
    case .database(let path, let reason): "\(path): SQLite reports: \(reason)"
    }
  }
}
