/// One sequence of an epoch: a window of somebody's history, in one of the forms that an objective asks for.
package struct TrainingSample: Sendable, Equatable {
  package enum Form: UInt8, Sendable {
    /// Random masks, and the tail where the stage asks for it.
    case masked
    /// Only the last position is masked.
    case tail
    case queries
    case nextItem
    /// `[CLS] A [SEP] B [SEP]`
    case pair
  }

  package let form: Form
  /// Positions of the log's events.
  package let window: Range<Int>
  /// What tells this sample's draws from all others of its epoch.
  package let number: UInt64

  /// The events of segment B; only in a pair.
  package let second: Range<Int>?
  /// Whether B is what the same person did next; only in a pair.
  package let follows: Bool

  package init(
    form: Form, window: Range<Int>, number: UInt64, second: Range<Int>? = nil, follows: Bool = false
  ) {
    self.second = second
    self.follows = follows
    self.form = form
    self.window = window
    self.number = number
  }

  /// The events that are read.
  package var tokens: Int { window.count + (second?.count ?? 0) }
}
