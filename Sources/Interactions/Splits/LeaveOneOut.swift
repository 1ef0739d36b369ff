/// Each person's last item is the test, the one before it the validation, the rest training.
///
/// People with fewer than three events stay in training whole and are not judged.
/// Source: the protocol of SASRec (Kang & McAuley 2018) and BERT4Rec (Sun et al. 2019).
package enum LeaveOneOut {
  package static func split(_ log: InteractionLog) -> Split {
    var offsets = [0]
    offsets.reserveCapacity(log.userCount + 1)
    var kept: [Int] = []
    kept.reserveCapacity(log.eventCount)
    var validation: [EvaluationCase] = []
    var test: [EvaluationCase] = []
    for index in 0..<log.userCount {
      let user = UserID(index)
      let range = log.range(of: user)
      let judged = range.count >= 3
      let end = judged ? range.upperBound - 2 : range.upperBound
      kept.append(contentsOf: range.lowerBound..<end)
      offsets.append(kept.count)
      guard judged else { continue }
      validation.append(
        EvaluationCase(user: user, history: log.events[range.lowerBound..<end], targets: [log.events[end]]))
      test.append(
        EvaluationCase(user: user, history: log.events[range.lowerBound..<end + 1], targets: [log.events[end + 1]]))
    }
    let training = InteractionLog(
      users: log.users, items: log.items, offsets: offsets, events: kept.map { log.events[$0] },
      times: log.times.map { times in kept.map { times[$0] } },
      groups: log.groups.map { groups in kept.map { groups[$0] } })
    return Split(training: training, validation: validation, test: test)
  }
}
