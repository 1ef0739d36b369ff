import Collectives
import DurableFiles
import Foundation
import NeuralNetwork
import SequentialModels

/// Processes that were started together and would not train the same model.
package enum TrainingDisagreement: Error, CustomStringConvertible, Equatable {
  /// How process `rank`, on `host`, differs from the first, on `firstHost`.
  case different(rank: Int, host: String, firstHost: String, differs: [String])
  case tooManyProcesses(Int, shards: Int)

  package var description: String {
    switch self {
    case .different(let rank, let host, let firstHost, let differs):
      "process \(rank) on \(host) would train something else than process 0 on \(firstHost) with "
        + "\(differs.joined(separator: "; ")); give all of them the same command, log and program, and where the kernels differ "
        + "the lowest level by CLOZE_CPU"
    case .tooManyProcesses(let processes, let shards):
      "\(processes) processes cannot share \(Counted(shards, "gradient shard")); start \(shards) at most, or give --set "
        + "gradientShards=\(processes) to every run that is to end with the same bytes"
    }
  }
}

extension ModelJob {
  /// Makes sure that all processes have the same job; where they have not, every one throws the same error.
  package func agree(with processes: any Processes, host: String) throws(TrainingDisagreement) {
    if processes.count == 1 { return }
    let shards = experiment.gradientShards ?? TrainingStep.shards(parameters: parameterCount)
    if processes.count > shards { throw .tooManyProcesses(processes.count, shards: shards) }
    let hosts = processes.gather(Array(host.utf8)).map { String(decoding: $0, as: UTF8.self) }
    guard let first = processes.broadcast(trainingIdentity) else { return }
    let differs = trainingIdentity.differences(from: first)
    let all = processes.gather(Array(differs.joined(separator: "\n").utf8))
    guard let rank = all.firstIndex(where: { !$0.isEmpty }) else { return }
    throw .different(
      rank: rank, host: hosts[rank], firstHost: hosts[0],
      differs: String(decoding: all[rank], as: UTF8.self).split(separator: "\n").map(String.init))
  }
}
