import SequentialModels

/// What the rows of items are made of beside their ids.
package struct FeatureConfiguration: Codable, Sendable, Equatable {
  /// Columns of the item table that hold categories or numbers; `all` for all of them.
  package var columns: [String]
  /// How often a step takes an item's row from its features alone, so that they learn to stand for items without events.
  package var idDropout: Double

  package init(columns: [String] = [], idDropout: Double = 0.2) {
    self.columns = columns
    self.idDropout = idDropout
  }

  /// Refuses values that no run could use.
  ///
  /// - Throws: `ConfigurationError.wrongValue` naming the key.
  func validate() throws(ConfigurationError) {
    if columns.isEmpty || columns.contains("") {
      throw .wrongValue(
        "model.features.columns",
        fault: "no column is named; write columns of the item table, such as [genres, year], or [all]")
    }
    if Set(columns).count < columns.count {
      throw .wrongValue("model.features.columns", fault: "a column is named twice")
    }
    if !(0..<1).contains(idDropout) {
      throw .wrongValue("model.features.idDropout", fault: "\(idDropout) is not in 0 ..< 1")
    }
  }
}
