import ArgumentParser
import Foundation
import Kernels

/// How many threads a command uses; results do not depend on it.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads to use; as many as there are processors if not given. Results do not depend on it.")
  var threads: Int?

  var workers: Workers { Workers(threads: threads ?? ProcessInfo.processInfo.activeProcessorCount) }

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads \(threads) would do nothing; give 1 or more") }
  }
}
