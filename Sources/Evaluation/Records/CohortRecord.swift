/// The figures of a part of the users, e.g. of those with five to nine items of history.
package struct CohortRecord: Codable, Sendable, Equatable {
  /// By what users were parted: `history length`, `item popularity`.
  package var dimension: String
  /// Which part this is: `5–9`. Parts of a dimension are listed in their natural order.
  package var cohort: String
  package var users: Int
  package var values: [MeasuredValue]

  package init(dimension: String, cohort: String, users: Int, values: [MeasuredValue]) {
    self.dimension = dimension
    self.cohort = cohort
    self.users = users
    self.values = values
  }
}
