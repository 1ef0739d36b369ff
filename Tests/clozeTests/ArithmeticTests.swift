import Evaluation
import Foundation
import DurableFiles
import Kernels
import Testing

/// A resumed training and a compared figure count on one arithmetic per number of `Program.arithmetic`: the bytes of a tiny
/// model change with it and with nothing else.
@Suite struct ArithmeticTests {
  /// SHA-256 of the trained tensors, by the level of the kernels. Machines of one level agree: no kernel estimates
  /// reciprocals or roots, and so small a model has no product that goes to BLAS.
  private static let known: [Processor.Level: String] = [
    .baseline: "62cdfc0c3e4f2394", .avx2: "3539d620887ce944", .avx512: "4a67f515e92ecc14",
  ]
  private static let arithmetic = 1

  @Test(arguments: Processor.Level.allCases.filter { $0 <= Processor.best })
  func theBytesOfATinyModelChangeWithTheNumberAlone(level: Processor.Level) async throws {
    let hash = try await Self.trained(["CLOZE_CPU": level.name])
    #expect(
      hash == Self.known[level] && Program.arithmetic == Self.arithmetic,
      """
      At CLOZE_CPU=\(level.name) the tiny model is \(hash), and Program.arithmetic is \(Program.arithmetic). Where the sums \
      were meant to change, raise Program.arithmetic, write number and hashes here, and say so in CHANGELOG.md; where they \
      were not, find out what changed them.
      """)
  }

  @Test func theCoreOfBLASDoesNotReachASmallModel() async throws {
    let (oldest, own) = try await (Self.trained(["OPENBLAS_CORETYPE": "Prescott"]), Self.trained([:]))
    #expect(oldest == own)
  }

  /// The hash of a model of three objectives, with all items and with drawn ones.
  private static func trained(_ environment: [String: String]) async throws -> String {
    let folder = try TemporaryFolder()
    for words in [
      ["synthesize", "log.csv", "--users", "60", "--items", "40", "--clusters", "4", "--length", "9", "--seed", "1"],
      [
        "train", "log.csv", "--model", "model", "--recipe", "staged", "--epochs", "1", "--hidden", "24", "--heads", "3",
        "--layers", "2", "--set", "stages.1.loss.kind=sampledSoftmax", "--set", "stages.1.loss.negatives=8", "--quiet",
      ],
    ] {
      let outcome = try await TypedCommand(words, environment: environment, in: folder.url).finish()
      try #require(outcome.status == 0, "\(outcome.errors)")
    }
    let file = try Data(contentsOf: folder.url.appendingPathComponent("model/model.safetensors"))
    // The header's length stands in the first eight bytes; its text may change, numbers follow.
    let header = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var hash = SHA256()
    hash.update(Array(file.dropFirst(8 + header)))
    return String(hash.hexadecimal().prefix(16))
  }
}
