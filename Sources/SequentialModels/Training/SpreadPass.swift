import Collectives
import DurableFiles
import Kernels
import NeuralNetwork

/// The forward and backward passes of a step whose targets are scored against all items, of which each process keeps a block.
///
/// All processes go together, a micro-batch of every gradient shard a round: states of targets to all; of each process's chunks of
/// items the maxima and sums to all, and the states' gradients back to where the states come from; the gradient of each input row
/// to where its row of the table is kept. Every sum is made in the order of one process, by chunk, occurrence and micro-batch. A
/// process whose shards have no micro-batch left takes part without one.
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
  /// Of each shard, for one group of targets.
  private let softmax: [Matrix]
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
    softmax = holders.map { _ in Matrix(rows: 1, columns: floats) }
    owners = ItemSoftmaxGroup.chunks(items: configuration.vocabularySize).map { chunk in
      let owner = items.owner(of: chunk.lowerBound)
      precondition(chunk.upperBound <= items.rows[owner].upperBound, "a chunk of items in two processes")
      return owner
    }
  }

  private var processes: any Processes { items.processes }
  private var rank: Int { processes.rank }
  private var network: BERTNetwork { model.network }

  /// Accumulates the gradients of all micro-batches, and the losses of the shards that this process holds.
  func run(_ mode: Mode, _ scale: LossScale) {
    let step = StepBatches(
      shards.map { $0.with { state in state.numbers.indices.map { state.batches[$0] } } }, with: processes)
    items.fetch(step.inputRows, into: model.parameters)
    for slot in 0..<step.slots {
      let round = Round(
        slot: slot,
        batches: Dictionary(
          uniqueKeysWithValues: step.shards.indices.compactMap { shard in
            slot < step.shards[shard].count ? (shard, step.shards[shard][slot]) : nil
          }))
      let states = forward(round, mode)
      let losses = scoreItems(round, states, labelSmoothing: scale.labelSmoothing)
      backward(round, losses, mode, scale)
      sendInputGradients(round)
    }
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

  /// The states of all targets, by shard.
  private func forward(_ round: Round, _ mode: Mode) -> [Int: Matrix] {
    var states = forOwn(round) { [network, microBatchRows] state, _, workspace in
      network.forward(
        state.batches[round.slot], parameters: model.parameters, mode: mode,
        rowBase: state.numbers[round.slot] * microBatchRows, workspace: workspace)
    }
    var messages = Messages(processes)
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
    return states
  }

  /// A group of targets of each micro-batch that has as many.
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
    for index in 0..<(ranges.values.map(\.count).max() ?? 0) {
      let groups: Groups = round.shards.compactMap { shard in
        guard let batch = round.batches[shard], let states = states[shard], let ranges = ranges[shard],
          index < ranges.count
        else { return nil }
        let rows = ranges[index]
        let group = ItemSoftmaxGroup(
          hidden: states.rows(rows), table: table, bias: bias, targets: batch.targets[rows],
          weights: batch.weights[rows], labelSmoothing: labelSmoothing,
          gradients: (
            scoredGradients[shard]?.rows(rows), network.itemTableGradient(in: gradients[shard]),
            network.itemBiasGradient(in: gradients[shard])
          ), workspace: softmax[shard])
        return (shard, group)
      }
      func forChunks(_ body: @Sendable (ItemSoftmaxGroup, Int) -> Void) {
        workers.run(groups.count * own.count) { body(groups[$0 / own.count].group, own[$0 % own.count]) }
      }
      workers.run(groups.count) { groups[$0].group.start() }
      forChunks { $0.forward($1) }
      sendStatistics(groups)
      let totals = workers.map(groups.count) { groups[$0].group.total() }
      for ((shard, _), total) in zip(groups, totals) where holders[shard] == rank {
        let before = losses[shard] ?? (0, 0)
        losses[shard] = (before.loss + total.loss, before.correct + total.correct)
      }
      forChunks { $0.backward($1) }
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

  /// The gradient of each input row to the process that keeps its row of the table, which adds them up in the order of inputs.
  private func sendInputGradients(_ round: Round) {
    var messages = Messages(processes)
    var arrived: [(shard: Int, tokens: [Int32], gradient: Matrix)] = []
    for shard in round.shards {
      let tokens = round.batches[shard]?.tokens ?? []
      let owned = Dictionary(grouping: tokens.indices) { items.owner(of: Int(tokens[$0])) }
      for (owner, places) in owned where owner == rank || holders[shard] == rank {
        let rows = Matrix(rows: places.count, columns: model.hidden)
        if holders[shard] == rank {
          let all = workspaces[shard - held.lowerBound].encoder.inputGradient(rows: tokens.count)
          Rows.gather(all, places.map { Int32($0) }, into: rows)
          if owner != rank { messages.send(rows, to: owner) }
        } else {
          messages.receive(rows, from: holders[shard])
        }
        if owner == rank { arrived.append((shard, places.map { tokens[$0] }, rows)) }
      }
    }
    messages.exchange()
    let all = arrived
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
