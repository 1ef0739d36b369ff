import DurableFiles

extension InteractionLog {
  /// What this log is, in 64 hexadecimal digits: SHA-256 over its ids, its order, its times and its groups.
  ///
  /// A file and the store it was imported into have the same fingerprint; a preparation that changes the log changes it.
  package var fingerprint: String {
    var hash = SHA256()
    for catalog in [users, items] {
      hash.update(integer: catalog.count)
      for name in catalog.names {
        hash.update(integer: name.utf8.count)
        hash.update(Array(name.utf8))
      }
    }
    for offset in offsets { hash.update(integer: offset) }
    for event in events { hash.update(integer: event.index) }
    // Columns that came later count where they are, so that the fingerprints of other logs stay what they were.
    for column in EventColumn.allCases where column != .sentence || columns[column] != nil {
      hash.update(integer: columns[column] == nil ? 0 : 1)
      for value in columns[column] ?? [] { hash.update(integer: Int(value)) }
    }
    return hash.hexadecimal()
  }
}
