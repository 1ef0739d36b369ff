import ArgumentParser
import Evaluation
import Foundation
import Training

/// Says what the program runs on.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Say which processor, kernels and BLAS core run, and how fast, in a second.",
    discussion: """
      CLOZE_CPU=default|v3|v4 holds the kernels at an older set of instructions; OPENBLAS_CORETYPE chooses the core of \
      OpenBLAS, which is otherwise moved to AVX-512 where the processor has it and the library did not notice.
      """)

  @Flag(help: "Print it as JSON.")
  var json = false
  @OptionGroup var silence: QuietOptions

  func run() throws {
    let machine = MachineSummary.measured()
    if json {
      try print(RecordFile.text(machine), terminator: "")
      return
    }
    for (name, value) in [
      ("program", "\(Program.name) \(Program.version)"),
      ("processor", "\(machine.processor), \(machine.cores) cores"),
      ("kernels", machine.kernels),
      ("BLAS", machine.blas),
      ("peak", "\(Self.figure(machine.peakGFLOPs)) per core with these kernels"),
      ("products", "\(Self.figure(machine.productGFLOPs)) per core"),
    ] {
      try print(name.padding(toLength: 11, withPad: " ", startingAt: 0) + value)
    }
  }

  private static func figure(_ value: Double) -> String { String(format: "%.1f GFLOP/s", value) }
}
