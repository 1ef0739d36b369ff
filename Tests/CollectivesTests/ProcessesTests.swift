import Collectives
import Kernels
import TestSupport
import Testing

@Suite struct ProcessesTests {
  @Test func oneProcessIsAlone() throws {
    let one = OneProcess()
    #expect((one.rank, one.count) == (0, 1))
    #expect(one.gather([7, 8]) == [[7, 8]])
    #expect(one.sum([3, -4]) == [3, -4])
    one.gather([Matrix(rows: 1, columns: 3)])
    try one.agree(on: [SharedFact("log", "a", advice: "give all the same log")], host: "here")
  }

  @Test(arguments: [2, 3, 5])
  func everyProcessGetsWhatTheOthersHave(count: Int) {
    let results = ThreadProcesses.run(count) { processes in
      let numbers = processes.gather([processes.rank, -1 << 40])
      let slices = (0..<count).map { rank in
        Matrix(rows: 1, columns: rank + 1, (0...rank).map { _ in rank == processes.rank ? Float(rank) : -1 })
      }
      processes.gather(slices)
      return (numbers, processes.sum([1, processes.rank]), slices.map(\.values))
    }
    for (numbers, sums, slices) in results {
      #expect(numbers == (0..<count).map { [$0, -1 << 40] })
      #expect(sums == [count, count * (count - 1) / 2])
      #expect(slices == (0..<count).map { [Float](repeating: Float($0), count: $0 + 1) })
    }
  }

  @Test func processesThatDifferSayWhichAndWhat() {
    let errors = ThreadProcesses.run(3) { processes in
      let log = SharedFact("log", processes.rank == 2 ? "b81c" : "77a0", advice: "give all processes the same log")
      do throws(Disagreement) {
        try processes.agree(on: [SharedFact("level", "v3", advice: ""), log], host: "node\(processes.rank)")
        return ""
      } catch {
        return error.description
      }
    }
    let expected =
      "log: process 0 on node0 has 77a0 and process 2 on node2 has b81c, they must be equal; give all processes the same log"
    #expect(errors == [expected, expected, expected])
  }

  @Test func launchersAreToldByTheirVariables() {
    #expect(Launcher.detected(in: ["PATH": "/bin"]) == nil)
    #expect(
      Launcher.detected(in: ["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "2"])
        == Launcher(command: "mpirun", rank: 2, processes: 4))
    #expect(Launcher.detected(in: ["OMPI_COMM_WORLD_SIZE": "1", "OMPI_COMM_WORLD_RANK": "0"]) == nil)
    #expect(
      Launcher.detected(in: ["PMI_SIZE": "2", "PMI_RANK": "1"]) == Launcher(command: "mpirun", rank: 1, processes: 2))
    #expect(
      Launcher.detected(in: ["SLURM_STEP_NUM_TASKS": "8", "SLURM_PROCID": "7", "SLURM_NTASKS": "8"])
        == Launcher(command: "srun", rank: 7, processes: 8))
    #expect(Launcher.detected(in: ["SLURM_NTASKS": "8", "SLURM_PROCID": "0"]) == nil, "a batch script is one process")
  }
}
