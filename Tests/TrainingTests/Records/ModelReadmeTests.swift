import Evaluation
import Foundation
import Interactions
import ModelFiles
import NeuralNetwork
import RankingMetrics
import Testing
import Training

@Suite struct ModelReadmeTests {
  private static let tokenizer = Tokenizer(Vocabulary(items: ["a", "b"]), kind: .whitespace(escaped: true))

  private func card(_ pooling: Pooling, _ attention: EncoderConfiguration.AttentionSpan = .bidirectional) -> ModelCard {
    var sizes = EncoderConfiguration(vocabularySize: 7, hidden: 8, layers: 1, heads: 2, inner: 16, positions: 12)
    sizes.pooling = pooling
    sizes.attention = attention
    return ModelCard(
      program: "cloze 0.2.0", configuration: sizes, logFingerprint: "f", split: "leave-one-out", seed: 1,
      validation: ["NDCG@10": 0.25])
  }

  private var record: RunRecord {
    RunRecord(
      name: "shop", log: LogIdentity(name: "a|b<c", fingerprint: "f", users: 3, items: 2, events: 9),
      configuration: .object(["model": .object(["hidden": .integer(8)])]), seed: 1,
      epochs: [EpochRecord(stage: "tune", epoch: 1, loss: 1), EpochRecord(stage: "tune", epoch: 2, loss: 1)])
  }

  @Test func beforeAnEvaluationTheValidationIsSaid() {
    let text = ModelReadme(record, card: card(.tail), tokenizer: Self.tokenizer).text
    #expect(text.hasPrefix("---\nlibrary_name: transformers\npipeline_tag: fill-mask\ntags:\n- bert\n- cloze\n"))
    #expect(text.contains("| stage tune | 2 epochs |") && text.contains("| model.hidden | 8 |"))
    #expect(text.contains("| NDCG@10 | 0.2500 |") && text.contains("cloze evaluate shop --log LOG --record"))
    #expect(text.contains("a\\|b&lt;c: 3 sequences") && text.contains("BertForMaskedLM.from_pretrained(\"shop\")"))
    #expect(text.contains("[escape(item) for item in history] + [tokenizer.mask_token]"))
    #expect(text.contains("the last 11 of them") && !text.contains("model-index"))
    #expect(text.contains("These logits are the scores that Cloze ranks by."))
  }

  @Test func figuresComeWithTheirProtocol() {
    var record = record
    record.evaluation = EvaluationSummary(
      name: "shop", results: [MeasuredValue(MetricKey(.ndcg, 10), 0.5, low: 0.4, high: 0.6)])
    record.baselines = [EvaluationSummary(name: "popularity", results: [MeasuredValue(MetricKey(.ndcg, 10), 0.1)])]
    record.protocol = [ProtocolLine("split", "leave-one-out")]
    let text = ModelReadme(record, card: card(.tail), tokenizer: Self.tokenizer).text
    #expect(text.contains("    - type: \"NDCG@10\"\n      value: 0.5000\n"))
    #expect(text.contains("| shop | 0.5000 (0.4000–0.6000) |\n| popularity | 0.1000 |"))
    #expect(text.contains("| split | leave-one-out |"))
  }

  @Test func whatHuggingFaceDoesNotSayIsSaid() {
    let mean = ModelReadme(record, card: card(.mean), tokenizer: Self.tokenizer).text
    #expect(
      mean.contains("**These logits are not the scores that Cloze ranks by.** This model pools its states by `mean`"))
    let causal = ModelReadme(record, card: card(.last, .causal), tokenizer: Self.tokenizer).text
    #expect(causal.contains("BertLMHeadModel.from_pretrained") && !causal.contains("pipeline_tag"))
    #expect(causal.contains("[escape(item) for item in history]\n") && causal.contains("the last 12 of them"))
  }
}
