import ArgumentParser
import DurableFiles
import Foundation
import ModelFiles
import SequentialModels
import Training

/// `cloze pretrain`: masked pretraining on lines of tokens.
struct PretrainCommand: ParsableCommand, ComputesTogether {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Pretrain an encoder on lines of tokens: item sequences, or text.",
    discussion: """
      One sequence per line: tokens between blanks as they are, or text that is cut into word pieces by the rules of BERT \
      with a given vocabulary; the pieces of one word are then masked together, 0.15 of them. With --next-sentence pairs of sentences \
      are told apart as well, as BERT was pretrained: half of them follow each other, the others are of two documents. With --from it fine-tunes from a \
      Hugging Face BERT directory, whose tokenizer reads the lines; items that it lacks are appended. After each epoch \
      the same masked tokens of the validation lines are predicted. Ctrl-C writes the best model so far; what was \
      stopped or killed is continued by --resume.
      """)

  @Argument(help: ArgumentHelp("The lines to learn from.", valueName: "train.txt"), completion: .file())
  var training: String
  @Option(help: ArgumentHelp("The lines that decide which weights are kept.", valueName: "file"), completion: .file())
  var validation: String
  @Option(help: ArgumentHelp("The model directory to write.", valueName: "dir"), completion: .directory)
  var model: String
  @Option(help: "How a line is cut into tokens: whitespace or wordpiece.")
  var tokens = PretrainingSource.Tokens.whitespace
  @Option(
    help: ArgumentHelp("The vocabulary, one token per line; needed for wordpiece.", valueName: "vocab.txt"),
    completion: .file())
  var vocab: String?
  @Flag(help: "Keep capitals and accents of text.")
  var cased = false
  @Flag(
    help: """
      Learn from pairs of sentences, too, whether the second follows the first: lines are sentences, blank lines stand \
      between documents.
      """)
  var nextSentence = false
  @OptionGroup var start: StartOptions
  @OptionGroup var overlay: OverlayOptions
  @OptionGroup var resuming: ResumeOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var reporting: ProgressOptions
  @Flag(help: "Print the run's record as JSON on stdout.")
  var json = false

  func validate() throws {
    try Folders.requireApart(
      [("--model", model)],
      from: [
        ("the file", training), ("the file of --validation", validation), ("the vocabulary", vocab),
        ("the file of --config", overlay.config),
      ])
    if start.from != nil && (vocab != nil || tokens == .wordpiece || cased) {
      throw ValidationError("--from brings its own tokenizer; leave --vocab, --tokens and --cased out")
    }
    if start.newItems == .text {
      throw ValidationError(
        "lines of tokens say nothing of items, so no row can begin with words; leave --new-items text out")
    }
    if start.from == nil && tokens == .wordpiece && vocab == nil {
      throw ValidationError("--tokens wordpiece needs a vocabulary; give --vocab vocab.txt")
    }
  }

  func run() throws {
    let url = URL(fileURLWithPath: model)
    try Folders.makeModelPlace(url)
    let progress = reporting.start()
    Interruption.watch()
    var source = try source()
    if let recipe = try overlay.recipe(nil), recipe != .masked {
      throw ValidationError("the file says recipe: \(recipe.rawValue), but `cloze pretrain` starts from masked")
    }
    let started = try start.lay(over: recipe(for: source))
    try overlay.everyday.requireSizes(of: started)
    let experiment = try start.finish(overlay.lay(over: started))
    if experiment.stages.contains(where: { $0.metric != nil }) {
      throw ValidationError(
        "the loss of masked tokens chooses the weights here; leave --metric and stages.N.metric out")
    }
    if experiment.start != nil && source.checkpoint == nil {
      throw ValidationError("a file's start.from is for `cloze train`; name the checkpoint as --from DIR")
    }
    try source.requirePositions(experiment.model.length, extends: start.extendPositions, seed: experiment.seed)
    let job = try PretrainingJob(source, experiment: experiment, workers: threads.workers)
    for (name, account) in [("training", job.training.account), ("validation", job.validation.account)] {
      progress.note(
        "\(name): \(Counted(account.lines, "line")), \(account.short) of them too short, \(Counted(account.sequences, "sequence")) of "
          + "\(Counted(account.tokens, "token")), \(account.unknown) of them unknown")
    }
    let lines = TrainingLines(progress)
    if let start = job.start { lines.show(start) }
    try job.train(as: "pretraining", into: url, resuming: resuming, lines: lines, json: json)
  }

  private func source() throws -> PretrainingSource {
    let training = try TokenLines(URL(fileURLWithPath: training))
    let validation = try TokenLines(URL(fileURLWithPath: validation))
    if let checkpoint = start.from {
      return try PretrainingSource(
        training: training, validation: validation, checkpoint: URL(fileURLWithPath: checkpoint),
        extending: VocabularyExtension(newRows: start.newItems ?? .random, seed: overlay.seed ?? 1))
    }
    guard let vocab else { return PretrainingSource(training: training, validation: validation) }
    return try PretrainingSource(
      training: training, validation: validation, vocabulary: URL(fileURLWithPath: vocab), tokens: tokens,
      lowercases: !cased)
  }

  /// The recipe, with the checkpoint's own switches and, for text, whole words masked together.
  private func recipe(for source: PretrainingSource) -> Experiment {
    var experiment = Recipe.masked.experiment
    if let checkpoint = source.checkpoint { experiment.model = ModelConfiguration(checkpoint) }
    if case .wordPiece = source.tokenizer.kind {
      experiment.stages[0].objectives.mlm?.wholeGroups = true
      experiment.stages[0].objectives.mlm?.probability = 0.15
    }
    if nextSentence {
      experiment.model.nextSegmentHead = true
      experiment.stages[0].objectives.nextSegment = NextSegment()
    }
    return experiment
  }
}

extension PretrainingSource.Tokens: ExpressibleByArgument {}
