import Foundation
import Testing
import Training

@Suite struct InfoCommandTests {
  @Test func theMachineIsNamedInASecondOrSo() async throws {
    let info = try await TypedCommand.run("info")
    #expect(info.status == 0)
    #expect(info.errors.isEmpty)
    for name in ["program", "processor", "kernels", "BLAS", "peak", "products"] {
      #expect(info.lines.contains { $0.hasPrefix(name) })
    }
  }

  @Test func anOlderSetOfInstructionsCanBeForced() async throws {
    let info = try await TypedCommand.run("info", "--json", environment: ["CLOZE_CPU": "default"])
    let machine = try JSONDecoder().decode(MachineSummary.self, from: Data(info.output.utf8))
    #expect(machine.kernels == "default")
    #expect(machine.peakGFLOPs > 0)
    #expect(machine.productGFLOPs > 0)
  }
}
