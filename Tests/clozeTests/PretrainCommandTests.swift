import Foundation
import Testing

@Suite struct PretrainCommandTests {
  private let lines = (0..<60).map { line in (0..<9).map { "t\((line * 3 + $0) % 8)" }.joined(separator: " ") + "\n" }
    .joined()

  @Test func pretrainsContinuesAndExports() async throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("train.txt", lines)
    _ = try folder.file("more.txt", lines + "new t0\n")
    let sizes = ["--set", "model.hidden=16", "--set", "model.length=9", "--set", "stages.0.epochs=2"]
    let first = try await TypedCommand(
      ["pretrain", "train.txt", "--validation", "train.txt", "--model", "first", "--progress"] + sizes, in: folder.url
    ).finish()
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("best validation loss"))
    #expect(first.output.contains("perplexity"))
    #expect(
      first.errors.contains("training: 60 lines, 0 of them too short, 60 sequences of 540 tokens, 0 of them unknown"))
    // What its training said of the same lines.
    let evaluated = try await TypedCommand.run("evaluate", "first", "--lines", "train.txt", in: folder.url)
    #expect(evaluated.status == 0, "\(evaluated.errors)")
    let loss = try #require(first.output.firstMatch(of: /best validation loss ([0-9.]+)/)?.output.1)
    #expect(evaluated.lines.contains { $0.hasPrefix("loss") && $0.hasSuffix(loss) }, "\(evaluated.output)")
    #expect(evaluated.output.contains("perplexity") && evaluated.output.contains("30.0 % of the tokens chosen"))
    let both = try await TypedCommand.run(
      "evaluate", "first", "--lines", "train.txt", "--log", "train.txt", in: folder.url)
    #expect(both.status == 2 && both.errors.contains("--lines stands in place of a log"))
    let second = try await TypedCommand.run(
      "pretrain", "more.txt", "--validation", "train.txt", "--model", "second", "--from", "first", "--set",
      "stages.0.epochs=1", "--progress", in: folder.url)
    #expect(second.status == 0, "\(second.errors)")
    #expect(second.errors.contains("of the log's items 8 are known, 1 are new rows, 1 of them drawn; 9 positions"))
    let export = try await TypedCommand.run(
      "export", "second", "--to", "hf", "--output", "out", "--history", "t0,t1", in: folder.url)
    #expect(export.status == 0, "\(export.errors)")
    #expect(folder.text("out/parity.json")?.contains("\"text\":\"t0 t1 [MASK]\"") == true)
    #expect(folder.text("out/check.py")?.contains("from_pretrained") == true)
    let unknown = try await TypedCommand.run("export", "second", "--to", "hf", "--history", "t0,x", in: folder.url)
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("the model knows no item “x”"))
    let long = try await TypedCommand.run(
      "pretrain", "more.txt", "--validation", "train.txt", "--model", "third", "--from", "first", "--set",
      "model.length=20", in: folder.url)
    #expect(long.status == 1)
    #expect(long.errors.contains("has 9 positions where 20 are wanted"))
  }

  @Test func learnsNextSentencesOfDocuments() async throws {
    let folder = try TemporaryFolder()
    // Two kinds of documents, which a word of any sentence tells apart.
    let documents = (0..<60).map { number in
      (0..<4).map { line in
        (0..<4).map { "\(number % 2 == 0 ? "p" : "q")\((line + $0 + number) % 5)" }.joined(separator: " ")
      }
      .joined(separator: "\n")
    }
    _ = try folder.file("documents.txt", documents.joined(separator: "\n\n") + "\n")
    _ = try folder.file("one.txt", "p1 p2\nq1 q2\n")
    let sizes = ["--hidden", "16", "--layers", "1", "--length", "20", "--epochs", "3", "--progress"]
    let made = try await TypedCommand(
      ["pretrain", "documents.txt", "--validation", "documents.txt", "--model", "m", "--next-sentence"] + sizes,
      in: folder.url
    ).finish()
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.errors.contains("next-segment accuracy"))
    #expect(folder.text("m/config.json")?.contains("BertForPreTraining") == true)
    let evaluated = try await TypedCommand.run("evaluate", "m", "--lines", "documents.txt", in: folder.url)
    #expect(evaluated.status == 0 && evaluated.output.contains("next-segment accuracy"), "\(evaluated.errors)")
    let export = try await TypedCommand.run("export", "m", "--to", "hf", "--output", "out", in: folder.url)
    #expect(export.status == 0, "\(export.errors)")
    let parity = try #require(folder.text("out/parity.json"))
    #expect(parity.contains("\"next_segment_logits\":[") && parity.contains("\"segments\":[0,0,0,0,1,1,1,1]"))
    let without = try await TypedCommand.run("evaluate", "m", "--lines", "one.txt", in: folder.url)
    #expect(without.status == 0 && without.errors.contains("no blank lines stand between documents"))
    let one = try await TypedCommand(
      ["pretrain", "one.txt", "--validation", "documents.txt", "--model", "x", "--next-sentence"] + sizes,
      in: folder.url
    ).finish()
    #expect(one.status == 1 && one.errors.contains("one.txt is one document"), "\(one.errors)")
  }

  @Test func saysWhatIsMissing() async throws {
    let folder = try TemporaryFolder()
    let vocabulary = try await TypedCommand.run(
      "pretrain", "a", "--validation", "b", "--model", "m", "--tokens", "wordpiece", in: folder.url)
    #expect(vocabulary.status == 2)
    #expect(vocabulary.errors.contains("--tokens wordpiece needs a vocabulary; give --vocab vocab.txt"))
    let file = try await TypedCommand.run("pretrain", "a", "--validation", "b", "--model", "m", in: folder.url)
    #expect(file.status == 1)
    #expect(file.errors.contains("a cannot be read: there is no such file"))
  }

  /// A directory that came without a vocabulary: ids are compared as they are, and become names where that is said.
  @Test func idsStandInForAVocabulary() async throws {
    let the = try await TrainedModel.shared.value
    let folder = try TemporaryFolder()
    let outcome = try await TypedCommand.shell(
      """
      set -e
      cloze export \(the.folder.url.path)/model --to hf --output bare -q
      rm bare/vocab.txt bare/tokenizer*.json bare/parity.json bare/check.py
      echo '{"token_ids": [2, 7, 4, 3], "position": 2}' > ids.jsonl
      cloze export bare --to hf --token-ids 5,6,4 --token-ids @ids.jsonl --json
      """, in: folder.url)
    #expect(outcome.status == 0 && outcome.output.contains("\"histories\" : 2"), "\(outcome.errors)")
    let parity = folder.text("bare/parity.json") ?? ""
    #expect(
      parity.contains("\"position\":2") && parity.contains("\"token_ids\":[5,6,4]") && !parity.contains("\"text\""))
    func run(_ words: String...) async throws -> TypedCommand.Outcome {
      try await TypedCommand(words, in: folder.url).finish()
    }
    let unnamed = try await run("similar", "bare", "7", "--top", "1")
    #expect(unnamed.status == 1 && unnamed.errors.contains("cloze vocabulary --ids-of "), "\(unnamed.errors)")
    let wrong = try await run("export", "bare", "--to", "hf", "--token-ids", "1,x")
    #expect(wrong.status == 2 && wrong.errors.contains("“x” is no token id"), "\(wrong.errors)")
    let few = try await run("vocabulary", "--ids-of", "bare", "--specials", "0,1,2,3")
    #expect(few.status == 2 && few.errors.contains("expected five different ids from 0 to"))
    let named = try await run("vocabulary", "--ids-of", "bare", "--specials", "0,1,2,3,4")
    #expect(named.status == 0 && named.output.contains("each named by its id"), "\(named.errors)")
    let similar = try await run("similar", "bare", "7", "--top", "1", "-q")
    #expect(similar.status == 0 && similar.lines.count == 2, "\(similar.errors)")
    let again = try await run("vocabulary", "--ids-of", "bare", "--specials", "0,1,2,3,4")
    #expect(again.status == 2 && again.errors.contains("has a vocabulary already"))
  }
}
