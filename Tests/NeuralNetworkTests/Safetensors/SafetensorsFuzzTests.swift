import Foundation
import NeuralNetwork
import Testing

@Suite struct SafetensorsFuzzTests {
  #if DEBUG
    static let files = 10_000
  #else
    static let files = 120_000
  #endif

  /// Every mutated file is either refused in words or gives exactly the numbers its header promises and its bytes hold.
  @Test func noMutationIsBelieved() throws {
    let seeds = [
      SafetensorsTests.golden,
      Safetensors.encode([
        NamedTensor(name: "a", shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
        NamedTensor(name: "b", shape: [1], values: [7]),
      ]),
    ]
    var random = SplitMix(state: 20_240_917)
    var refused = 0
    var read = 0
    for index in 0..<Self.files {
      let data = mutate(seeds[index % seeds.count], &random)
      do {
        let file = try SafetensorsFile(data, path: "fuzz")
        var bytes = 0
        for (name, entry) in file.tensors {
          #expect(entry.shape.reduce(1, *) == entry.count)
          bytes += entry.range.count
          guard entry.type.isFloatingPoint else {
            #expect(try file.integers(name).count == entry.count)
            continue
          }
          do {
            #expect(try file.floats(name).count == entry.count)
          } catch {
            guard case .notFinite = error.fault else {
              Issue.record("\(error) for a tensor whose entry was accepted")
              continue
            }
          }
        }
        #expect(bytes <= data.count)
        read += 1
      } catch {
        #expect(!error.description.isEmpty)
        refused += 1
      }
    }
    #expect(read > Self.files / 100, "some mutations leave a file valid")
    #expect(refused > Self.files / 2, "most do not")
  }

  /// One to four edits: a bit, a byte, a digit of the header, the header's length, a cut, an insertion, a repetition.
  private func mutate(_ data: Data, _ random: inout SplitMix) -> Data {
    var bytes = [UInt8](data)
    for _ in 0...random.below(4) {
      guard bytes.count > 8 else { return Data(bytes) }
      let at = random.below(bytes.count)
      switch random.below(8) {
      case 0: bytes[at] ^= 1 << UInt8(random.below(8))
      case 1: bytes[at] = UInt8(random.below(256))
      case 2: bytes[random.below(8)] = UInt8(random.below(256))
      case 3: bytes.removeLast(random.below(bytes.count))
      case 4: bytes.insert(contentsOf: (0...random.below(9)).map { _ in UInt8(random.below(256)) }, at: at)
      case 5: bytes.insert(contentsOf: bytes[at..<min(at + 40, bytes.count)], at: at)
      default:
        let digits = bytes.indices.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[$0]) }
        guard !digits.isEmpty else { continue }
        bytes[digits[random.below(digits.count)]] = UInt8(ascii: "0") + UInt8(random.below(10))
      }
    }
    return Data(bytes)
  }
}

/// Steele, Lea & Flood 2014: a small generator, so that every run mutates alike.
private struct SplitMix {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) >> 1) % bound
  }
}
