import Collectives
import DurableFiles
import Kernels
import NeuralNetwork

/// The forward and backward passes of a step whose targets are scored against all items, of which each process keeps a block.
///
/// All processes go together, a micro-batch of every gradient shard a round: states of targets to all, with the gradients of the
/// last round's input rows to where their rows of the table are kept; of each process's chunks of items the maxima and sums to
/// all, and the states' gradients back to where the states come from. Every sum is made in the order of one process, by chunk,
/// occurrence and micro-batch. A process whose shards have no micro-batch left takes part without one.
struct SpreadPass: Sendable {
  private let model: BERT4Rec
  private let items: ItemShards
  private let shards: [GradientShard]
  /// The shards that this process computes, and of all shards which process does.
  private let held: Range<Int>
  private let holders: [Int]
  /// The gradients of all shards; of those that other processes compute, this one's rows and biases only.
  let gradients: [ParameterVector]
  private let workspaces: [BERTWorkspace]
  /// Of each shard, one for each of the groups of targets that are scored together.
  private let softmax: [[Matrix]]
  /// The process that has each chunk of items.
  private let owners: [Int]
  private let microBatchRows: Int

  init(_ model: BERT4Rec, _ items: ItemShards, _ shards: [GradientShard], order: SumOrder, microBatchRows: Int) {
    precondition(model.network.features == nil, "rows made of features stand in every process")
    (self.model, self.items, self.shards, self.microBatchRows) = (model, items, shards, microBatchRows)
    let processes = items.processes
    let held = order.held(by: processes.rank, of: processes.count)
    self.held = held
    holders = (0..<processes.count).flatMap { rank in order.held(by: rank, of: processes.count).map { _ in rank } }
    let layout = model.network.layout
    gradients = holders.indices.map { shard in
      held.contains(shard) ? shards[shard - held.lowerBound].gradients : ParameterVector(sparse: layout)
    }
    let configuration = model.configuration
    workspaces = held.map { _ in BERTWorkspace(configuration, rows: microBatchRows) }
    let floats = ItemSoftmax.workspaceCount(
      targets: microBatchRows, items: configuration.vocabularySize, width: configuration.hidden)
    let together = max(1, Self.softmaxFloats / (floats * holders.count))
    let groups = ItemSoftmaxGroup.groups(targets: microBatchRows, items: configuration.vocabularySize).count
    softmax = holders.map { _ in (0..<min(together, groups)).map { _ in Matrix(rows: 1, columns: floats) } }
    owners = ItemSoftmaxGroup.chunks(items: configuration.vocabularySize).map { chunk in
      let owner = items.owner(of: chunk.lowerBound)
      precondition(chunk.upperBound <= items.rows[owner].upperBound, "a chunk of items in two processes")
      return owner
    }
  }

  /// Floats for groups that are scored together, 64 MB: the more they are, the less often processes wait for each other.
  private static let softmaxFloats = 1 << 24

  private var processes: any Processes { items.processes }
  private var rank: Int { processes.rank }
  private var network: BERTNetwork { model.network }

  /// Accumulates the gradients of all micro-batches, and the losses of the shards that this process holds.
  func run(_ mode: Mode, _ scale: LossScale) {
    let step = StepBatches(
      shards.map { $0.with { state in state.numbers.indices.map { state.batches[$0] } } }, with: processes)
    items.fetch(step.inputRows, into: model.parameters)
    var inputs = InputGradients()
    for slot in 0..<step.slots {
      let round = Round(
        slot: slot,
        batches: Dictionary(
          uniqueKeysWithValues: step.shards.indices.compactMap { shard in
            slot < step.shards[shard].count ? (shard, step.shards[shard][slot]) : nil
          }))
      let states = forward(round, mode, inputs)
      let losses = scoreItems(round, states, labelSmoothing: scale.labelSmoothing)
      backward(round, losses, mode, scale)
      inputs = inputGradients(round)
    }
    var messages = Messages(processes)
    inputs.list(in: &messages)
    messages.exchange()
    add(inputs)
    sendBiases()
  }

  /// One micro-batch of each shard that has as many.
  private struct Round: Sendable {
    let slot: Int
    let batches: [Int: StepBatches.Batch]
    var shards: [Int] { batches.keys.sorted() }
  }

  /// Runs `body` for the round's micro-batches of this process.
  private func forOwn<Result: Sendable>(
    _ round: Round, _ body: @Sendable (inout GradientShard.State, _ shard: Int, BERTWorkspace) -> Result
  ) -> [Int: Result] {
    let own = round.shards.filter(held.contains)
    let results = model.workers.map(own.count) { index in
      let place = own[index] - held.lowerBound
      return shards[place].with { body(&$0, own[index], workspaces[place]) }
    }
    return Dictionary(uniqueKeysWithValues: zip(own, results))
  }

  /// The states of all targets, by shard; with them go the input gradients of the round before, which are added.
  private func forward(_ round: Round, _ mode: Mode, _ inputs: InputGradients) -> [Int: Matrix] {
    var states = forOwn(round) { [network, microBatchRows] state, _, workspace in
      network.forward(
        state.batches[round.slot], parameters: model.parameters, mode: mode,
        rowBase: state.numbers[round.slot] * microBatchRows, workspace: workspace)
    }
    var messages = Messages(processes)
    inputs.list(in: &messages)
    for shard in round.shards {
      if let own = states[shard] {
        messages.send(own)
      } else {
        let count = round.batches[shard]?.targets.count ?? 0
        let other = Matrix(rows: count, columns: model.hidden)
        states[shard] = other
        messages.receive(other, from: holders[shard])
      }
    }
    messages.exchange()
    add(inputs)
    return states
  }

  /// Groups of targets of each micro-batch that has as many, those of a shard in their order.
  private typealias Groups = [(shard: Int, group: ItemSoftmaxGroup)]

  /// Scores the targets against this process's items; writes the gradients of its rows and of its targets' states.
  ///
  /// - Returns: the losses of this process's micro-batches, by shard.
  private func scoreItems(
    _ round: Round, _ states: [Int: Matrix], labelSmoothing: Float
  ) -> [Int: ItemSoftmax.Result] {
    let workers = model.workers
    let scoredGradients = forOwn(round) { [network] state, _, workspace in
      network.scoredGradient(state.batches[round.slot], workspace: workspace)
    }
    let (table, bias) = (network.itemTable(in: model.parameters), network.itemBias(in: model.parameters))
    let ranges = round.batches.mapValues { ItemSoftmaxGroup.groups(targets: $0.targets.count, items: table.rows) }
    let own = owners.indices.filter { owners[$0] == rank }
    var losses: [Int: ItemSoftmax.Result] = [:]
    let together = softmax[0].count
    for first in stride(from: 0, to: ranges.values.map(\.count).max() ?? 0, by: together) {
      let groups: Groups = round.shards.flatMap { shard -> Groups in
        guard let batch = round.batches[shard], let states = states[shard], let ranges = ranges[shard] else {
          return []
        }
        return (first..<max(first, min(first + together, ranges.count))).map { index in
          let rows = ranges[index]
          let group = ItemSoftmaxGroup(
            hidden: states.rows(rows), table: table, bias: bias, targets: batch.targets[rows],
            weights: batch.weights[rows], labelSmoothing: labelSmoothing,
            gradients: (
              scoredGradients[shard]?.rows(rows), network.itemTableGradient(in: gradients[shard]),
              network.itemBiasGradient(in: gradients[shard])
            ), workspace: softmax[shard][index - first])
          return (shard, group)
        }
      }
      workers.run(groups.count) { groups[$0].group.start() }
      workers.run(groups.count * own.count) { groups[$0 / own.count].group.forward(own[$0 % own.count]) }
      sendStatistics(groups)
      let totals = workers.map(groups.count) { groups[$0].group.total() }
      for ((shard, _), total) in zip(groups, totals) where holders[shard] == rank {
        let before = losses[shard] ?? (0, 0)
        losses[shard] = (before.loss + total.loss, before.correct + total.correct)
      }
      // Groups of a shard add to the same rows, one after another.
      let byShard = Dictionary(grouping: groups, by: \.shard).values.map { $0.map(\.group) }
      workers.run(byShard.count * own.count) { index in
        for group in byShard[index / own.count] { group.backward(own[index % own.count]) }
      }
      sendStateGradients(groups)
      workers.run(groups.count) { if holders[groups[$0].shard] == rank { groups[$0].group.finish() } }
    }
    return losses
  }

  /// What each process's chunks found of the groups, and the logits of the targets that it keeps, to all.
  private func sendStatistics(_ groups: Groups) {
    var messages = Messages(processes)
    var logits: [(group: ItemSoftmaxGroup, owner: Int, values: Matrix)] = []
    for (_, group) in groups {
      for (chunk, owner) in owners.enumerated() {
        let statistics = group.statistics(chunk)
        if owner == rank { messages.send(statistics) } else { messages.receive(statistics, from: owner) }
      }
      messages.send(group.targetLogits)
      for owner in 0..<processes.count where owner != rank {
        let values = Matrix(rows: 1, columns: group.targets.count)
        messages.receive(values, from: owner)
        logits.append((group, owner, values))
      }
    }
    messages.exchange()
    for (group, owner, values) in logits {
      let rows = items.rows[owner]
      for (place, target) in group.targets.enumerated() where rows.contains(Int(target)) {
        group.targetLogits[0, place] = values[0, place]
      }
    }
  }

  /// What each chunk gives the states of a group to the process that computed them.
  private func sendStateGradients(_ groups: Groups) {
    var messages = Messages(processes)
    for (shard, group) in groups {
      for (chunk, owner) in owners.enumerated() where owner != holders[shard] {
        let part = group.hiddenGradient(chunk)
        if owner == rank { messages.send(part, to: holders[shard]) }
        if holders[shard] == rank { messages.receive(part, from: owner) }
      }
    }
    messages.exchange()
  }

  private func backward(_ round: Round, _ losses: [Int: ItemSoftmax.Result], _ mode: Mode, _ scale: LossScale) {
    _ = forOwn(round) { [network, microBatchRows] state, shard, workspace in
      state.sums += network.backward(
        state.batches[round.slot], itemLoss: losses[shard] ?? (0, 0), parameters: model.parameters,
        gradients: gradients[shard], mode: mode, rowBase: state.numbers[round.slot] * microBatchRows, scale: scale,
        workspace: workspace, addsTokens: false)
    }
  }

  /// The gradients of input rows of a round, on their way to the processes that keep their rows of the table.
  private struct InputGradients {
    var outgoing: [(rows: Matrix, receiver: Int)] = []
    var incoming: [(rows: Matrix, sender: Int)] = []
    /// What this process adds to its rows, by shard, once it is there.
    var own: [(shard: Int, tokens: [Int32], rows: Matrix)] = []

    func list(in messages: inout Messages) {
      for (rows, receiver) in outgoing { messages.send(rows, to: receiver) }
      for (rows, sender) in incoming { messages.receive(rows, from: sender) }
    }
  }

  /// Copies of the gradients of input rows, which the next round overwrites.
  private func inputGradients(_ round: Round) -> InputGradients {
    var gradients = InputGradients()
    for shard in round.shards {
      let tokens = round.batches[shard]?.tokens ?? []
      let owned = Dictionary(grouping: tokens.indices) { items.owner(of: Int(tokens[$0])) }
      for (owner, places) in owned where owner == rank || holders[shard] == rank {
        let rows = Matrix(rows: places.count, columns: model.hidden)
        if holders[shard] == rank {
          let all = workspaces[shard - held.lowerBound].encoder.inputGradient(rows: tokens.count)
          Rows.gather(all, places.map { Int32($0) }, into: rows)
          if owner != rank { gradients.outgoing.append((rows, owner)) }
        } else {
          gradients.incoming.append((rows, holders[shard]))
        }
        if owner == rank { gradients.own.append((shard, places.map { tokens[$0] }, rows)) }
      }
    }
    return gradients
  }

  /// Adds what has arrived to this process's rows, in the order of inputs.
  private func add(_ inputs: InputGradients) {
    let all = inputs.own
    model.workers.run(all.count) { index in
      let (shard, tokens, rows) = all[index]
      Rows.scatterAdd(rows, tokens, into: network.itemTableGradient(in: gradients[shard]))
    }
  }

  /// The gradients of the output biases, which stand in every process, to where the other gradients of a shard are.
  private func sendBiases() {
    var messages = Messages(processes)
    for (shard, holder) in holders.enumerated() {
      let bias = network.itemBiasGradient(in: gradients[shard])
      if holder != rank { messages.send(bias.columns(items.own), to: holder) }
      for owner in 0..<processes.count where owner != rank && holder == rank {
        messages.receive(bias.columns(items.rows[owner]), from: owner)
      }
    }
    messages.exchange()
    for (shard, holder) in holders.enumerated() where holder != rank {
      network.itemBiasGradient(in: gradients[shard]).columns(items.own).fill(0)
    }
  }
}
