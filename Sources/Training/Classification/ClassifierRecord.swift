import DurableFiles
import Evaluation
import Foundation
import Interactions
import ModelFiles
import NeuralNetwork
import RankingMetrics
import SequentialModels

/// What came with the model that a classifier starts from.
package struct ClassifierStart: Codable, Sendable, Equatable {
  package var summary: StartSummary
  /// Whether the model had been trained to see only what came before.
  package var wasCausal: Bool
  /// Whether every file of the directory was found to be as it was written.
  package var isVerified: Bool

  init(_ model: PretrainedModel, _ report: VocabularyExtension.Report?, _ network: ClassifierNetwork) {
    summary = StartSummary(
      model, vocabularyReport: report, layout: network.layout, fresh: network.fresh(beside: model))
    wasCausal = model.configuration.attention == .causal
    isVerified = model.isVerified
  }
}

/// How well labels or numbers are predicted.
package struct ClassifierFigures: Codable, Sendable, Equatable {
  package var labels: LabelMetrics?
  package var numbers: NumberMetrics?

  /// - Parameters:
  ///   - outputs: `[sequences][outputs]` the logits.
  ///   - targets: `[sequences]`
  package init(_ task: ClassificationHead.Task, outputs: [[Float]], targets: [Float]) {
    switch task {
    case .classification:
      labels = LabelMetrics(
        probabilities: outputs.map { ClassificationHead.probabilities($0) }, labels: targets.map { Int($0) })
    case .regression:
      numbers = NumberMetrics(predicted: outputs.map { Double($0[0]) }, found: targets.map { Double($0) })
    }
  }

  /// As a validation keeps them, in the order of `MetricKey.ofLabels`.
  var measured: [MeasuredValue] {
    var values: [(MetricKey.LabelMetric, Double?)] = []
    if let labels { values = [(.accuracy, labels.accuracy), (.auc, labels.auc), (.macroF1, labels.macroF1)] }
    if let numbers {
      values = [
        (.meanAbsoluteError, numbers.meanAbsoluteError), (.rootMeanSquaredError, numbers.rootMeanSquaredError),
      ]
    }
    return values.compactMap { metric, value in value.map { MeasuredValue(.label(metric), $0) } }
  }

  /// Names and values, for tables.
  package var list: [(name: String, value: Double)] {
    var list: [(String, Double?)] = []
    if let labels {
      list += [
        ("accuracy", labels.accuracy), ("AUC", labels.auc), ("macro F1", labels.macroF1),
        ("log loss", labels.logLoss), ("calibration error", labels.calibrationError),
      ]
    }
    if let numbers {
      list += [
        ("mean absolute error", numbers.meanAbsoluteError), ("root mean squared error", numbers.rootMeanSquaredError),
        ("R²", numbers.r2),
      ]
    }
    return list.compactMap { name, value in value.map { (name, $0) } }
  }
}

/// Everything that is known of the training of a classifier; `classifier.json` of its directory.
package struct ClassifierRecord: Codable, Sendable, Equatable {
  package var name: String
  package var program: String
  /// The log or the file of lines.
  package var source: String
  package var provenance: LogProvenance?
  package var labels: SequenceLabels
  /// The keys that count for labels.
  package var configuration: JSONValue
  package var start: StartSummary?
  package var epochs: [EpochRecord]
  /// The validation figures of the weights that were kept.
  package var validation: [MeasuredValue]
  package var `protocol`: [ProtocolLine]
  /// On the sequences of the test, which nothing was chosen by.
  package var test: ClassifierFigures
  /// Of what knows no history: the shares of the labels, or the mean, of the training sequences.
  package var baseline: ClassifierFigures
}

extension ClassifierJob {
  /// What is known of the run, its test read once.
  package func record(of outcome: TrainingOutcome<SequenceClassifier>, name: String) throws -> ClassifierRecord {
    let test = parts[.test] ?? []
    let targets = test.map(\.target)
    return ClassifierRecord(
      name: name, program: Program.description, source: URL(fileURLWithPath: source.name).lastPathComponent,
      provenance: provenance, labels: labels, configuration: try experiment.tree(), start: start?.summary,
      epochs: outcome.epochs, validation: outcome.best,
      protocol: [
        ProtocolLine("held out", LabelPart.sentence),
        ProtocolLine(
          "sequences",
          "\(count(.training)) to train, \(count(.validation)) to validate, \(count(.test)) to test"),
        ProtocolLine("labels without a sequence", "\(unknown)"),
        ProtocolLine("chosen by", "the validation’s \(chosenBy)"),
        ProtocolLine("calibration error", "\(LabelMetrics.bins) bins of equal width, most probable label"),
      ],
      test: ClassifierFigures(labels.task, outputs: outcome.model.logits(of: test), targets: targets),
      baseline: ClassifierFigures(
        labels.task, outputs: [[Float]](repeating: baselineOutput, count: test.count), targets: targets))
  }

  private var chosenBy: String {
    experiment.stages.last?.metric?.description ?? "loss"
  }

  /// The logits of the labels' shares, or the mean number.
  private var baselineOutput: [Float] {
    let training = (parts[.training] ?? []).map(\.target)
    if labels.task == .regression { return [training.reduce(0, +) / Float(training.count)] }
    return labels.names.indices.map { label in
      let count = training.count { Int($0) == label }
      return log(max(Float(count), 1e-3) / Float(training.count))
    }
  }

  /// Replaces the model directory at `url` by the classifier, with its record and its card.
  package func write(_ outcome: TrainingOutcome<SequenceClassifier>, record: ClassifierRecord, to url: URL) throws {
    var card = ModelCard(
      program: record.program, configuration: network.configuration, logFingerprint: fingerprint,
      split: LabelPart.sentence, seed: experiment.seed)
    card.provenance = record.provenance
    try ClassifierDirectory.write(outcome.model, labels: labels, tokenizer: tokenizer, card: card, to: url) {
      folder in
      try RecordFile.write(record, to: folder.appendingPathComponent(ClassifierDirectory.recordName))
      try DurableFile.write(record.readme, to: folder.appendingPathComponent(ModelReadme.fileName))
    }
  }

  private var fingerprint: String { if case .log(let log, _) = source { log.fingerprint } else { "" } }
}

extension ClassifierRecord {
  /// `README.md` of the directory, the model card that Hugging Face shows.
  var readme: String {
    let what = labels.task == .regression ? "predicts \(labels.names[0])" : "tells \(labels.names.count) labels apart"
    let rows = zip(test.list, baseline.list).map {
      "| \($0.name) | \(String(format: "%.4f", $0.value)) | \(String(format: "%.4f", $1.value)) |"
    }
    return """
      ---
      library_name: transformers
      pipeline_tag: text-classification
      tags:
      - bert
      - cloze
      ---
      # \(name.replacingOccurrences(of: "\n", with: " "))

      A `BertForSequenceClassification` that \(what), trained by \(program) on sequences of \(source).

      | test | this model | without histories |
      |---|---|---|
      \(rows.joined(separator: "\n"))

      \(self.protocol.map { "- \($0.name): \($0.value)" }.joined(separator: "\n"))

      ```sh
      cloze classify \(ShellWord.quoted(name)) --log LOG
      ```

      ```python
      import transformers
      model = transformers.BertForSequenceClassification.from_pretrained(\(JSONString.quote(name))).eval()
      ```

      A sequence is `[CLS]`, the tokens, `[SEP]`; of longer ones the last items or the first words are read.

      """
  }
}
