import SequentialModels

/// Learns a vocabulary of word pieces from text: BERT's special tokens, the characters, then the pieces that joining the
/// most frequent pair of neighbors makes, one after the other.
///
/// The same text gives the same vocabulary. Of equally frequent pairs the one whose pieces stand earlier is joined first;
/// Hugging Face numbers the characters within words in the order of a hash table, so its vocabularies differ from one run
/// to the next wherever two pairs are equally frequent, and agree with this one elsewhere.
/// - Source: checked against Hugging Face `tokenizers` (`BertWordPieceTokenizer.train`).
package struct WordPieceTrainer: Sendable {
  /// Tokens of the vocabulary at most, special ones included.
  package var size: Int
  /// How often a pair must occur to be joined.
  package var minimumFrequency: Int
  /// Different characters at most; the rarest are left out.
  package var alphabet: Int
  package let basic: BasicTokenizer

  package init(
    size: Int, minimumFrequency: Int = 2, alphabet: Int = 1_000,
    basic: BasicTokenizer = BasicTokenizer(lowercases: true)
  ) {
    self.size = size
    self.minimumFrequency = minimumFrequency
    self.alphabet = alphabet
    self.basic = basic
  }

  /// The tokens in the order of their ids, learned from `lines`; fewer than `size` where no pair is frequent enough.
  package func tokens(of lines: [String]) -> [String] {
    // Words with the same bytes are the same; Swift's texts are equal where Unicode takes them for equal.
    var counts: [[UInt8]: Int] = [:]
    for line in lines { for word in basic.words(of: line) { counts[Array(word.utf8), default: 0] += 1 } }
    let words = counts.sorted {
      $0.value > $1.value || $0.value == $1.value && $0.key.lexicographicallyPrecedes($1.key)
    }
    var pieces = Pieces(words.map { (String(decoding: $0.key, as: UTF8.self), $0.value) }, alphabet: alphabet)
    pieces.join(upTo: size, minimum: minimumFrequency)
    return pieces.tokens
  }
}

/// Words as sequences of pieces, and how often which two of them are neighbors.
private struct Pieces {
  private struct Pair: Hashable {
    let first, second: Int32
  }

  private struct Word {
    var pieces: [Int32]
    let count: Int
  }

  private(set) var tokens = SpecialTokens.names
  private var ids: [[UInt8]: Int32] = [:]
  private var words: [Word] = []
  private var counts: [Pair: Int] = [:]
  /// Words in which a pair stands or stood.
  private var places: [Pair: Set<Int32>] = [:]
  private var queue = PairQueue()

  /// - Parameter words: each with how often it occurs, in an order that does not depend on the run.
  init(_ words: [(word: String, count: Int)], alphabet limit: Int) {
    for (id, token) in tokens.enumerated() { ids[Array(token.utf8)] = Int32(id) }
    var frequencies: [Unicode.Scalar: Int] = [:]
    for (word, count) in words { for scalar in word.unicodeScalars { frequencies[scalar, default: 0] += count } }
    let kept = frequencies.sorted { ($0.value, $1.key.value) > ($1.value, $0.key.value) }.prefix(limit)
    let alphabet = Set(kept.map(\.key))
    for scalar in alphabet.sorted() { _ = id(String(scalar)) }
    let inner = Set(words.flatMap { $0.word.unicodeScalars.dropFirst() }).intersection(alphabet)
    for scalar in inner.sorted() { _ = id(WordPiece.continuation + String(scalar)) }
    for (word, count) in words {
      var pieces: [Int32] = []
      for (place, scalar) in word.unicodeScalars.enumerated() where alphabet.contains(scalar) {
        pieces.append(id(place == 0 ? String(scalar) : WordPiece.continuation + String(scalar)))
      }
      self.words.append(Word(pieces: pieces, count: count))
    }
    for (index, word) in self.words.enumerated() {
      for (a, b) in zip(word.pieces, word.pieces.dropFirst()) { add(Pair(first: a, second: b), word.count, in: index) }
    }
    for (pair, count) in counts { queue.insert(.init(count: count, first: pair.first, second: pair.second)) }
  }

  private mutating func id(_ token: String) -> Int32 {
    let key = Array(token.utf8)
    if let id = ids[key] { return id }
    ids[key] = Int32(tokens.count)
    tokens.append(token)
    return Int32(tokens.count - 1)
  }

  private mutating func add(_ pair: Pair, _ count: Int, in word: Int) {
    counts[pair, default: 0] += count
    if count > 0 { places[pair, default: []].insert(Int32(word)) }
  }

  /// Joins the most frequent pair again and again.
  mutating func join(upTo size: Int, minimum: Int) {
    while tokens.count < size, let top = queue.removeFirst() {
      let pair = Pair(first: top.first, second: top.second)
      let count = counts[pair] ?? 0
      if count != top.count {
        // Earlier joins have taken some of its occurrences.
        if count > 0 { queue.insert(.init(count: count, first: pair.first, second: pair.second)) }
        continue
      }
      if count < max(1, minimum) { return }
      let second = tokens[Int(pair.second)]
      let end = second.hasPrefix(WordPiece.continuation) ? second.dropFirst(WordPiece.continuation.count) : second[...]
      let joined = id(tokens[Int(pair.first)] + end)
      var changed: Set<Pair> = []
      for word in (places.removeValue(forKey: pair) ?? []).sorted() { join(pair, to: joined, in: Int(word), &changed) }
      for new in changed {
        if let count = counts[new], count > 0 {
          queue.insert(.init(count: count, first: new.first, second: new.second))
        }
      }
    }
  }

  private mutating func join(_ pair: Pair, to joined: Int32, in index: Int, _ changed: inout Set<Pair>) {
    let word = words[index]
    var pieces: [Int32] = []
    var place = 0
    while place < word.pieces.count {
      guard place + 1 < word.pieces.count, word.pieces[place] == pair.first, word.pieces[place + 1] == pair.second
      else {
        pieces.append(word.pieces[place])
        place += 1
        continue
      }
      if let before = pieces.last {
        add(Pair(first: before, second: pair.first), -word.count, in: index)
        let new = Pair(first: before, second: joined)
        add(new, word.count, in: index)
        changed.insert(new)
      }
      add(pair, -word.count, in: index)
      if place + 2 < word.pieces.count {
        let after = word.pieces[place + 2]
        add(Pair(first: pair.second, second: after), -word.count, in: index)
        let new = Pair(first: joined, second: after)
        add(new, word.count, in: index)
        changed.insert(new)
      }
      pieces.append(joined)
      place += 2
    }
    words[index].pieces = pieces
  }
}

/// Pairs by their counts, the most frequent first, of equal ones the one with the smaller numbers.
private struct PairQueue {
  struct Entry: Comparable {
    let count: Int
    let first, second: Int32

    /// Whether `a` comes first.
    static func < (a: Entry, b: Entry) -> Bool {
      (b.count, a.first, a.second) < (a.count, b.first, b.second)
    }
  }

  private var heap: [Entry] = []

  mutating func insert(_ entry: Entry) {
    heap.append(entry)
    var place = heap.count - 1
    while place > 0, heap[place] < heap[(place - 1) / 2] {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func removeFirst() -> Entry? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if heap.isEmpty { return first }
    heap[0] = last
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child] < heap[least] {
        least = child
      }
      if least == place { return first }
      heap.swapAt(place, least)
      place = least
    }
  }
}
