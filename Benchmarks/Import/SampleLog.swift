import Foundation

/// A CSV of events that the benchmark makes for itself: the same bytes for the same size.
struct SampleLog {
  static let userCount = 200_000
  static let itemCount = 50_000

  let url: URL
  private(set) var bytes = 0

  /// Writes `rows` events of up to 200,000 users and 50,000 items, in time order, at `url`.
  init(rows: Int, at url: URL) throws {
    self.url = url
    try Data().write(to: url)
    let file = try FileHandle(forWritingTo: url)
    var buffer = Array("userId,movieId,rating,timestamp\n".utf8)
    var state: UInt64 = 1
    for row in 0..<rows {
      // Knuth's MMIX generator; the high bits are the good ones.
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let random = Int(state >> 33)
      // Squaring the share makes a few items popular and most rare.
      let share = Double(random % 1_000_003) / 1_000_003
      append(random / 1_000 % Self.userCount, ",", to: &buffer)
      append(Int(share * share * Double(Self.itemCount)), ",", to: &buffer)
      append(random % 5 + 1, ".0,", to: &buffer)
      append(1_500_000_000 + row, "\n", to: &buffer)
      if buffer.count > 1 << 20 || row == rows - 1 {
        try file.write(contentsOf: buffer)
        bytes += buffer.count
        buffer.removeAll(keepingCapacity: true)
      }
    }
    try file.close()
  }

  private func append(_ number: Int, _ text: String, to buffer: inout [UInt8]) {
    buffer.append(contentsOf: String(number).utf8)
    buffer.append(contentsOf: text.utf8)
  }
}
