import Synchronization

/// Hands out 0, 1, 2, … to whoever asks, each number once.
final class TaskCounter: Sendable {
  private let value = Atomic<Int>(0)
  func take() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
}
