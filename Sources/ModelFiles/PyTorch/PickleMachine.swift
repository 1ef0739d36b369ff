import Foundation

/// Reads a pickle that holds tensors by name, and nothing else.
///
/// Python's pickles are programs that may call any function. This machine has values and containers only: the few names
/// of PyTorch that describe a tensor become descriptions, any other name ends the reading, and no code is ever run.
/// - Source: CPython's pickletools.py, protocols 2 to 5.
struct PickleMachine {
  /// What a pickle can hold here. Lists and dictionaries stand apart, since they are filled after they are named.
  indirect enum Value {
    case none
    case bool(Bool)
    case int(Int)
    case float
    case text(String)
    /// An integer of more than 64 bits, lowest byte first.
    case large(Data)
    case tuple([Value], depth: Int)
    case list(Int)
    case dictionary(Int)
    case name(String)
    case storage(Storage)
    case tensor(Tensor)
    case mark
  }

  /// Numbers of one type, which stand elsewhere in the file under a key.
  struct Storage: Equatable {
    var key: String
    var type: String
    var count: Int
  }

  /// A view of a storage.
  struct Tensor: Equatable {
    var storage: Storage
    var offset: Int
    var shape: [Int]
    var strides: [Int]
  }

  private static let deepest = 16
  private static let rebuilt: Set = [
    "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor", "torch._utils._rebuild_parameter",
  ]
  static let storageTypes: Set = [
    "FloatStorage", "HalfStorage", "BFloat16Storage", "DoubleStorage", "LongStorage", "IntStorage", "ShortStorage",
    "CharStorage", "ByteStorage", "BoolStorage",
  ]

  private let file: LittleEndian
  /// Where the machine stands, also after its end.
  private(set) var offset: Int
  private var stack: [Value] = []
  private var memo: [Int: Value] = [:]
  private(set) var lists: [[Value]] = []
  private(set) var dictionaries: [[(key: Value, value: Value)]] = []

  /// A machine for the pickle that begins at `offset` of `file`.
  init(_ file: LittleEndian, at offset: Int = 0) {
    self.file = file
    self.offset = offset
  }

  /// Runs to the end of the pickle.
  ///
  /// - Returns: what it holds.
  /// - Throws: `PickleFault` for anything but tensors and plain values.
  mutating func run() throws(PickleFault) -> Value {
    while true {
      let code = try byte()
      if code == UInt8(ascii: ".") { return try pop() }
      try step(code)
    }
  }

  private mutating func step(_ code: UInt8) throws(PickleFault) {
    switch code {
    case 0x80: if try byte() > 5 { throw PickleFault("its pickle protocol is unknown") }
    case 0x95: _ = try take(8)
    case UInt8(ascii: "("): stack.append(.mark)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.bool(true))
    case 0x89: stack.append(.bool(false))
    case UInt8(ascii: "J"): stack.append(.int(Int(Int32(truncatingIfNeeded: try number(4)))))
    case UInt8(ascii: "K"): stack.append(.int(Int(try number(1))))
    case UInt8(ascii: "M"): stack.append(.int(Int(try number(2))))
    case 0x8a: try takeLong()
    case UInt8(ascii: "G"):
      _ = try take(8)
      stack.append(.float)
    case UInt8(ascii: "X"), UInt8(ascii: "T"): try takeText(Int(try number(4)))
    case 0x8c, UInt8(ascii: "U"): try takeText(Int(try number(1)))
    case UInt8(ascii: "q"): memo[Int(try number(1))] = try top()
    case UInt8(ascii: "r"): memo[Int(try number(4))] = try top()
    case 0x94: memo[memo.count] = try top()
    case UInt8(ascii: "h"): stack.append(try remembered(Int(try number(1))))
    case UInt8(ascii: "j"): stack.append(try remembered(Int(try number(4))))
    case UInt8(ascii: ")"): stack.append(.tuple([], depth: 1))
    case UInt8(ascii: "t"): try pushTuple(popToMark())
    case 0x85, 0x86, 0x87: try pushTuple(pop(Int(code) - 0x84))
    case UInt8(ascii: "]"): pushList([])
    case UInt8(ascii: "l"): pushList(try popToMark())
    case UInt8(ascii: "a"): try append([pop()])
    case UInt8(ascii: "e"): try append(popToMark())
    case UInt8(ascii: "}"): pushDictionary()
    case UInt8(ascii: "s"): try set(pop(2))
    case UInt8(ascii: "u"): try set(popToMark())
    case UInt8(ascii: "c"): try pushName(line(), line())
    case 0x93:
      let parts = try pop(2)
      guard case .text(let module) = parts[0], case .text(let name) = parts[1] else { throw Self.damaged }
      try pushName(module, name)
    case UInt8(ascii: "Q"): try pushStorage(pop())
    case UInt8(ascii: "R"): try rebuild(pop(2))
    // What a dictionary of states has besides its tensors, such as versions of modules.
    case UInt8(ascii: "b"):
      let parts = try pop(2)
      guard case .dictionary = parts[0] else { throw PickleFault("it holds an object that is neither tensor nor list") }
      stack.append(parts[0])
    default: throw PickleFault("it holds an operation that no file of tensors needs (\(code))")
    }
  }

  /// The pairs of a dictionary whose keys are texts.
  func pairs(of value: Value) -> [(name: String, value: Value)]? {
    guard case .dictionary(let index) = value else { return nil }
    return dictionaries[index].compactMap { pair in
      if case .text(let name) = pair.key { (name, pair.value) } else { nil }
    }
  }
}

extension PickleMachine {
  private static let damaged = PickleFault("the pickle is damaged or cut off")

  private mutating func take(_ count: Int) throws(PickleFault) -> Data {
    guard let bytes = file.bytes(offset, count) else { throw Self.damaged }
    offset += count
    return bytes
  }

  private mutating func number(_ count: Int) throws(PickleFault) -> UInt64 {
    try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func byte() throws(PickleFault) -> UInt8 { UInt8(try number(1)) }

  private mutating func takeText(_ length: Int) throws(PickleFault) {
    guard let text = String(validating: try take(length), as: UTF8.self) else { throw Self.damaged }
    stack.append(.text(text))
  }

  private mutating func takeLong() throws(PickleFault) {
    let bytes = try take(Int(try number(1)))
    guard bytes.count <= 8 else { return stack.append(.large(bytes)) }
    let isNegative = (bytes.last ?? 0) >= 0x80
    let bits = bytes.reversed().reduce(isNegative ? UInt64.max : 0) { $0 << 8 | UInt64($1) }
    stack.append(.int(Int(Int64(bitPattern: bits))))
  }

  /// A text up to the next line feed, as names are written.
  private mutating func line() throws(PickleFault) -> String {
    var bytes: [UInt8] = []
    while case let next = try byte(), next != UInt8(ascii: "\n") {
      bytes.append(next)
      if bytes.count > 256 { throw Self.damaged }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Self.damaged }
    return text
  }

  private mutating func pop() throws(PickleFault) -> Value {
    guard let value = stack.popLast() else { throw Self.damaged }
    if case .mark = value { throw Self.damaged }
    return value
  }

  private mutating func pop(_ count: Int) throws(PickleFault) -> [Value] {
    var values: [Value] = []
    for _ in 0..<count { values.append(try pop()) }
    return values.reversed()
  }

  private mutating func popToMark() throws(PickleFault) -> [Value] {
    var values: [Value] = []
    while let value = stack.popLast() {
      if case .mark = value { return values.reversed() }
      values.append(value)
    }
    throw Self.damaged
  }

  private func top() throws(PickleFault) -> Value {
    guard let value = stack.last else { throw Self.damaged }
    if case .mark = value { throw Self.damaged }
    return value
  }

  private func remembered(_ index: Int) throws(PickleFault) -> Value {
    guard let value = memo[index] else { throw Self.damaged }
    return value
  }

  private mutating func pushTuple(_ values: [Value]) throws(PickleFault) {
    var depth = 0
    for case .tuple(_, let own) in values { depth = max(depth, own) }
    if depth >= Self.deepest { throw PickleFault("its values are nested deeper than those of tensors") }
    stack.append(.tuple(values, depth: depth + 1))
  }

  private mutating func pushList(_ values: [Value]) {
    lists.append(values)
    stack.append(.list(lists.count - 1))
  }

  private mutating func pushDictionary() {
    dictionaries.append([])
    stack.append(.dictionary(dictionaries.count - 1))
  }

  private mutating func append(_ values: [Value]) throws(PickleFault) {
    guard case .list(let index) = try top() else { throw Self.damaged }
    lists[index] += values
  }

  private mutating func set(_ values: [Value]) throws(PickleFault) {
    guard case .dictionary(let index) = try top(), values.count % 2 == 0 else { throw Self.damaged }
    for place in stride(from: 0, to: values.count, by: 2) {
      dictionaries[index].append((values[place], values[place + 1]))
    }
  }
}

extension PickleMachine {
  /// Only the names that say how a tensor is made.
  private mutating func pushName(_ module: String, _ name: String) throws(PickleFault) {
    let path = "\(module).\(name)"
    let isStorage = module == "torch" && Self.storageTypes.contains(name)
    guard isStorage || path == "collections.OrderedDict" || Self.rebuilt.contains(path) else {
      throw PickleFault("it names \(path), and only tensors are read (nothing was run)")
    }
    stack.append(.name(isStorage ? name : path))
  }

  /// `("storage", type, key, place, count)`, which stands for numbers elsewhere in the file.
  private mutating func pushStorage(_ value: Value) throws(PickleFault) {
    guard case .tuple(let parts, _) = value, parts.count >= 5, case .text("storage") = parts[0],
      case .name(let type) = parts[1], case .text(let key) = parts[2], case .int(let count) = parts[4], count >= 0,
      Self.storageTypes.contains(type)
    else { throw PickleFault("it refers to something that is no storage of numbers") }
    if parts.count > 5 { guard case .none = parts[5] else { throw PickleFault("it holds a view of a storage") } }
    stack.append(.storage(Storage(key: key, type: type, count: count)))
  }

  private mutating func rebuild(_ call: [Value]) throws(PickleFault) {
    guard case .name(let name) = call[0], case .tuple(let arguments, _) = call[1] else { throw Self.damaged }
    switch name {
    case "collections.OrderedDict":
      guard arguments.isEmpty else { throw PickleFault("it holds an ordered dictionary that is not empty at first") }
      pushDictionary()
    case "torch._utils._rebuild_parameter":
      guard let first = arguments.first, case .tensor = first else { throw Self.damaged }
      stack.append(first)
    case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor":
      guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .int(let offset) = arguments[1],
        case .tuple(let shape, _) = arguments[2], case .tuple(let strides, _) = arguments[3]
      else { throw Self.damaged }
      stack.append(
        .tensor(
          Tensor(storage: storage, offset: offset, shape: try Self.numbers(shape), strides: try Self.numbers(strides))))
    default: throw Self.damaged
    }
  }

  private static func numbers(_ values: [Value]) throws(PickleFault) -> [Int] {
    var numbers: [Int] = []
    for value in values {
      guard case .int(let number) = value else { throw damaged }
      numbers.append(number)
    }
    return numbers
  }
}
