/// One sequence of an epoch: a window of somebody's history, in one of the forms that an objective asks for.
package struct TrainingSample: Sendable, Equatable {
  package enum Form: UInt8, Sendable {
    /// Random masks, and the tail where the stage asks for it.
    case masked
    /// Only the last position is masked.
    case tail
    case queries
    case nextItem
  }

  package let form: Form
  /// Positions of the log's events.
  package let window: Range<Int>
  /// What tells this sample's draws from all others of its epoch.
  package let number: UInt64

  package init(form: Form, window: Range<Int>, number: UInt64) {
    self.form = form
    self.window = window
    self.number = number
  }
}
