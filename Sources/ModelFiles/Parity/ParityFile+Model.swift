import Interactions
import Kernels
import NeuralNetwork
import SequentialModels

extension ParityFile {
  /// What `model`, read as a filler of masks, says of `histories`: the logits at the place that is scored.
  ///
  /// A causal encoder that is scored at its last item is evaluated there; every other one at a `[MASK]` behind the history,
  /// whatever its own pooling.
  /// - Parameter tokenizer: the one of the model's directory.
  package init(_ model: BERT4Rec, tokenizer: Tokenizer, histories: [ArraySlice<ItemID>]) {
    let configuration = model.network.configuration.fillingMasks
    let network = BERTNetwork(configuration)
    let encoding = HistoryEncoding(configuration: configuration, vocabulary: model.vocabulary)
    let parameters = ParameterVector(network.layout)
    for tensor in network.layout.tensors {
      guard let own = model.network.layout[tensor.name] else { preconditionFailure("no tensor \(tensor.name)") }
      parameters[tensor].assign(model.parameters[own])
    }
    let reader = ParityReader(network, parameters, tokenizer)
    var cases = histories.map { history in
      var batch = MicroBatch()
      encoding.append(history, to: &batch)
      return reader.read(batch, at: batch.rows.count - 1)
    }
    let pair = histories.last { (2...max(2, configuration.positions - 3)).contains($0.count) }
    if configuration.nextSegmentHead, configuration.positions > 4, let pair {
      cases.append(reader.read(MicroBatch(pair: pair, of: model.vocabulary), at: 0))
    }
    self.init(cases: cases)
  }

  /// What `model` says of sequences of token ids, whether its directory has a vocabulary or not, as Hugging Face reads it.
  ///
  /// - Precondition: no sequence has a `fault` in the model's configuration.
  package init(_ model: HuggingFaceModel, sequences: [TokenSequence]) {
    let network = BERTNetwork(model.configuration.encoder.fillingMasks)
    let reader = ParityReader(network, network.parameters(from: model, seed: 0), model.tokenizer)
    self.init(
      cases: sequences.map {
        reader.read(MicroBatch($0, for: network.configuration), at: $0.position ?? $0.token_ids.count - 1)
      })
  }

  /// Histories of five lengths up to the longest that `model` reads, of items drawn from all it knows.
  package static func drawnHistories(for model: BERT4Rec) -> [ArraySlice<ItemID>] {
    let longest = max(1, model.network.configuration.positions - 1)
    let random = CounterRandom(seed: 1, .parity)
    let lengths = Set([1, 2, 5, 20, longest].map { min($0, longest) }).sorted()
    return lengths.map { length in
      (0..<length).map { ItemID(random.below(model.itemCount, UInt64(length << 32 + $0))) }[...]
    }
  }
}

extension EncoderConfiguration {
  /// Read as a filler of masks, or where it is causal and scored at its last item, as that.
  fileprivate var fillingMasks: EncoderConfiguration {
    var configuration = self
    if !(attention == .causal && pooling == .last) { configuration.pooling = .tail }
    return configuration
  }
}

/// Reads the logits of one place.
private struct ParityReader {
  /// Logits that are written per sequence: the largest, and as many others spread evenly over the vocabulary.
  private static let shown = 100
  let network: BERTNetwork
  let parameters: ParameterVector
  /// As the directory's tokenizer has them; nil for word pieces, and without a vocabulary.
  let tokens: [String]?

  init(_ network: BERTNetwork, _ parameters: ParameterVector, _ tokenizer: Tokenizer?) {
    (self.network, self.parameters) = (network, parameters)
    if let tokenizer, case .whitespace(let escaped) = tokenizer.kind {
      tokens = VocabularyFile.fileTokens(of: tokenizer.vocabulary, escaped: escaped)
    } else {
      tokens = nil
    }
  }

  func read(_ batch: MicroBatch, at position: Int) -> ParityFile.Case {
    let workspace = BERTWorkspace(network.configuration, rows: batch.rows.count)
    let vector = network.forward(batch, parameters: parameters, mode: .inference, rowBase: 0, workspace: workspace)
    let table = parameters[network.encoder.embeddings.token]
    let logits = Matrix(rows: 1, columns: table.rows)
    MatrixProduct.multiply(vector, table, rightTransposed: true, into: logits)
    BiasSum.forward(input: logits, bias: parameters[network.head.itemBias])
    let values = logits.values
    let largest = values.indices.sorted { values[$0] > values[$1] }.prefix(Self.shown)
    let spread = stride(from: 0, to: values.count, by: max(1, values.count / Self.shown))
    let ids = Set(largest).union(spread).sorted()
    let tokenIDs = batch.rows.tokens.map(Int.init)
    var result = ParityFile.Case(
      text: tokens.map { tokens in tokenIDs.map { tokens[$0] }.joined(separator: " ") }, tokenIDs: tokenIDs,
      segments: batch.rows.segments.map(Int.init), position: position, logitIDs: ids, logits: ids.map { values[$0] })
    if !batch.segmentLabels.isEmpty { result.next_segment_logits = workspace.nextSegmentLogits(1).values }
    return result
  }
}

extension MicroBatch {
  /// The rows of a sequence of token ids, one of which is scored; a next-segment head reads the first.
  fileprivate init(_ sequence: TokenSequence, for configuration: EncoderConfiguration) {
    self.init()
    let count = sequence.token_ids.count
    let scored = sequence.position ?? count - 1
    for (place, id) in sequence.token_ids.enumerated() {
      let segment = Int32(sequence.segments?[place] ?? 0)
      let prefix = configuration.attention == .causal ? place + 1 : count
      if place == scored {
        appendTarget(
          Int32(id), of: .mlm, token: Int32(id), position: place, segment: segment, prefixLength: prefix)
      } else if place == 0, configuration.nextSegmentHead {
        _ = appendQuery(token: Int32(id), position: 0, segment: segment, prefixLength: prefix)
      } else {
        rows.append(token: Int32(id), position: place, segment: segment, prefixLength: prefix)
      }
    }
    if configuration.nextSegmentHead {
      segmentRows.append(0)
      segmentLabels.append(0)
    }
    rows.endSequence()
  }

  /// `[CLS] A [SEP] B [SEP]`, a history cut in the middle, of which both heads read `[CLS]`.
  fileprivate init(pair history: ArraySlice<ItemID>, of vocabulary: ItemVocabulary) {
    self.init()
    let (specials, count) = (vocabulary.specials, history.count + 3)
    let cut = history.startIndex + history.count / 2
    appendTarget(
      vocabulary.mask, of: .mlm, token: Int32(specials.classification), position: 0, prefixLength: count)
    segmentRows.append(0)
    segmentLabels.append(0)
    let separator = Int32(specials.separator)
    var position = 1
    for (segment, items) in [history[..<cut], history[cut...]].enumerated() {
      for token in items.map({ vocabulary.token($0) }) + [separator] {
        rows.append(token: token, position: position, segment: Int32(segment), prefixLength: count)
        position += 1
      }
    }
    rows.endSequence()
  }
}
