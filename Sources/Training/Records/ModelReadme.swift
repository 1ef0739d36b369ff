import DurableFiles
import Evaluation
import Foundation
import Interactions
import ModelFiles
import NeuralNetwork
import RankingMetrics

/// `README.md` of a model directory, the model card that Hugging Face shows: what it is, the data, the recipe, the figures
/// with their protocol, and how it is loaded here and in Python. It names no user.
package struct ModelReadme {
  private let record: RunRecord
  private let card: ModelCard
  private let architecture: HuggingFaceConfiguration.Architecture
  private let readsText: Bool

  package static let fileName = "README.md"

  package init(_ record: RunRecord, card: ModelCard, tokenizer: Tokenizer) {
    self.record = record
    self.card = card
    architecture = HuggingFaceConfiguration(of: card.configuration).architecture
    if case .wordPiece = tokenizer.kind { readsText = true } else { readsText = false }
  }

  /// Markdown behind a YAML head.
  package var text: String {
    """
    \(head)
    # \(Self.escaped(record.name))

    \(description)

    ## Data

    \(data)

    ## Training

    \(training)

    ## Figures

    \(figures)

    ## Use

    \(use)
    """ + "\n"
  }

  /// Whether the file in `folder` is this text.
  package func isFile(in folder: URL) -> Bool {
    (try? String(contentsOf: folder.appendingPathComponent(Self.fileName), encoding: .utf8)) == text
  }

  /// - Throws: `DurableFileError`; the file is whole or as it was.
  package func write(in folder: URL) throws(DurableFileError) {
    try DurableFile.write(text, to: folder.appendingPathComponent(Self.fileName))
  }

  private var head: String {
    var lines = ["---", "library_name: transformers"]
    if architecture == .maskedLM { lines.append("pipeline_tag: fill-mask") }
    lines += ["tags:", "- bert", "- cloze"]
    if !readsText { lines += ["- recommender", "- sequential-recommendation"] }
    let few = Self.few.compactMap { record.results.first($0) }
    if !few.isEmpty {
      lines += [
        "model-index:", "- name: \(JSONString.quote(record.name))", "  results:", "  - task:",
        "      type: sequential-recommendation", "    dataset:", "      name: \(JSONString.quote(record.log.name))",
        "      type: interactions", "    metrics:",
      ]
      for figure in few {
        lines += [
          "    - type: \(JSONString.quote(figure.key.description))", "      value: \(Self.decimals(figure.value))",
        ]
      }
    }
    return (lines + ["---"]).joined(separator: "\n")
  }

  private var description: String {
    let sizes = card.configuration
    let shape =
      "\(sizes.layers) layers, hidden size \(sizes.hidden), \(sizes.heads) heads, \(sizes.positions) positions, "
      + "\(Counted(sizes.vocabularySize, "token"))"
    let made = "Made by \(card.program)."
    if readsText { return "A BERT (\(shape)), trained to fill masks in text. \(made)" }
    return """
      A sequential recommender: a BERT whose tokens are the ids of items (\(shape)). From the items that a user interacted with, \
      oldest first, it scores every item as the next one. \(made)
      """
  }

  private var data: String {
    let log = record.log
    let unit = readsText || card.provenance == nil ? ("sequences", "tokens") : ("users", "events")
    let size =
      "\(Self.escaped(log.name)): \(log.users) \(unit.0), \(log.items) \(unit.0 == "users" ? "items" : "tokens"), "
      + "\(log.events) \(unit.1); log fingerprint `\(log.fingerprint)`."
    guard let lines = record.provenance?.protocolLines else { return size }
    return size + "\n\n" + Self.table(["read", "found"], lines.map { [$0.name, $0.value] })
  }

  private var training: String {
    var rows: [[String]] = []
    if !card.split.isEmpty { rows.append(["split", card.split]) }
    switch card.heldOut {
    case .test: rows.append(["learned besides", "validation's answers"])
    case .nothing: rows.append(["learned besides", "everything, the test's answers included"])
    case .validationAndTest, nil: break
    }
    rows.append(["seed", "\(record.seed)"])
    if let start = record.start { rows.append(["started from", Self.lastPart(start.from)]) }
    var stages: [(name: String, epochs: Int)] = []
    for epoch in record.epochs {
      if stages.last?.name == epoch.stage {
        stages[stages.count - 1].epochs += 1
      } else {
        stages.append((epoch.stage, 1))
      }
    }
    for stage in stages { rows.append(["stage \(stage.name)", "\(Counted(stage.epochs, "epoch"))"]) }
    for leaf in record.configuration.leaves where Self.told.contains(where: leaf.path.hasPrefix) {
      rows.append([leaf.path, leaf.text])
    }
    return Self.table(["what", "how"], rows) + "\n\nEvery setting, and each epoch, stands in `record.json`."
  }

  /// Settings that a card tells.
  private static let told = ["model.", "recipe", "stages.0.objectives", "stages.1.objectives"]

  /// Figures that are usually published.
  private static let few = [MetricKey(.ndcg, 10), MetricKey(.hitRate, 10), MetricKey(.reciprocalRank, 10)]

  private var figures: String {
    if record.results.isEmpty {
      let rows = card.validation.sorted { $0.key < $1.key }.map { [$0.key, Self.decimals($0.value)] }
      let test = readsText ? "" : "\n\n`cloze evaluate \(shellName) --log LOG --record` puts the test's figures here."
      return rows.isEmpty
        ? "None were taken." + test
        : "Of the validation, by which the weights were chosen:\n\n" + Self.table(["figure", "value"], rows) + test
    }
    let models = [(record.name, record.results)] + record.baselines.map { ($0.name, $0.results) }
    let keys = Self.few.filter { record.results.first($0) != nil }
    let shown = keys.isEmpty ? Array(record.results.prefix(3).map(\.key)) : keys
    let rows = models.map { name, results in
      [name] + shown.map { key in results.first(key).map(Self.interval) ?? "–" }
    }
    return Self.table(["model"] + shown.map(\.description), rows) + "\n\nThese figures mean:\n\n"
      + Self.table(["protocol", ""], record.protocol.map { [$0.name, $0.value] })
  }

  private static func interval(_ value: MeasuredValue) -> String {
    guard let low = value.low, let high = value.high else { return decimals(value.value) }
    return "\(decimals(value.value)) (\(decimals(low))–\(decimals(high)))"
  }
}

extension ModelReadme {
  private var use: String {
    let python = """
      In Python, with torch and transformers:

      ```python
      \(readsText ? textCode : itemCode)
      ```
      """
    if readsText { return python }
    return """
      With Cloze:

      ```sh
      cloze recommend \(shellName) --log LOG --exclude-seen --output next.csv
      ```

      \(python)

      \(remarks)
      """
  }

  private var textCode: String {
    """
    import transformers
    fill = transformers.pipeline("fill-mask", \(JSONString.quote(record.name)))
    print(fill(f"one line of text with a {fill.tokenizer.mask_token} in it"))
    """
  }

  private var shellName: String { ShellWord.quoted(record.name) }
  private var readsLast: Bool { card.configuration.attention == .causal && card.configuration.pooling == .last }

  private var itemCode: String {
    let end = readsLast ? "" : " + [tokenizer.mask_token]"
    let lead = card.configuration.leadsWithCLS ? "[tokenizer.cls_token] + " : ""
    let most = card.configuration.itemLimit - (readsLast ? 0 : 1)
    return """
      import re, torch, transformers, urllib.parse
      tokenizer = transformers.AutoTokenizer.from_pretrained(\(JSONString.quote(record.name)))
      model = transformers.\(architecture.rawValue).from_pretrained(\(JSONString.quote(record.name))).eval()
      history = ["FIRST ITEM", "LAST ITEM"]  # oldest first, the last \(most) of them
      escape = lambda item: re.sub(r"[%\\[\\s\\x00-\\x1f]", lambda c: "".join(f"%{b:02X}" for b in c[0].encode()), item)
      tokens = \(lead)[escape(item) for item in history]\(end)
      ids = torch.tensor([tokenizer.convert_tokens_to_ids(tokens)])
      with torch.no_grad():
          logits = model(ids)[0][0, -1]
      logits[tokenizer.all_special_ids] = -torch.inf
      print([urllib.parse.unquote(token) for token in tokenizer.convert_ids_to_tokens(logits.topk(10).indices)])
      ```

      `cloze export \(shellName) --to hf` adds `check.py`, which compares these logits with Cloze's own.

      ```sh
      python \(ShellWord.quoted(record.name + "/check.py"))
      """
  }

  private var remarks: String {
    if readsLast || card.configuration.pooling == .tail {
      return
        "These logits are the scores that Cloze ranks by. Items that stand in the history are ranked, too, unless they are left out."
    }
    return """
      **These logits are not the scores that Cloze ranks by.** This model pools its states by `\(card.configuration.pooling)`, which \
      Hugging Face's classes do not know: they read the state of one position. The pooling's own weights, where it has any, are in \
      `pooling.safetensors`. Rank with Cloze, or use its vectors: `cloze embed \(shellName) --items-to items.npy --users-to \
      users.npy --with-bias --log LOG`, where a score is the inner product.
      """
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    ([head, head.map { _ in "---" }] + rows).map { "| \($0.map(escaped).joined(separator: " | ")) |" }.joined(
      separator: "\n")
  }

  /// Text that is no markup.
  private static func escaped(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("<", with: "&lt;").replacing("\n", with: " ")
  }

  private static func decimals(_ value: Double) -> String { String(format: "%.4f", value) }
  private static func lastPart(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
