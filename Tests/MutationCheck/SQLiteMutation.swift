import Interactions

/// Changes of an SQLite database at its pages and cells, which its library does not notice by itself.
///
/// - Source: "Database File Format", sqlite.org/fileformat2.html.
enum SQLiteMutation {
  static func change(_ bytes: inout [UInt8], using random: inout SplitMix64) -> String {
    guard bytes.count >= 512 else { return FileShape.field(&bytes, using: &random) }
    let claimed = Int(bytes[16]) << 8 | Int(bytes[17])
    let size = claimed == 1 ? 65_536 : claimed
    let pages = bytes.count / max(size, 512)
    if random.below(8) == 0 || pages < 2 {
      return "header: " + FileShape.field(&bytes, using: &random, in: 16..<100)
    }
    let page = random.below(pages)
    let start = page * size
    let header = page == 0 ? start + 100 : start
    let kind = bytes[header]
    guard [2, 5, 10, 13].contains(kind) else {
      return "page \(page + 1): " + FileShape.field(&bytes, using: &random, in: start..<start + size)
    }
    let width = kind == 2 || kind == 5 ? 12 : 8
    if random.below(6) == 0 {
      return "page \(page + 1), header: " + FileShape.field(&bytes, using: &random, in: header..<header + width)
    }
    let cells = Int(bytes[header + 3]) << 8 | Int(bytes[header + 4])
    let pointers = header + width
    guard cells > 0, pointers + 2 * cells <= start + size else {
      return "page \(page + 1): " + FileShape.field(&bytes, using: &random, in: start..<start + size)
    }
    func pointer(_ cell: Int) -> Int { Int(bytes[pointers + 2 * cell]) << 8 | Int(bytes[pointers + 2 * cell + 1]) }
    let cell = random.below(cells)
    switch random.below(8) {
    case 0:
      return "page \(page + 1), pointers: "
        + FileShape.field(&bytes, using: &random, in: pointers..<pointers + 2 * cells)
    case 1:
      // Two rows change places: their order says another thing, and every byte is still there.
      let other = random.below(cells)
      for byte in 0..<2 { bytes.swapAt(pointers + 2 * cell + byte, pointers + 2 * other + byte) }
      return "page \(page + 1), cells \(cell) and \(other) swapped"
    case 2 where kind == 13 || kind == 10:
      // The other page's cell of the same kind, over this one's place.
      let other = random.below(pages) * size
      for byte in 0..<size where other != 0 && start != 0 { bytes[start + byte] = bytes[other + byte] }
      return "page \(page + 1) is a copy of page \(other / size + 1)"
    default:
      return "page \(page + 1), cell \(cell): " + change(cell: start + pointer(cell), of: kind, &bytes, using: &random)
    }
  }

  /// A length, a row's number, a column's type or a byte of a value.
  private static func change(
    cell: Int, of kind: UInt8, _ bytes: inout [UInt8], using random: inout SplitMix64
  ) -> String {
    guard kind == 13, cell + 2 < bytes.count else {
      return FileShape.field(&bytes, using: &random, in: min(cell, bytes.count - 1)..<min(cell + 16, bytes.count))
    }
    var at = cell
    func number() -> Int {
      var value = 0
      for _ in 0..<9 where at < bytes.count {
        let byte = bytes[at]
        at += 1
        value = value << 7 | Int(byte & 0x7F)
        if byte < 0x80 { break }
      }
      return value
    }
    let payload = number()
    let row = at
    _ = number()
    let types = at
    let header = number()
    let values = min(types + max(header, 1), bytes.count)
    let end = min(max(cell + payload, values), bytes.count)
    switch random.below(5) {
    case 0:
      bytes[cell] = UInt8(truncatingIfNeeded: random.next())
      return "another length"
    case 1:
      bytes[row] ^= 1 << random.below(7)
      return "another row number"
    case 2 where values > types + 1:
      let column = types + 1 + random.below(values - types - 1)
      bytes[column] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 0x7F, 0x80, 0xFF].pick(using: &random)
      return "type \(bytes[column]) at \(column)"
    default:
      guard values < end else { return FileShape.field(&bytes, using: &random, in: cell..<min(cell + 16, bytes.count)) }
      let place = values + random.below(end - values)
      bytes[place] ^= 1 << random.below(8)
      return "a bit of a value at \(place)"
    }
  }
}
