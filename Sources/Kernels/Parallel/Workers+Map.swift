import Synchronization

extension Workers {
  /// The results of `task(0) … task(count − 1)` in that order, whichever thread made them.
  package func map<Result: Sendable>(_ count: Int, _ task: @Sendable (Int) -> Result) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    run(count) { index in
      let result = task(index)
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0.map { $0! } }
  }
}
