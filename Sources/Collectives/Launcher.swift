/// What started this process as one of several that belong together.
package struct Launcher: Sendable, Hashable {
  /// The command, `mpirun` or `srun`.
  package let command: String
  /// The number of this process.
  package let rank: Int
  /// How many were started.
  package let processes: Int

  package init(command: String, rank: Int, processes: Int) {
    self.command = command
    self.rank = rank
    self.processes = processes
  }

  /// The launcher that the variables of an environment tell of; nil where the process was started alone.
  ///
  /// Open MPI, MPICH and its descendants (Intel MPI), and a step of Slurm. Slurm's batch script itself is one process, whatever
  /// the job's number of tasks.
  package static func detected(in environment: [String: String]) -> Launcher? {
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
    let signs = [
      ("mpirun", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("mpirun", "PMI_RANK", "PMI_SIZE"),
      ("srun", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS"),
    ]
    for (command, rank, processes) in signs {
      if let count = number(processes), count > 1 {
        return Launcher(command: command, rank: number(rank) ?? 0, processes: count)
      }
    }
    return nil
  }
}
