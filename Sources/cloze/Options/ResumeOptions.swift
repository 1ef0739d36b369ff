import ArgumentParser
import Foundation
import Training

/// How a training is kept on disk while it runs, and gone on with.
struct ResumeOptions: ParsableArguments {
  @Flag(help: "Go on with the training of this model that was killed or stopped, where there is one.")
  var resume = false
  @Option(
    help: ArgumentHelp(
      """
      Keep the training on disk every so many seconds, so that what is killed can go on; less often where that would cost \
      more than a twentieth of the time. A stop by Ctrl-C is always kept.
      """,
      valueName: "seconds"))
  var keepEvery = 60.0

  func validate() throws {
    if !(keepEvery >= 0 && keepEvery <= 1e9) {
      throw ValidationError("--keep-every \(keepEvery) is no time; give seconds, 0 for as often as can be")
    }
  }

  /// What keeps the training of the model at `url`; says on `progress` what is there of an earlier attempt.
  func keeper(of job: some ModelJob, for url: URL, _ progress: Progress) throws -> TrainingKeeper {
    let keeper = try job.keeper(for: url, resuming: resume, every: .seconds(keepEvery))
    if resume && keeper.point == nil {
      progress.keep("no training of \(url.lastPathComponent) was left unfinished: it begins")
    } else if !resume && keeper.saved.exists {
      progress.keep(
        "an unfinished training of \(url.lastPathComponent) is at \(keeper.saved.url.path); this one begins anew and will take "
          + "its place; --resume would go on with it")
    }
    return keeper
  }
}
