#if MPI
  import CMPI
  import Foundation
  import Kernels

  /// Processes started together by `mpirun` or `srun`, on one machine or many.
  ///
  /// - Source: MPI 3.1, www.mpi-forum.org; works with Open MPI and MPICH.
  package struct MPIProcesses: Processes {
    package let rank: Int
    package let count: Int
    /// Bytes of a message at most; MPI counts in 32 bits.
    private let limit: Int

    /// Joins the other processes, once per process.
    ///
    /// - Parameter messageBytes: the size of a message at most, a multiple of 4.
    package init(messageBytes: Int = 1 << 30) {
      precondition(
        messageBytes >= 4 && messageBytes % 4 == 0 && messageBytes <= 1 << 30, "messages of \(messageBytes) bytes")
      // Waiting processes leave the processor to others; Open MPI would spin. Cores are often shared, if only with threads.
      setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0)
      if cmpi_is_running() == 0, cmpi_start() == 0 {
        preconditionFailure("this MPI cannot be called from several threads in turn (MPI_THREAD_SERIALIZED)")
      }
      (rank, count) = (Int(cmpi_rank()), Int(cmpi_size()))
      limit = messageBytes
    }

    /// Leaves the other processes; the last operation of a process that succeeds.
    package func finish() { if cmpi_is_running() != 0 { cmpi_finish() } }

    /// Ends all processes with exit code `code`: what a process does that fails or is interrupted.
    package func abort(_ code: Int32) -> Never {
      cmpi_abort(code)
      exit(code)
    }

    package func gather(_ bytes: [UInt8]) -> [[UInt8]] {
      var lengths = [Int64](repeating: 0, count: count)
      cmpi_gather_number(Int64(bytes.count), &lengths)
      var all = lengths.map { length in
        var part: [UInt8] = []
        part.reserveCapacity(Int(length))
        return part
      }
      // What one round gathers from all processes has offsets of 32 bits as well.
      let part = max(1, min(limit, (1 << 31 - 1) / count))
      for start in stride(from: 0, to: Int(lengths.max() ?? 0), by: part) {
        let counts = lengths.map { Int32(max(0, min(part, Int($0) - start))) }
        let offsets = counts.reduce(into: [Int32(0)]) { $0.append($0[$0.count - 1] + $1) }
        var received = [UInt8](repeating: 0, count: Int(offsets[count]))
        bytes.withUnsafeBytes { mine in
          let from = mine.baseAddress.map { $0 + min(start, bytes.count) }
          cmpi_gather_bytes(from, counts[rank], &received, counts, offsets)
        }
        for process in 0..<count { all[process] += received[Int(offsets[process])..<Int(offsets[process + 1])] }
      }
      return all
    }

    package func exchange(_ outgoing: [[Matrix]], into incoming: [[Matrix]]) {
      precondition(
        outgoing.count == count && incoming.count == count && outgoing[rank].isEmpty && incoming[rank].isEmpty,
        "messages to \(outgoing.count) processes and from \(incoming.count), there are \(count)")
      let (sent, received) = (messages(outgoing), messages(incoming))
      cmpi_exchange(sent, Int32(sent.count), received, Int32(received.count))
    }

    /// The windows as messages of at most `limit` bytes.
    private func messages(_ windows: [[Matrix]]) -> [cmpi_message] {
      windows.enumerated().flatMap { process, windows in
        windows.flatMap { window in
          window.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: limit).map { start in
              cmpi_message(
                base: bytes.baseAddress! + start, bytes: Int32(min(limit, bytes.count - start)), rank: Int32(process))
            }
          }
        }
      }
    }
  }
#endif
