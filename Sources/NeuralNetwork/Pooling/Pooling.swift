/// How the last hidden states of a sequence become the one vector that is scored against the item table.
///
/// Written as one word: `tail`, `last`, `cls`, `mean`, `max`, `meanSqrtLength`, `lastK:5`, `recencyWeighted` (learned
/// decay) or `recencyWeighted:0.8` (fixed), `attention`, and two joined by `+`, such as `tail+mean` or `tail+last`.
///
/// Every sequence but that of `last` alone ends with the `[MASK]` that stands for the next item. It has read the whole
/// history, and it takes part in all poolings but `last` as the most recent row; `[CLS]`, where a sequence has one, takes
/// part only in `cls`.
package indirect enum Pooling: Sendable, Hashable {
  /// The hidden state of the `[MASK]` behind the history.
  case tail
  /// The hidden state of the last item; alone, no `[MASK]` is appended. What causal encoders (SASRec) use.
  case last
  /// The hidden state of the `[CLS]` before the history.
  case cls
  /// `Σ h / n`
  case mean
  /// The largest of each column.
  case max
  /// `Σ h / √n`, which keeps a long history's length in its norm.
  case meanSqrtLength
  /// The mean of the last `k` rows, fewer where the sequence is shorter.
  case lastK(Int)
  /// `Σ decay^age · h / Σ decay^age`, the `[MASK]` having age 0; a decay of nil is learned.
  case recencyWeighted(decay: Float?)
  /// `softmax(h · q / √hidden)`-weighted, the query `q` learned.
  case attention
  /// Two poolings side by side, brought back to the encoder's width by a learned projection.
  case concat(Pooling, Pooling)

  /// Whether a `[MASK]` is appended to the history.
  package var appendsMask: Bool { self != .last }

  /// Whether a sequence begins with `[CLS]`.
  package var readsCLS: Bool {
    switch self {
    case .cls: true
    case .concat(let a, let b): a.readsCLS || b.readsCLS
    default: false
    }
  }

  /// Whether one row of the encoder is the vector, so that no other row of the last block is computed.
  package var isOneRow: Bool { self == .tail || self == .last }

  /// Whether the vector is made of the `[MASK]` and the last item: what every prefix of a history has, so that all are
  /// scored in one pass.
  package var joinsTailAndLast: Bool { self == .concat(.tail, .last) || self == .concat(.last, .tail) }

  /// How many rows at the end of a sequence are read; nil for all.
  package var reach: Int? { isOneRow ? 1 : joinsTailAndLast ? 2 : nil }
}

extension Pooling: LosslessStringConvertible {
  /// The poolings without a number or a partner, by name.
  package static let simple: [(name: String, pooling: Pooling)] = [
    ("tail", .tail), ("last", .last), ("cls", .cls), ("mean", .mean), ("max", .max),
    ("meanSqrtLength", .meanSqrtLength), ("recencyWeighted", .recencyWeighted(decay: nil)), ("attention", .attention),
  ]

  package init?(_ text: String) {
    let parts = text.split(separator: "+", omittingEmptySubsequences: false)
    if parts.count == 2 {
      guard let a = Pooling(String(parts[0])), let b = Pooling(String(parts[1])), a != .last || b != .last else {
        return nil
      }
      self = .concat(a, b)
      return
    }
    if let known = Self.simple.first(where: { $0.name == text }) {
      self = known.pooling
      return
    }
    let words = text.split(separator: ":", omittingEmptySubsequences: false)
    guard words.count == 2 else { return nil }
    switch words[0] {
    case "lastK":
      guard let k = Int(words[1]), (1...1_000_000).contains(k) else { return nil }
      self = .lastK(k)
    case "recencyWeighted":
      guard let decay = Float(words[1]), decay > 0, decay <= 1 else { return nil }
      self = .recencyWeighted(decay: decay)
    default: return nil
    }
  }

  package var description: String {
    switch self {
    case .lastK(let k): "lastK:\(k)"
    case .recencyWeighted(let decay?): "recencyWeighted:\(decay)"
    case .concat(let a, let b): "\(a)+\(b)"
    default: Self.simple.first { $0.pooling == self }!.name
    }
  }
}

extension Pooling: Codable {
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let pooling = Pooling(text) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "“\(text)” is no pooling; known: \(Self.simple.map(\.name).joined(separator: ", ")), "
            + "lastK:5, recencyWeighted:0.8, and two joined as in tail+mean"))
    }
    self = pooling
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
