import DurableFiles
import Foundation

/// A few histories with the logits that a model gave, and a program that computes the same ones with Hugging Face.
package struct ParityFile: Codable, Sendable, Equatable {
  /// One sequence of ids and what the model makes of one of its places.
  package struct Case: Codable, Sendable, Equatable {
    /// The sequence as the directory's tokenizer reads it, special tokens written out; nil for word pieces, which no
    /// text between blanks gives back.
    package var text: String?
    /// `[length]` what goes into the model, special tokens included.
    package var token_ids: [Int]
    /// `[length]` the segment of each token.
    package var segments: [Int]
    /// The place in the sequence whose logits follow, from 0.
    package var position: Int
    /// The ids whose logits follow.
    package var logit_ids: [Int]
    /// `[logit_ids]` the masked-item head's output at `position`, with the output bias.
    package var logits: [Float]
    /// `[2]` the next-segment head's output: B follows A, B is from somewhere else; nil where there is no such head, or one
    /// segment.
    package var next_segment_logits: [Float]?

    package init(
      text: String?, tokenIDs: [Int], segments: [Int]? = nil, position: Int, logitIDs: [Int], logits: [Float]
    ) {
      precondition(logitIDs.count == logits.count, "\(logits.count) logits for \(logitIDs.count) ids")
      self.text = text
      token_ids = tokenIDs
      self.segments = segments ?? tokenIDs.map { _ in 0 }
      self.position = position
      logit_ids = logitIDs
      self.logits = logits
    }
  }

  /// By how much a logit may differ.
  package var tolerance: Float
  package var cases: [Case]

  package init(cases: [Case], tolerance: Float = 1e-4) {
    self.cases = cases
    self.tolerance = tolerance
  }

  /// Writes `parity.json` and `check.py` into the directory at `url`.
  ///
  /// - Throws: `DurableFileError`; each file is whole or as it was.
  package func write(to url: URL) throws(DurableFileError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { preconditionFailure("logits that are not finite") }
    try DurableFile.write(data, to: url.appendingPathComponent("parity.json"))
    try DurableFile.write(Self.checker, to: url.appendingPathComponent("check.py"))
  }

  /// The text of `check.py`.
  private static let checker = """
    # python check.py   (needs torch and transformers) fails where Hugging Face gives other logits than Cloze did
    import json, pathlib, torch, transformers
    folder = pathlib.Path(__file__).parent
    parity = json.loads((folder / "parity.json").read_text(encoding="utf-8"))
    model = getattr(transformers, json.loads((folder / "config.json").read_text())["architectures"][0])
    model, worst = model.from_pretrained(folder).eval(), 0.0
    # Where the directory has no vocabulary, only ids are compared.
    texts = any("text" in case for case in parity["cases"])
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder) if texts else None
    for case in parity["cases"]:
        if "text" in case:
            assert tokenizer(case["text"], add_special_tokens=False)["input_ids"] == case["token_ids"], case["text"]
        with torch.no_grad():
            output = model(torch.tensor([case["token_ids"]]), token_type_ids=torch.tensor([case["segments"]]))
        found = output[0][0, case["position"], case["logit_ids"]]
        worst = max(worst, (found - torch.tensor(case["logits"])).abs().max().item())
        if "next_segment_logits" in case:
            found = output["seq_relationship_logits"][0]
            worst = max(worst, (found - torch.tensor(case["next_segment_logits"])).abs().max().item())
    print(f"{len(parity['cases'])} histories, largest difference of a logit {worst:.1e}, allowed {parity['tolerance']:.1e}")
    assert worst <= parity["tolerance"], "where the model was trained again since, export it again"

    """
}
