import Interactions
import Kernels
import ModelFiles
import NeuralNetwork

extension Setting {
  /// Every key, in the order in which files and pages have them.
  package static let all: [Setting] =
    run + model
    + words(
      of: "model.features", "Columns whose words become the vectors of items.", otherNames: ["RecTools text features"])
    + output + start
    + words(
      of: "start", "Columns whose words new rows start from, with start.newItems: text.",
      otherNames: ["LLM2BERT4Rec initialization"])
    + positions + labels + stage + objectives

  static func choice<Value: RawRepresentable<String> & CaseIterable & Equatable>(
    _ type: Value.Type, without left: [Value] = [], renamed: [String: String] = [:]
  ) -> Kind {
    .choice(type.allCases.filter { !left.contains($0) }.map(\.rawValue), renamed: renamed)
  }

  static let pooling = Kind.text(
    "one of \(Pooling.simple.map(\.name).joined(separator: ", ")), lastK:5, recencyWeighted:0.8, or two as in tail+mean"
  )

  private static let run: [Setting] = [
    Setting(
      "seed", .number(SettingRange(lower: 0, upper: 9_223_372_036_854_774_784, isWhole: true)),
      "The seed of first values, masks, samples and dropout; the same seed gives the same model.", flag: "--seed",
      otherNames: ["RecBole seed", "Hugging Face seed"]),
    Setting(
      "heldOut", choice(HeldOut.self),
      "What training must not learn: the targets of validation and test, those of the test, or nothing.",
      otherNames: ["RecBole eval_args"]),
    Setting(
      "gradientShards", .number(.whole(1...1_024)),
      "Into how many sums a step's gradient is split: so many processes can share a training. Bytes depend on it.",
      unset: "4, or 2 above 16 million parameters"),
  ]

  private static let model: [Setting] = [
    Setting(
      "model.hidden", .number(.whole(1...65_536)), "The width of item vectors and of the encoder, in numbers.",
      flag: "--hidden",
      otherNames: ["RecBole hidden_size", "RecTools n_factors", "Hugging Face hidden_size", "SASRec hidden_units"]),
    Setting(
      "model.layers", .number(.whole(1...1_000)), "The number of encoder blocks.", flag: "--layers",
      otherNames: ["RecBole n_layers", "RecTools n_blocks", "Hugging Face num_hidden_layers", "SASRec num_blocks"]),
    Setting(
      "model.heads", .number(.whole(1...65_536)), "The attention heads of a block; they must divide model.hidden.",
      flag: "--heads",
      otherNames: ["RecBole n_heads", "RecTools n_heads", "Hugging Face num_attention_heads", "SASRec num_heads"]),
    Setting(
      "model.inner", .number(.whole(1...1_048_576)), "The width between a block's two dense layers, in numbers.",
      unset: "4 times hidden",
      otherNames: ["RecBole inner_size", "RecTools ff_factors_multiplier", "Hugging Face intermediate_size"]),
    Setting(
      "model.length", .number(.whole(2...1_000_000)), "The longest sequence, in items and the mask at its tail.",
      flag: "--length",
      otherNames: [
        "RecBole MAX_ITEM_LIST_LENGTH", "RecTools session_max_len", "Hugging Face max_position_embeddings",
        "SASRec maxlen",
      ]),
    Setting(
      "model.dropout", .number(.belowOne), "The share of numbers that dropout sets to 0 behind layers.",
      flag: "--dropout",
      otherNames: [
        "RecBole hidden_dropout_prob", "RecTools dropout_rate", "Hugging Face hidden_dropout_prob",
        "SASRec dropout_rate",
      ]),
    Setting(
      "model.attentionDropout", .number(.belowOne), "The share of attention weights that dropout sets to 0.",
      flag: "--dropout",
      otherNames: [
        "RecBole attn_dropout_prob", "RecTools dropout_rate", "Hugging Face attention_probs_dropout_prob",
      ]),
    Setting(
      "model.activation", choice(Activation.self, without: [.tanh]), "The function between a block's dense layers.",
      otherNames: ["RecBole hidden_act", "Hugging Face hidden_act"]),
    Setting(
      "model.attention", choice(EncoderConfiguration.AttentionSpan.self),
      "Whether an item sees the whole history, as in BERT, or only what came before, as in SASRec.",
      otherNames: ["RecTools use_causal_attn"]),
    Setting(
      "model.features.columns", .list("a list of columns of the item table, or [all]"),
      "What item rows are made of beside their ids: categories and numbers of the items.", unset: "ids alone",
      flag: "--features", otherNames: ["RecTools item_net_block_types", "RecBole selected_features"]),
    Setting(
      "model.features.idDropout", .number(.share),
      "How often a step takes an item's row from its features alone; 1 for rows that features alone make.",
      unset: "0.25 where many items are new, otherwise 0",
      otherNames: ["DropoutNet dropout rate"]),
    Setting(
      "model.features.rate", .number(SettingRange(lower: 0, upper: 1_000, withoutLower: true)),
      "A factor on the learning rate of what features say; what ids add to it learns at the stage's."),
    Setting(
      "model.features.vectorAxes", .number(.whole(1...4_096)),
      "Vectors of items, of --item-vectors: on how many axes they are read, those along which items differ most.",
      unset: "no vectors, or 128 with --item-vectors"),
    Setting(
      "model.features.vectorRate", .number(SettingRange(lower: 0, upper: 1_000, withoutLower: true)),
      "A factor on the learning rate of what vectors say."),
  ]

  /// The words of items, under `part`, what they are for, and what other libraries call that.
  private static func words(of part: String, _ meaning: String, otherNames: [String]) -> [Setting] {
    [
      Setting(
        "\(part).text", .list("a list of columns of the item table"), meaning, unset: "no words", flag: "--text",
        otherNames: otherNames),
      Setting(
        "\(part).textEncoder", .text("a model directory, ours or a Hugging Face BERT"),
        "The BERT that reads these words.", unset: "none", flag: "--text-encoder"),
      Setting(
        "\(part).textPooling", choice(TextEncoder.Pooling.self),
        "What of its states becomes the vector: the mean over all tokens, or that of [CLS].", unset: "mean",
        flag: "--text-pooling", otherNames: ["sentence-transformers pooling_mode"]),
    ]
  }

  private static let output: [Setting] = [
    Setting(
      "model.pooling", pooling, "How the states of a history become the vector that is scored against all items.",
      otherNames: ["sentence-transformers pooling_mode"]),
    Setting(
      "model.head", choice(EncoderConfiguration.Head.self),
      "Whether that vector passes BERT's head transform, or meets the item table as it is.",
      otherNames: ["Hugging Face cls.predictions"]),
    Setting(
      "model.nextSegmentHead", .flag, "Whether the network has BERT's pooler and next-segment head.",
      otherNames: ["Hugging Face cls.seq_relationship"]),
    Setting(
      "model.opensWithCLS", .flag, "Whether sequences begin with [CLS] even where nothing reads it.",
      otherNames: ["Hugging Face add_special_tokens"]),
    Setting(
      "model.initialDeviation", .number(SettingRange(lower: 0, upper: 100)),
      "The standard deviation of the matrices' first values.",
      otherNames: ["RecBole initializer_range", "Hugging Face initializer_range"]),
  ]

  private static let labels: [Setting] = [
    Setting(
      "labels.task", choice(ClassificationHead.Task.self),
      "What --labels are: names to tell apart, or numbers to predict.",
      unset: "classification, of texts or few numbers",
      flag: "--task", otherNames: ["Hugging Face problem_type"])
  ]

  private static let start: [Setting] = [
    Setting(
      "start.from", .text("a model directory, ours or a Hugging Face BERT"), "The model to fine-tune from.",
      unset: "fresh weights", flag: "--from",
      otherNames: ["RecBole pre_model_path", "Hugging Face model_name_or_path"]),
    Setting(
      "start.newItems",
      choice(VocabularyExtension.NewRows.self, renamed: ["neighbours": "neighbors"]),
      "What the rows of items start from that the model of start.from lacks; with text, all rows of fresh weights, too.",
      flag: "--new-items", otherNames: ["Hugging Face resize_token_embeddings"]),
  ]

  private static let positions: [Setting] = [
    Setting(
      "start.extendPositions", .flag, "Whether positions are added where model.length is greater than in that model.",
      flag: "--extend-positions")
  ]
}
