import Kernels
import SequentialModels

extension Experiment {
  /// Refuses values that do not go together; `Setting.check` has looked at each alone.
  ///
  /// - Throws: `ConfigurationError.wrongValue` naming the key and what it should be.
  func validate() throws(ConfigurationError) {
    func check(_ condition: Bool, _ key: String, _ fault: String) throws(ConfigurationError) {
      if !condition { throw .wrongValue(key, fault: fault) }
    }
    try check(
      model.hidden % model.heads == 0, "model.heads",
      "\(model.heads) heads do not divide a hidden size of \(model.hidden)")
    try model.features?.validate()
    try check(!stages.isEmpty, "stages", "there is no stage to train")
    if labels != nil {
      try checkLabelMetrics(labels?.task)
      try check(
        start?.newItems != .text, "start.newItems",
        "labels are learned without words of items; write random or neighbors")
    }
    for (index, stage) in stages.enumerated() {
      let key = "stages.\(index)"
      let objectives = stage.objectives
      if labels != nil { continue }
      try check(
        objectives != Objectives(), "\(key).objectives",
        "no objective is given; write one of \(ObjectiveKind.names)")
      try check(
        stage.labelSmoothing == 0 || stage.loss.kind == .full, "\(key).labelSmoothing",
        "it spreads over all items; set loss.kind to full, or labelSmoothing to 0")
      try check(
        stage.futureTargets == nil || objectives.nameEveryNextItem, "\(key).futureTargets",
        "only nextItem and maskedPrefixes name what comes next; set one of these objectives, or leave it out")
      try check(
        stage.pooling.map { $0 == model.pooling || $0.isOneRow && model.pooling.reach != nil } ?? true,
        "\(key).pooling",
        "a stage can change to tail or last only, of a model that reads nothing else; leave it out, or set model.pooling"
      )
      switch stage.metric {
      case .ranking?, nil: break
      case .masked?, .label?:
        let what = if case .label? = stage.metric { "labels" } else { "masked tokens" }
        throw .wrongValue(
          "\(key).metric", fault: "it is read off \(what); name one of ranking, such as NDCG@10 or HR@5")
      }
      try check(
        stage.metric == nil || heldOut == .validationAndTest, "\(key).metric",
        "nothing is validated with heldOut: \(heldOut.rawValue), so no figure can choose; leave it out")
      var encoder = model.encoder(vocabulary: 1)
      encoder.attention = stage.attention ?? encoder.attention
      encoder.pooling = stage.pooling ?? encoder.pooling
      for objective in objectives.list {
        guard let conflict = objective.conflict(with: encoder, beside: objectives) else { continue }
        let place = conflict.key.isEmpty ? "\(key).objectives" : "\(key).objectives.\(conflict.key)"
        throw .wrongValue(conflict.key.hasPrefix("model.") ? conflict.key : place, fault: conflict.fault)
      }
    }
  }

  /// Refuses what does not go together once all keys are known: what fresh weights or a checkpoint make of the rates.
  package func checkStart() throws(ConfigurationError) {
    try start?.check(model)
    try model.features?.checkComplete()
    if checkpoint != nil { return }
    for (index, stage) in stages.enumerated() {
      let (key, rates) = ("stages.\(index).rates", stage.rates)
      if rates.newRows != 1 {
        throw .wrongValue("\(key).newRows", fault: "only a checkpoint's table gets new rows; set start.from")
      }
      if rates.embeddings == 0 && rates.blocks == 0 && rates.heads == 0 {
        throw .wrongValue(key, fault: "every factor is 0, so nothing would learn")
      }
    }
  }

  /// Refuses what needs all rows of the item table in every process.
  package func checkShardsItems() throws(ConfigurationError) {
    if checkpoint?.newItems == .text {
      throw .wrongValue(
        "start.newItems",
        fault: "words are held against all rows, and --shard-items has a part of them in each process; "
          + "write random or neighbors")
    }
    if model.features != nil {
      throw .wrongValue(
        "model.features", fault: "--shard-items learns rows of ids alone; train without the one or the other")
    }
  }
}
