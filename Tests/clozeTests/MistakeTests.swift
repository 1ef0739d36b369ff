import Foundation
import Testing

/// What newcomers type by mistake, and what they are told: every sentence says what to do next.
@Suite struct MistakeTests {
  private static let train = "train log.csv --model m "

  /// A command line, its exit code, and what stands in the last lines of standard error.
  private static let all: [(words: String, status: Int32, sentence: String)] = [
    ("trian log.csv --model m", 2, "There is no command “trian”; did you mean “train”?"),
    ("train", 2, "Missing expected argument '--model <dir>'"),
    ("train log.csv --modle m", 2, "Unknown option '--modle'. Did you mean '--model'?"),
    ("train lgo.csv --model m", 1, "lgo.csv does not exist; did you mean “log.csv”?"),
    (train + "--epohcs 3", 2, "Unknown option '--epohcs'. Did you mean '--epochs'?"),
    (train + "--lr 0.1", 2, "Unknown option '--lr'. Did you mean '--learning-rate'?"),
    (train + "--max-len 50", 2, "Unknown option '--max-len'. Did you mean '--length'?"),
    (train + "--num_blocks 2", 2, "Unknown option '--num_blocks'. Did you mean '--layers'?"),
    (train + "--hidden-size 64", 2, "Unknown option '--hidden-size'. Did you mean '--hidden'?"),
    (train + "--epochs many", 2, "The value 'many' is invalid for '--epochs <n>'"),
    (train + "--epochs -1", 2, "expected a whole number from 0 to 1000000, found -1"),
    (train + "--learning-rate 0", 2, "expected a number above 0 and up to 1000, found 0.0"),
    (train + "--hidden 45 --heads 2", 2, "2 heads do not divide a hidden size of 45"),
    (train + "--dropout 1.5", 2, "expected a number from 0 to below 1, found 1.5"),
    (train + "--loss bce", 2, "Please provide one of 'full', 'sampledSoftmax', 'gBCE' or 'bpr'."),
    (train + "--metric ndgc@20", 2, "--metric “ndgc@20” is no figure with its cutoff; did you mean “NDCG@20”?"),
    (train + "--metric NDCG", 2, "did you mean “NDCG@10”?"),
    (train + "--metric clicks", 2, "expected one of HR@10, NDCG@10"),
    (train + "--recipe bert4rc", 2, "did you mean “bert4rec”?"),
    (train + "--set model.hidden", 2, "write --set key=value"),
    (train + "--set model.hidden=big", 2, "expected a whole number from 1 to 65536, found “big”"),
    (train + "--set hidden=8", 2, "unknown key “hidden”; did you mean “model.hidden”?"),
    (train + "--set stages.3.epochs=2", 2, "“stages.3” should be 0, the only place in “stages”"),
    (train + "--set stages.epochs=2", 2, "unknown key “stages.epochs”; did you mean “stages.0.epochs”?"),
    (train + "--config lines.txt", 2, "lines.txt” should be keys and values, such as `recipe: causal`"),
    (train + "--config nowhere.yaml", 2, "nowhere.yaml: there is no such file"),
    (train + "--config bad.yaml", 2, "unknown key “model.hiden”; did you mean “model.hidden”?"),
    (
      train + "--config broken.yaml", 2, "broken.yaml is not YAML: line 2, column 1: "
    ),
    (train + "--from folder", 2, "/folder: has no config.json; a model is a directory with config.json and"),
    (train + "--from model --hidden 8", 2, "cloze: --hidden 8, but model has 16, and its weights fit no other"),
    (train + "--from nowhere", 2, "there is no model at"),
    (train + "--freeze all", 2, "Please provide one of 'embeddings', 'encoder' or 'none'."),
    (train + "--freeze encoder", 2, "--freeze needs a model to fine-tune from; give --from DIR, too"),
    ("train empty.csv --model m", 1, "empty.csv has a header but no rows"),
    ("train nothing.csv --model m", 1, "nothing.csv is empty"),
    ("train log.csv --model lines.txt", 1, "lines.txt is a file, but a model is a directory; name another path"),
    ("train log.csv --model log.csv", 2, "--model log.csv would replace the log log.csv; name another file"),
    (train + "--split random", 2, "is none of leave-one-out, global-time, new-users, cold-items"),
    (train + "--since yesterday", 2, "write it as 2024-05-01 or 2024-05-01T12:00:00Z"),
    (train + "--columns user=who", 1, "asks for user=who, but the columns are \"user\", \"item\", \"timestamp\""),
    (train + "--train a.csv --test b.csv", 2, "a log and --train exclude each other"),
    (train + "--threads 0", 2, "--threads 0: expected a number from 1 to 1024"),
    (train + "--task regression", 2, "--task is for --labels; give the file, too"),
    ("evaluate model", 2, "no log; give --log"),
    ("evaluate modle --log log.csv", 1, "there is no model at"),
    ("evaluate model --log log.csv --split new-users", 1, "leave --split out, train again with it"),
    ("recommend model", 2, "give --store or --log, --history or --histories"),
    ("recommend model --log log.csv --top -3", 2, "--top -3: expected a number from 1 to"),
    ("recommend model --log log.csv --output next.xlsx", 2, "expected a name that ends in .csv or .jsonl"),
    ("recommend model --log log.csv --users nobody", 1, "correct them, or skip them with --allow-unknown"),
    ("recommend model --log log.csv --output log.csv", 2, "would replace the log log.csv; name another file"),
    ("similar model itm1", 1, "the model knows no item \"itm1\"; did you mean"),
    ("explain model --log log.csv --user user9999", 1, "log.csv has no user \"user9999\""),
    ("compare log.csv --output out", 2, "give one of --poolings, --vary and --recipes"),
    ("compare log.csv --vary model.hidden --output out", 2, "write --vary key=a,b"),
    ("compare log.csv --poolings tail,meen --output out", 2, "“meen” is no pooling; did you mean “mean”?"),
    ("settings lerning", 2, "`cloze settings` lists all"),
    ("check log.csv --format xml", 2, "The value 'xml' is invalid for '--format <format>'"),
    (
      "diff log.csv log.csv", 1, "is not a record this version can read: the file is not valid JSON; make it again with"
    ),
    ("synthesize s.csv --users 0", 2, "--users 0: expected a number from 1 to 10000000"),
    ("synthesize lines.txt", 2, "lines.txt is no log that this command wrote, so it is left alone"),
    ("check model", 1, "model is a model, not a log; name the file or the folder of the events"),
    ("diff model model", 2, "model is a folder, not the ranks of a model; write them with: cloze evaluate model --log"),
    ("recommend model --log log.csv --into SQLite_x", 2, "names that begin with sqlite_ are SQLite's own"),
    (
      train + "--items-from items.csv --features name", 1,
      "items.csv: “name” is a column of text; features are price; if it holds categories, say so with --item-columns"
    ),
    ("diff a b", 1, "`cloze evaluate --ranks` write them"),
    ("pretrain lines.txt --validation lines.txt --model m --tokens wordpiece", 2, "give --vocab vocab.txt"),
    ("pretrain lines.txt --validation lines.txt --model m --next-sentence", 1, "put a blank line between documents"),
    ("serve model --port 99999999", 2, "--port 99999999: expected a number from 0 to 65535"),
    ("embed model --items-to items.txt", 2, "--items-to items.txt: expected a name that ends in .safetensors or .npy"),
    ("export model --to onnx", 2, "Please provide one of 'hf'."),
    ("vocabulary lines.txt --size 3 --output v.txt", 2, "--size 3: expected a number from 6 to"),
    ("classify model --log log.csv", 1, "has no head that labels sequences"),
  ]

  @Test func everyMistakeIsAnswered() async throws {
    let the = try await TrainedModel.shared.value
    let folder = try TemporaryFolder()
    _ = try folder.file("log.csv", try #require(the.folder.text("log.csv")))
    _ = try folder.file("empty.csv", "user,item\n")
    _ = try folder.file("nothing.csv", "")
    _ = try folder.file("bad.yaml", "model: {hiden: 8}\n")
    _ = try folder.file("broken.yaml", "model: [\n")
    _ = try folder.file("lines.txt", "a b c\nb c d\n")
    let ids = (0..<200).map { "item\($0),Name \($0),\($0 % 40)\n" }
    _ = try folder.file("items.csv", "item,name,price\n" + ids.joined())
    let empty = folder.url.appendingPathComponent("folder")
    try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
    let model = the.folder.url.appendingPathComponent("model")
    try FileManager.default.copyItem(at: model, to: folder.url.appendingPathComponent("model"))
    for mistake in Self.all {
      let words = mistake.words.split(separator: " ").map(String.init)
      let outcome = try await TypedCommand(words, in: folder.url).finish()
      #expect(outcome.status == mistake.status, "\(mistake.words): \(outcome.errors)")
      #expect(outcome.errors.contains(mistake.sentence), "\(mistake.words): \(outcome.errors)")
      #expect(outcome.output.isEmpty, "\(mistake.words)")
    }
    #expect(folder.text("m/config.json") == nil, "a mistake writes no model")
    #expect(folder.text("lines.txt") == "a b c\nb c d\n", "nor over a file of the user's")
  }

  @Test func helpFitsATerminal() async throws {
    let commands = [
      "check", "classify", "compare", "diff", "embed", "evaluate", "explain", "export", "import", "import-items",
      "info",
      "merge", "pretrain", "recipes", "recommend", "report", "serve", "settings", "similar", "synthesize", "train",
      "vocabulary",
    ]
    for command in commands {
      let help = try await TypedCommand.run(command, "--help")
      #expect(help.status == 0)
      for line in help.lines { #expect(line.count <= 80, "\(command): \(line)") }
    }
  }
}
