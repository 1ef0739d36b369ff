import Kernels

/// One post-norm block of BERT: self-attention, then a feed-forward layer, each added to its input and normalized.
///
/// Where only some rows are read afterwards (`queryRows`), keys and values are made for all rows and everything else for
/// those rows alone: the same numbers with less work.
/// Source: Devlin et al. 2019, arXiv:1810.04805; checked against Hugging Face `BertLayer`.
package struct TransformerBlock: Sendable {
  let configuration: EncoderConfiguration
  let index: Int
  let queryWeight, keyWeight, valueWeight, queryBias, keyBias, valueBias: ParameterTensor
  let outputWeight, outputBias, firstScale, firstShift: ParameterTensor
  let upWeight, upBias, downWeight, downBias: ParameterTensor
  /// Of the normalization that the block ends with, `[hidden]`.
  package let secondScale, secondShift: ParameterTensor

  init(_ layout: inout ParameterLayout, _ configuration: EncoderConfiguration, index: Int, prefix: String) {
    self.configuration = configuration
    self.index = index
    let d = configuration.hidden
    // Queries, keys and values adjoin, so that one product makes all three.
    queryWeight = layout.add("\(prefix).attention.self.query.weight", [d, d])
    keyWeight = layout.add("\(prefix).attention.self.key.weight", [d, d], adjoining: true)
    valueWeight = layout.add("\(prefix).attention.self.value.weight", [d, d], adjoining: true)
    queryBias = layout.add("\(prefix).attention.self.query.bias", [d])
    keyBias = layout.add("\(prefix).attention.self.key.bias", [d], adjoining: true)
    valueBias = layout.add("\(prefix).attention.self.value.bias", [d], adjoining: true)
    outputWeight = layout.add("\(prefix).attention.output.dense.weight", [d, d])
    outputBias = layout.add("\(prefix).attention.output.dense.bias", [d])
    firstScale = layout.add("\(prefix).attention.output.LayerNorm.weight", [d])
    firstShift = layout.add("\(prefix).attention.output.LayerNorm.bias", [d])
    upWeight = layout.add("\(prefix).intermediate.dense.weight", [configuration.inner, d])
    upBias = layout.add("\(prefix).intermediate.dense.bias", [configuration.inner])
    downWeight = layout.add("\(prefix).output.dense.weight", [d, configuration.inner])
    downBias = layout.add("\(prefix).output.dense.bias", [d])
    secondScale = layout.add("\(prefix).output.LayerNorm.weight", [d])
    secondShift = layout.add("\(prefix).output.LayerNorm.bias", [d])
  }

  private func attentionDropout(_ mode: Mode) -> Dropout {
    mode.dropout(configuration.attentionDropout, place: UInt64(index) * 4 + 1)
  }
  private func firstDropout(_ mode: Mode) -> Dropout {
    mode.dropout(configuration.dropout, place: UInt64(index) * 4 + 2)
  }
  private func secondDropout(_ mode: Mode) -> Dropout {
    mode.dropout(configuration.dropout, place: UInt64(index) * 4 + 3)
  }

  /// Overwrites the activations; the block's output is `activations.output`, a row for each query.
  ///
  /// - Shapes: `input` `[rows, hidden]`; `plan` says which rows are queries, `queryRows` lists them where not all are.
  /// - Parameter past: what stands before the sequences; only without dropout.
  func forward(
    _ input: Matrix, queryRows: [Int32]?, plan: AttentionPlan, past: PastRows? = nil, parameters p: ParameterVector,
    mode: Mode, rowBase: Int, activations a: BlockActivations, scratch: BlockScratch
  ) {
    let d = configuration.hidden
    let rows = input.rows
    let n = queryRows?.count ?? rows
    let residual: Matrix
    let qkv = a.qkv.prefix(rows)
    let queries: Matrix
    if let queryRows {
      residual = a.queryInput.prefix(n)
      Rows.gather(input, queryRows, into: residual)
      queries = a.queries.prefix(n)
      Linear.forward(residual, weight: p[queryWeight], output: queries)
      BiasSum.forward(input: queries, bias: p[queryBias])
      let keysValues = qkv.columns(d..<3 * d)
      Linear.forward(input, weight: p.joined(keyWeight, through: valueWeight), output: keysValues)
      BiasSum.forward(input: keysValues, bias: p.joined(keyBias, through: valueBias))
    } else {
      residual = input
      Linear.forward(input, weight: p.joined(queryWeight, through: valueWeight), output: qkv)
      BiasSum.forward(input: qkv, bias: p.joined(queryBias, through: valueBias))
      queries = qkv.columns(0..<d)
    }
    if let past {
      attend(
        queries, keysValues: qkv.columns(d..<3 * d), behind: past, plan: plan, output: a.attended.prefix(n),
        memory: mode.memory(a.attention), scratch: scratch)
    } else {
      Attention.forward(
        queries: queries, keys: qkv.columns(d..<2 * d), values: qkv.columns(2 * d..<3 * d), heads: configuration.heads,
        plan: plan, dropout: attentionDropout(mode), rowBase: rowBase, output: a.attended.prefix(n),
        memory: mode.memory(a.attention), workspace: scratch.attention)
    }
    Linear.forward(a.attended.prefix(n), weight: p[outputWeight], output: a.firstSum.prefix(n))
    ResidualNormalization.forward(
      branch: a.firstSum.prefix(n), bias: p[outputBias], residual: residual, scale: p[firstScale],
      shift: p[firstShift], epsilon: configuration.epsilon, dropout: firstDropout(mode), rowBase: rowBase,
      output: a.middle.prefix(n), mean: a.firstMean.prefix(n), reciprocal: a.firstReciprocal.prefix(n))
    Linear.forward(a.middle.prefix(n), weight: p[upWeight], output: a.slope.prefix(n))
    BiasActivation.forward(
      input: a.slope.prefix(n), bias: p[upBias], activation: configuration.activation,
      output: a.activated.prefix(n))
    Linear.forward(a.activated.prefix(n), weight: p[downWeight], output: a.secondSum.prefix(n))
    ResidualNormalization.forward(
      branch: a.secondSum.prefix(n), bias: p[downBias], residual: a.middle.prefix(n), scale: p[secondScale],
      shift: p[secondShift], epsilon: configuration.epsilon, dropout: secondDropout(mode), rowBase: rowBase,
      output: a.output.prefix(n), mean: a.secondMean.prefix(n),
      reciprocal: a.secondReciprocal.prefix(n))
  }

  /// Overwrites `inputGradient`, accumulates the parameters' gradients `g`; `outputGradient` is used up.
  func backward(
    _ outputGradient: Matrix, input: Matrix, queryRows: [Int32]?, plan: AttentionPlan, parameters p: ParameterVector,
    gradients g: ParameterVector, mode: Mode, rowBase: Int, inputGradient: Matrix, activations a: BlockActivations,
    scratch: BlockScratch
  ) {
    let d = configuration.hidden
    let rows = input.rows
    let n = queryRows?.count ?? rows
    let residual = queryRows == nil ? input : a.queryInput.prefix(n)
    let residualGradient = queryRows == nil ? inputGradient : scratch.queryInput.prefix(n)
    let middleGradient = scratch.middle.prefix(n)
    let branchGradient = scratch.branch.prefix(n)
    let innerGradient = scratch.inner.prefix(n)
    ResidualNormalization.backward(
      outputGradient: outputGradient, sum: a.secondSum.prefix(n), scale: p[secondScale],
      mean: a.secondMean.prefix(n), reciprocal: a.secondReciprocal.prefix(n), dropout: secondDropout(mode),
      rowBase: rowBase, residualGradient: middleGradient, branchGradient: branchGradient, biasGradient: g[downBias],
      scaleGradient: g[secondScale], shiftGradient: g[secondShift])
    Linear.backward(
      branchGradient, input: a.activated.prefix(n), weight: p[downWeight], inputGradient: innerGradient,
      weightGradient: g[downWeight])
    BiasActivation.backward(
      outputGradient: innerGradient, slope: a.slope.prefix(n),
      inputGradient: innerGradient, biasGradient: g[upBias])
    Linear.backward(
      innerGradient, input: a.middle.prefix(n), weight: p[upWeight], inputGradient: middleGradient, beta: 1,
      weightGradient: g[upWeight])
    ResidualNormalization.backward(
      outputGradient: middleGradient, sum: a.firstSum.prefix(n), scale: p[firstScale],
      mean: a.firstMean.prefix(n), reciprocal: a.firstReciprocal.prefix(n), dropout: firstDropout(mode),
      rowBase: rowBase, residualGradient: residualGradient, branchGradient: branchGradient,
      biasGradient: g[outputBias], scaleGradient: g[firstScale], shiftGradient: g[firstShift])
    let attendedGradient = scratch.attended.prefix(n)
    Linear.backward(
      branchGradient, input: a.attended.prefix(n), weight: p[outputWeight], inputGradient: attendedGradient,
      weightGradient: g[outputWeight])
    let qkv = a.qkv.prefix(rows)
    let qkvGradient = scratch.qkv.prefix(rows)
    let queryGradient = queryRows == nil ? qkvGradient.columns(0..<d) : scratch.queries.prefix(n)
    Attention.backward(
      outputGradient: attendedGradient, queries: queryRows == nil ? qkv.columns(0..<d) : a.queries.prefix(n),
      keys: qkv.columns(d..<2 * d), values: qkv.columns(2 * d..<3 * d), output: a.attended.prefix(n),
      memory: mode.memory(a.attention), heads: configuration.heads, plan: plan, dropout: attentionDropout(mode),
      rowBase: rowBase, queryGradient: queryGradient, keyGradient: qkvGradient.columns(d..<2 * d),
      valueGradient: qkvGradient.columns(2 * d..<3 * d), workspace: scratch.attention)
    guard let queryRows else {
      BiasSum.backward(outputGradient: qkvGradient, biasGradient: g.joined(queryBias, through: valueBias))
      Linear.backward(
        qkvGradient, input: input, weight: p.joined(queryWeight, through: valueWeight), inputGradient: inputGradient,
        beta: 1, weightGradient: g.joined(queryWeight, through: valueWeight))
      return
    }
    let keysValuesGradient = qkvGradient.columns(d..<3 * d)
    BiasSum.backward(outputGradient: keysValuesGradient, biasGradient: g.joined(keyBias, through: valueBias))
    Linear.backward(
      keysValuesGradient, input: input, weight: p.joined(keyWeight, through: valueWeight),
      inputGradient: inputGradient, weightGradient: g.joined(keyWeight, through: valueWeight))
    BiasSum.backward(outputGradient: queryGradient, biasGradient: g[queryBias])
    Linear.backward(
      queryGradient, input: residual, weight: p[queryWeight], inputGradient: residualGradient, beta: 1,
      weightGradient: g[queryWeight])
    Rows.scatterAdd(residualGradient, queryRows, into: inputGradient)
  }
}

/// What one block's forward pass leaves for its backward pass, for `rows` rows, allocated once.
package struct BlockActivations: Sendable {
  let qkv, queries, queryInput, attended: Matrix
  let attention: AttentionMemory
  let firstSum, middle, firstMean, firstReciprocal: Matrix
  let slope, activated: Matrix
  let secondSum, output, secondMean, secondReciprocal: Matrix

  init(_ configuration: EncoderConfiguration, rows: Int, longestSequence: Int) {
    let d = configuration.hidden
    qkv = Matrix(rows: rows, columns: 3 * d)
    queries = Matrix(rows: rows, columns: d)
    queryInput = Matrix(rows: rows, columns: d)
    attended = Matrix(rows: rows, columns: d)
    attention = AttentionMemory(queries: rows, heads: configuration.heads, longestSequence: longestSequence)
    firstSum = Matrix(rows: rows, columns: d)
    middle = Matrix(rows: rows, columns: d)
    firstMean = Matrix(rows: rows, columns: 1)
    firstReciprocal = Matrix(rows: rows, columns: 1)
    slope = Matrix(rows: rows, columns: configuration.inner)
    activated = Matrix(rows: rows, columns: configuration.inner)
    secondSum = Matrix(rows: rows, columns: d)
    output = Matrix(rows: rows, columns: d)
    secondMean = Matrix(rows: rows, columns: 1)
    secondReciprocal = Matrix(rows: rows, columns: 1)
  }
}

/// What every block of an encoder uses in turn; nothing in it outlives a block.
package struct BlockScratch: Sendable {
  let middle, branch, inner, attended, qkv, queries, queryInput, attention: Matrix
  /// The keys and values of one whole sequence, where some were computed earlier.
  let keysValues: Matrix

  init(_ configuration: EncoderConfiguration, rows: Int, longestSequence: Int) {
    let d = configuration.hidden
    middle = Matrix(rows: rows, columns: d)
    branch = Matrix(rows: rows, columns: d)
    inner = Matrix(rows: rows, columns: configuration.inner)
    attended = Matrix(rows: rows, columns: d)
    qkv = Matrix(rows: rows, columns: 3 * d)
    queries = Matrix(rows: rows, columns: d)
    queryInput = Matrix(rows: rows, columns: d)
    keysValues = Matrix(rows: longestSequence, columns: 2 * d)
    attention = Matrix(
      rows: 1,
      columns: Attention.workspaceCount(
        longestSequence: longestSequence, heads: configuration.heads, headWidth: d / configuration.heads))
  }
}
