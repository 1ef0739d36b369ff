import InteractionStore
import Interactions
import Recommending
import Serving

/// What one request may ask for.
package struct APILimits: Sendable {
  package var largestList = 1_000
  package var mostRequests = 1_000
  package var longestHistory = 10_000
  package var mostIDs = 100_000
  package var mostEvents = 10_000

  package init() {}
}

/// The rules that several lists of one call share.
private struct SharedRules {
  var top: Int?
  var excludesSeen: Bool?
  var excluded: [Identifier]?
  var only: [Identifier]?
  var mostPerGroup: Int?
  var probabilities: Bool?

  init(_ fields: inout RequestFields, _ limits: APILimits) throws(APIError) {
    top = try fields.integer("k", in: 1...limits.largestList)
    excludesSeen = try fields.flag("exclude_seen")
    excluded = try fields.identifiers("exclude", most: limits.mostIDs)
    only = try fields.identifiers("only", most: limits.mostIDs)
    mostPerGroup = try fields.integer("max_per_group", in: 1...limits.largestList)
    probabilities = try fields.flag("probabilities")
  }

  func request(_ history: ListRequest.History, over shared: SharedRules?) -> ListRequest {
    ListRequest(
      history, top: top ?? shared?.top ?? 10, excludesSeen: excludesSeen ?? shared?.excludesSeen ?? false,
      excluded: excluded ?? shared?.excluded ?? [], only: only ?? shared?.only,
      mostPerGroup: mostPerGroup ?? shared?.mostPerGroup,
      probabilities: probabilities ?? shared?.probabilities ?? false)
  }
}

extension API {
  /// `POST /v1/recommend`: one list, or many under `requests`.
  func recommend(_ body: RequestValue, accept: String?) async throws -> APIResponse {
    let (engine, requests, isOne, titles) = try listRequests(body)
    let format = Self.rowFormat(accept)
    if titles == true { try requireTitles(of: engine.model) }
    let answers = try await engine.recommend(requests)
    let model = answers[0].model
    // That of a model which took the place of the first meanwhile.
    if titles == true { try requireTitles(of: model) }
    if let format {
      let labels = titles == true ? model.labels : .none
      let rows = answers.flatMap { $0.list.rows(for: $0.user, items: model.items, labels: labels) }
      let text = RecommendationText(
        format: format, probabilities: requests.contains { $0.probabilities }, columns: labels.columns)
      return APIResponse(
        contentType: format == .csv ? "text/csv; charset=utf-8" : "application/x-ndjson",
        body: Array(text.of(rows, isFirst: true).utf8))
    }
    var text = AnswerText(capacity: answers.count * 64 * (requests[0].top + 2))
    if isOne {
      text.object { write(answers[0], requests[0], "items", titles: titles ?? true, model: true, to: &$0) }
    } else {
      text.object { text in
        text.text("model", model.shortHash)
        text.list("answers", zip(answers, requests)) { text, pair in
          text.object { write(pair.0, pair.1, "items", titles: titles ?? true, to: &$0) }
        }
      }
    }
    return .json(text)
  }

  private func requireTitles(of model: ServedModel) throws(APIError) {
    if model.labels.titles != nil { return }
    throw APIError(409, "no item has a title here; start the service with --items-from FILE, or leave `titles` out")
  }

  /// `POST /v1/score`: the scores of given candidates, best first.
  func score(_ body: RequestValue) async throws -> APIResponse {
    var fields = try RequestFields(body)
    let history = try history(&fields)
    guard let candidates = try fields.identifiers("candidates", most: limits.mostIDs), !candidates.isEmpty else {
      throw fields.missing("give the items to score as `candidates`")
    }
    let probabilities = try fields.flag("probabilities") ?? false
    let engine = try engine(named: try fields.text("model"))
    try fields.end()
    let request = ListRequest(history, top: candidates.count, only: candidates, probabilities: probabilities)
    let answer = try await engine.recommend([request])[0]
    var text = AnswerText()
    text.object { write(answer, request, "scores", model: true, to: &$0) }
    return .json(text)
  }

  /// `POST /v1/similar`: the nearest items of one item, or of many under `items`.
  func similar(_ body: RequestValue) async throws -> APIResponse {
    var fields = try RequestFields(body)
    let one = try fields.identifier("item")
    let many = try fields.identifiers("items", most: limits.mostRequests)
    let top = try fields.integer("k", in: 1...limits.largestList) ?? 10
    let by = try fields.text("by") ?? ItemSimilarity.Measure.cosine.rawValue
    let engine = try engine(named: try fields.text("model"))
    try fields.end()
    guard let measure = ItemSimilarity.Measure(rawValue: by) else {
      throw APIError.bad("`by`: cosine or product is expected, found \"\(by.prefix(40))\"")
    }
    guard (one == nil) != (many ?? []).isEmpty, let items = one.map({ [$0] }) ?? many else {
      throw APIError.bad("give the item as `item`, or some as `items`, not both")
    }
    let (model, lists) = try await engine.similar(to: items, top: top, by: measure)
    func write(_ item: Identifier, _ list: RankedList, to text: inout AnswerText) {
      text.item(item.text, model.titles?.title(of: item))
      text.list("similar", list.items) { text, entry in
        text.object { text in
          text.item(entry.item, of: model)
          text.score("score", entry.score)
        }
      }
    }
    var text = AnswerText()
    text.object { text in
      text.text("model", model.shortHash)
      if one != nil { return write(items[0], lists[0], to: &text) }
      text.list("answers", zip(items, lists)) { text, pair in text.object { write(pair.0, pair.1, to: &$0) } }
    }
    return .json(text)
  }

  /// `POST /v1/explain`: what each item of the history does to an item's score and rank.
  func explain(_ body: RequestValue) async throws -> APIResponse {
    var fields = try RequestFields(body)
    let history = try history(&fields)
    let item = try fields.identifier("item")
    let excludesSeen = try fields.flag("exclude_seen") ?? false
    let engine = try engine(named: try fields.text("model"))
    try fields.end()
    let (explanation, unknown, model) = try await engine.explain(
      item, ListRequest(history, excludesSeen: excludesSeen))
    func title(_ item: String) -> String? { model.titles?.title(of: Identifier(item)) }
    var text = AnswerText()
    text.object { text in
      text.text("model", model.shortHash)
      text.item(explanation.item, title(explanation.item))
      text.score("score", explanation.score)
      text.integer("rank", explanation.rank)
      text.list("history", explanation.history) { text, part in
        text.object { text in
          text.item(part.item, title(part.item))
          text.integer("position", part.position)
          text.score("score_change", part.scoreChange)
          text.integer("rank_without", part.rankWithout)
        }
      }
      text.list("unknown_items", unknown) { $0.text(nil, $1.text) }
    }
    return .json(text)
  }

  /// The requests of a body, which model they are for, whether it is a single one without a list around it, and whether it
  /// says that items come with titles.
  private func listRequests(
    _ body: RequestValue
  ) throws(APIError) -> (engine: RecommendationEngine, [ListRequest], isOne: Bool, titles: Bool?) {
    var fields = try RequestFields(body)
    let engine = try engine(named: try fields.text("model"))
    let titles = try fields.flag("titles")
    let shared = try SharedRules(&fields, limits)
    guard let many = try fields.objects("requests", most: limits.mostRequests) else {
      let history = try history(&fields)
      try fields.end()
      return (engine, [shared.request(history, over: nil)], true, titles)
    }
    try fields.end()
    var requests: [ListRequest] = []
    requests.reserveCapacity(many.count)
    for var fields in many {
      let history = try history(&fields)
      let rules = try SharedRules(&fields, limits)
      try fields.end()
      requests.append(rules.request(history, over: shared))
    }
    return (engine, requests, false, titles)
  }

  /// The user or the items of a request: exactly one of them.
  private func history(_ fields: inout RequestFields) throws(APIError) -> ListRequest.History {
    let user = try fields.identifier("user")
    let items = try fields.identifiers("items", most: limits.longestHistory)
    switch (user, items) {
    case (let user?, nil): return .user(user)
    case (nil, let items?): return .items(items)
    default: throw fields.missing("give a `user` of the store, or a history as `items` (oldest first), not both")
    }
  }

  private func write(
    _ answer: ListAnswer, _ request: ListRequest, _ name: String, titles: Bool = true, model: Bool = false,
    to text: inout AnswerText
  ) {
    if model { text.text("model", answer.model.shortHash) }
    if case .user(let user) = request.history { text.text("user", user.text) }
    text.text("source", answer.list.items.isEmpty ? "none" : answer.list.source.rawValue)
    let probabilities = answer.list.probabilities
    text.list(name, answer.list.items.enumerated()) { text, entry in
      text.object { text in
        text.item(entry.element.item, of: answer.model, titled: titles)
        text.score("score", entry.element.score)
        if let probabilities { text.number("probability", probabilities[entry.offset]) }
      }
    }
    text.list("unknown_items", answer.unknown) { $0.text(nil, $1.text) }
  }

  /// Rows as `cloze recommend` writes them, where the client would rather have those.
  private static func rowFormat(_ accept: String?) -> RecommendationText.Format? {
    guard let accept = accept?.lowercased() else { return nil }
    if accept.hasPrefix("text/csv") { return .csv }
    return accept.hasPrefix("application/x-ndjson") ? .jsonLines : nil
  }
}

extension ServedModel {
  /// The first digits of its hash, which are enough to tell models apart.
  package var shortHash: String { String(hash.prefix(16)) }
}

extension AnswerText {
  /// An item's id, and its title where it has one.
  mutating func item(_ id: String, _ title: String?) {
    text("item", id)
    if let title { text("title", title) }
  }

  /// An item of a model by its number.
  mutating func item(_ number: Int32, of model: ServedModel, titled: Bool = true) {
    item(model.items[Int(number)].text, titled ? model.labels.title(of: Int(number)) : nil)
  }

  /// The titles of a list of ids, in its order, where titles are known.
  mutating func titles(_ ids: [Identifier], _ model: ServedModel) {
    guard let titles = model.titles else { return }
    list("titles", ids) { text, id in
      if let title = titles.title(of: id) { text.text(nil, title) } else { text.raw(nil, Array("null".utf8)) }
    }
  }
}
