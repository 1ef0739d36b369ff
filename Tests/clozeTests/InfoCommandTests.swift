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

  /// Where the linear algebra finds no memory for its own threads, a command that needs little ends all the same.
  @Test func littleMemoryKeepsNoCommandFromItsEnd() async throws {
    let ends = try await TypedCommand.shell(
      """
      for limit in 200000 300000 400000; do
        (ulimit -v $limit; timeout 60 cloze recipes > /dev/null 2> /dev/null); [ $? -ne 124 ] || echo $limit
      done
      """, timeout: .seconds(200))
    #expect(ends.output.isEmpty, "it hung with so many kilobytes: \(ends.output)")
  }

  @Test func anOlderSetOfInstructionsCanBeForced() async throws {
    let info = try await TypedCommand.run("info", "--json", environment: ["CLOZE_CPU": "default"])
    let machine = try JSONDecoder().decode(MachineSummary.self, from: Data(info.output.utf8))
    #expect(machine.kernels == "default")
    #expect(machine.peakGFLOPs > 0)
    #expect(machine.productGFLOPs > 0)
  }
}
