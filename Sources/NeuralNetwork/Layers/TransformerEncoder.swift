import Kernels

/// Embeddings and blocks: rows of tokens in, a hidden state for each query row out.
package struct TransformerEncoder: Sendable {
  package let configuration: EncoderConfiguration
  package private(set) var embeddings: Embeddings
  package let blocks: [TransformerBlock]

  /// - Parameter prefix: what the names of all tensors begin with, such as `bert.`.
  package init(_ layout: inout ParameterLayout, _ configuration: EncoderConfiguration, prefix: String) {
    precondition(
      configuration.hidden % configuration.heads == 0,
      "hidden \(configuration.hidden) is not a multiple of \(configuration.heads) heads")
    self.configuration = configuration
    embeddings = Embeddings(&layout, configuration, prefix: "\(prefix)embeddings")
    var blocks: [TransformerBlock] = []
    for index in 0..<configuration.layers {
      blocks.append(TransformerBlock(&layout, configuration, index: index, prefix: "\(prefix)encoder.layer.\(index)"))
    }
    self.blocks = blocks
  }

  /// Looks tokens up in the table of `sum` from here on.
  package mutating func read(_ sum: FeatureTable) { embeddings.table = sum.table }

  /// Runs all blocks; the last one only for `rows.queryRows`.
  ///
  /// - Returns: a window `[queries, hidden]` on the workspace, good until the next pass.
  package func forward(
    _ rows: PackedRows, parameters: ParameterVector, mode: Mode, rowBase: Int, workspace w: EncoderWorkspace
  ) -> Matrix {
    precondition(rows.count <= w.rows, "\(rows.count) rows in a workspace for \(w.rows)")
    if case .training = mode { precondition(rows.past == nil, "dropout in sequences that go on") }
    embeddings.forward(rows, parameters: parameters, mode: mode, rowBase: rowBase, activations: w.embeddings)
    var hidden = w.embeddings.output.prefix(rows.count)
    let plans = plans(of: rows)
    for (index, block) in blocks.enumerated() {
      let queryRows = index == blocks.count - 1 ? rows.queryRows : nil
      block.forward(
        hidden, queryRows: queryRows, plan: index == blocks.count - 1 ? plans.last : plans.all, past: rows.past,
        parameters: parameters, mode: mode, rowBase: rowBase, activations: w.blocks[index], scratch: w.scratch)
      hidden = w.blocks[index].output.prefix(queryRows?.count ?? rows.count)
    }
    return hidden
  }

  /// Accumulates the gradients of all parameters from that of the output; needs the activations of the forward pass.
  ///
  /// - Parameter addsTokens: whether that of the token table is one of them; it is the sum of `inputGradient` by tokens.
  /// - Shapes: `outputGradient` `[queries, hidden]`, used up.
  package func backward(
    _ outputGradient: Matrix, rows: PackedRows, parameters: ParameterVector, gradients: ParameterVector, mode: Mode,
    rowBase: Int, workspace w: EncoderWorkspace, addsTokens: Bool = true
  ) {
    precondition(rows.past == nil, "gradients of sequences that go on behind rows computed earlier")
    let plans = plans(of: rows)
    var gradient = outputGradient
    for (index, block) in blocks.enumerated().reversed() {
      let last = index == blocks.count - 1
      let input = index == 0 ? w.embeddings.output : w.blocks[index - 1].output
      let inputGradient = w.gradients[index % 2].prefix(rows.count)
      block.backward(
        gradient, input: input.prefix(rows.count), queryRows: last ? rows.queryRows : nil,
        plan: last ? plans.last : plans.all, parameters: parameters, gradients: gradients, mode: mode,
        rowBase: rowBase, inputGradient: inputGradient, activations: w.blocks[index], scratch: w.scratch)
      gradient = inputGradient
    }
    embeddings.backward(
      gradient, rows: rows, parameters: parameters, gradients: gradients, mode: mode, rowBase: rowBase,
      activations: w.embeddings, addsTokens: addsTokens)
  }

  private func plans(of rows: PackedRows) -> (all: AttentionPlan, last: AttentionPlan) {
    let all = rows.plan
    return (all, rows.queryRows.map { rows.plan(queries: $0) } ?? all)
  }
}

/// The workspace of one micro-batch of at most `rows` rows, allocated once from the sizes.
package struct EncoderWorkspace: Sendable {
  package let rows: Int
  let embeddings: EmbeddingActivations
  let blocks: [BlockActivations]
  let scratch: BlockScratch
  let gradients: [Matrix]

  package init(_ configuration: EncoderConfiguration, rows: Int, longestSequence: Int) {
    self.rows = rows
    embeddings = EmbeddingActivations(configuration, rows: rows)
    blocks = (0..<configuration.layers).map { _ in
      BlockActivations(configuration, rows: rows, longestSequence: longestSequence)
    }
    scratch = BlockScratch(configuration, rows: rows, longestSequence: longestSequence)
    gradients = (0..<2).map { _ in Matrix(rows: rows, columns: configuration.hidden) }
  }

  /// The output of the last forward pass, which had `queries` query rows.
  package func lastHidden(queries: Int) -> Matrix { blocks[blocks.count - 1].output.prefix(queries) }

  /// The gradient of each input row's sum of embeddings, as the last backward pass of `rows` rows left it.
  package func inputGradient(rows: Int) -> Matrix { gradients[0].prefix(rows) }

  /// The hidden states after the embeddings (0) or after block `index − 1`, as the last forward pass left them.
  package func hiddenState(_ index: Int, rows: Int) -> Matrix {
    (index == 0 ? embeddings.output : blocks[index - 1].output).prefix(rows)
  }
}
