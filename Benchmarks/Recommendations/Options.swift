/// The options of the command line.
struct Options {
  struct Fault: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
  }

  var items = [10_000, 100_000, 1_000_000]
  var lengths = [10, 100, 1_000]
  var threads = [1, 2]
  var width = 64
  var users = 512
  var pairs = 3
  var beside, model, save: String?

  init(_ words: some Collection<String>) throws {
    var words = Array(words)
    while words.count >= 2 {
      let numbers = words[1].split(separator: ",").compactMap { Int($0) }.filter { $0 > 0 }
      switch (words[0], numbers.first) {
      case ("--items", .some): items = numbers
      case ("--k", .some): lengths = numbers
      case ("--threads", .some): threads = numbers
      case ("--width", .some(let value)): width = value
      case ("--users", .some(let value)): users = value
      case ("--pairs", .some(let value)): pairs = value
      case ("--beside", _): beside = words[1]
      case ("--model", _): model = words[1]
      case ("--save", _): save = words[1]
      default: throw Fault("\(words[0]) \(words[1]) is not understood")
      }
      words.removeFirst(2)
    }
    if let left = words.first { throw Fault("\(left) needs a value") }
  }
}
