import NeuralNetwork
import SequentialModels

extension Setting {
  /// The keys of a stage of training.
  static let stage: [Setting] = [
    Setting("stages.N.name", .text("a text"), "What progress and records call the stage."),
    Setting(
      "stages.N.epochs", .number(.countOrNone), "Passes over the training sequences, at most.", flag: "--epochs",
      otherNames: ["RecBole epochs", "RecTools epochs", "Hugging Face num_train_epochs"]),
    Setting(
      "stages.N.batch", .number(.count), "Sequences per step of the optimizer.", flag: "--batch",
      otherNames: ["RecBole train_batch_size", "RecTools batch_size", "Hugging Face per_device_train_batch_size"]),
    Setting(
      "stages.N.learningRate.peak", .number(SettingRange(lower: 0, upper: 1_000, withoutLower: true)),
      "The highest learning rate of the stage.", flag: "--learning-rate",
      otherNames: ["RecBole learning_rate", "RecTools lr", "Hugging Face learning_rate"]),
    Setting(
      "stages.N.learningRate.warmup", .number(.share), "The share of all steps spent rising from 0.",
      otherNames: ["Hugging Face warmup_ratio"]),
    Setting(
      "stages.N.learningRate.decay", choice(LearningRateSchedule.Decay.self), "How the learning rate falls.",
      otherNames: ["Hugging Face lr_scheduler_type"]),
    Setting(
      "stages.N.learningRate.floor", .number(.share), "What the decay ends at, as a share of the peak.",
      otherNames: ["Hugging Face min_lr_rate"]),
    Setting(
      "stages.N.learningRate.cooldown", .number(SettingRange(lower: 0, upper: 100, withoutLower: true)),
      "How many epochs the fall of the decay plateau takes, as a share of those before it.",
      otherNames: ["warmup-stable-decay num_decay_steps"]),
    Setting(
      "stages.N.loss.kind", choice(ItemLoss.Kind.self),
      "Cross-entropy over all items or drawn ones, gSASRec's calibrated binary cross-entropy, or BPR.",
      flag: "--loss", otherNames: ["RecBole loss_type", "RecTools loss", "gSASRec gBCE", "RecBole BPR"]),
    Setting(
      "stages.N.loss.negatives", .number(.whole(1...10_000_000)),
      "Items drawn for a micro-batch, whose targets share them; not for the loss full.",
      otherNames: ["RecBole train_neg_sample_args", "RecTools n_negatives", "gSASRec negs_per_pos"]),
    Setting(
      "stages.N.loss.draw", choice(ItemLoss.Draw.self),
      "Whether items are drawn alike, or as often as the log has them.",
      otherNames: ["RecBole train_neg_sample_args.distribution"]),
    Setting(
      "stages.N.loss.calibration", .number(.share),
      "The t of gBCE: 0 is plain binary cross-entropy, 1 fully calibrated.",
      otherNames: ["RecTools gbce_t", "gSASRec gbce_t"]),
    Setting(
      "stages.N.labelSmoothing", .number(.belowOne),
      "The share of each target that is spread over all items; a loss over fewer takes it away.",
      otherNames: ["Hugging Face label_smoothing_factor"]),
    Setting(
      "stages.N.futureTargets.share", .number(.belowOne),
      "The share of positions that name one of the items behind the next one in its place.", unset: "none"),
    Setting(
      "stages.N.futureTargets.within", .number(.count),
      "How many items behind the next one such a position may name.", unset: "none"),
    Setting(
      "stages.N.attention", choice(EncoderConfiguration.AttentionSpan.self), "What items see in this stage.",
      unset: "that of the model"),
    Setting(
      "stages.N.pooling", pooling, "Which of the model's states are scored in this stage: tail, last, or all it reads.",
      unset: "that of the model"),
    Setting(
      "stages.N.windows", choice(EpochSamples.Windows.self),
      "Which windows of a long history train: the last, all, or all with new cuts in every epoch.",
      otherNames: ["BERT4Rec prop_sliding_window"]),
    Setting(
      "stages.N.validateEvery", .number(.count), "Epochs between evaluations on the validation users.",
      otherNames: ["RecBole eval_step", "Hugging Face eval_steps"]),
    Setting(
      "stages.N.patience", .number(.countOrNone),
      "Evaluations without a better figure after which the stage ends; 0 runs all epochs.",
      otherNames: ["RecBole stopping_step", "Hugging Face early_stopping_patience"]),
    Setting(
      "stages.N.metric",
      .text(
        "a metric and its cutoff, such as NDCG@10, HR@5, MRR@20 or recall@10; of --labels loss, accuracy, AUC, macroF1, MAE "
          + "or RMSE"),
      "The figure on the validation users that chooses the weights and ends the stage.",
      unset: "NDCG@10, of --labels the loss",
      flag: "--metric", otherNames: ["RecBole valid_metric", "Hugging Face metric_for_best_model"]),
    Setting("stages.N.rates.embeddings", .number(.factor), "A factor on the learning rate of the tables; 0 freezes."),
    Setting("stages.N.rates.blocks", .number(.factor), "A factor on the learning rate of the blocks; 0 freezes."),
    Setting(
      "stages.N.rates.heads", .number(.factor),
      "A factor on the learning rate of what stands on the encoder; 0 freezes."),
    Setting(
      "stages.N.rates.newRows", .number(.factor),
      "A factor on the learning rate of rows that the model of start.from lacked.", flag: "--new-row-rate"),
    Setting(
      "stages.N.optimizer.beta1", .number(.belowOne), "AdamW's decay of the mean gradient.",
      otherNames: ["Hugging Face adam_beta1"]),
    Setting(
      "stages.N.optimizer.beta2", .number(.belowOne), "AdamW's decay of the mean squared gradient.",
      otherNames: ["Hugging Face adam_beta2"]),
    Setting(
      "stages.N.optimizer.epsilon", .number(SettingRange(lower: 0, upper: 1, withoutLower: true)),
      "What AdamW adds to the root of the mean squared gradient.", otherNames: ["Hugging Face adam_epsilon"]),
    Setting(
      "stages.N.optimizer.weightDecay", .number(.factor), "AdamW's weight decay, on matrices only.",
      otherNames: ["RecBole weight_decay", "Hugging Face weight_decay"]),
    Setting(
      "stages.N.optimizer.clip", .number(SettingRange(lower: 0, upper: 1_000_000_000)),
      "The largest norm of the whole gradient; 0 leaves it as it is.",
      otherNames: ["RecBole clip_grad_norm", "Hugging Face max_grad_norm"]),
  ]

  /// The keys of a stage's objectives; one that is not named is not trained.
  static let objectives: [Setting] = [
    weight("mlm", "masked items"),
    Setting(
      "stages.N.objectives.mlm.probability",
      .number(SettingRange(lower: 0, upper: 1, withoutLower: true, withoutUpper: true)),
      "The share of positions that are chosen for masking.",
      otherNames: ["RecBole mask_ratio", "RecTools mask_prob", "Hugging Face mlm_probability", "BERT masked_lm_prob"]),
    Setting(
      "stages.N.objectives.mlm.maskShare", .number(.share), "Of the chosen positions, those that become [MASK].",
      otherNames: ["Hugging Face mask_replace_prob"]),
    Setting(
      "stages.N.objectives.mlm.randomShare", .number(.share),
      "Of the chosen positions, those that become a random item; the rest stay.",
      otherNames: ["Hugging Face random_replace_prob"]),
    Setting(
      "stages.N.objectives.mlm.maxPredictions", .number(.count), "Chosen positions per sequence, at most.",
      unset: "no limit", otherNames: ["BERT max_predictions_per_seq"]),
    Setting(
      "stages.N.objectives.mlm.wholeGroups", .flag,
      "Whether positions that share a group (basket, session, word) are masked together.",
      otherNames: ["BERT do_whole_word_mask"]),
    Setting(
      "stages.N.objectives.mlm.copies", .number(.countOrNone),
      "Fixed copies of the masks that epochs use in turn; 0 draws new masks in each epoch.",
      otherNames: ["BERT dupe_factor"]),
    weight("tail", "the masked last item"),
    Setting(
      "stages.N.objectives.tail.prefixes", .number(.countOrNone),
      "Random prefixes of each history that train per epoch, besides the whole one."),
    weight("maskedPrefixes", "a [MASK] behind every prefix"),
    weight("nextItem", "the next item at every position"),
    weight("nextSegment", "whether the second of two segments follows the first"),
  ]

  private static func weight(_ objective: String, _ what: String) -> Setting {
    Setting(
      "stages.N.objectives.\(objective).weight", .number(.factor),
      "What each target weighs of this objective: \(what).")
  }
}
