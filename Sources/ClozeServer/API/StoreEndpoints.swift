import Foundation
import InteractionStore
import Interactions
import Serving

extension API {
  /// `POST /v1/events`: one event, or many under `events`; they are on disk, and in the histories, when this returns.
  func addEvents(_ body: RequestValue) async throws -> APIResponse {
    var fields = try RequestFields(body)
    var events: [NewEvent] = []
    if var many = try fields.objects("events", most: limits.mostEvents) {
      try fields.end()
      for index in many.indices { events.append(try event(&many[index])) }
    } else {
      events = [try event(&fields)]
    }
    try await engine.append(events)
    metrics.count(events: events.count)
    var text = AnswerText()
    text.object { $0.integer("added", events.count) }
    return .json(text, status: 201)
  }

  private func event(_ fields: inout RequestFields) throws(APIError) -> NewEvent {
    let user = try fields.identifier("user")
    let item = try fields.identifier("item")
    let group = try fields.identifier("group")
    let time = fields.value("time")
    try fields.end()
    guard let user, let item else { throw fields.missing("an event has a `user` and an `item`") }
    return NewEvent(user: user, item: item, time: try time.map(Self.microseconds), group: group)
  }

  private static func microseconds(_ time: RequestValue) throws(APIError) -> Int64 {
    if case .number(let seconds) = time, abs(seconds) < 1e11 { return Int64((seconds * 1e6).rounded()) }
    if case .text(let text) = time, let time = ISO8601.microseconds(text) { return time }
    throw .bad(
      "`time`: seconds since 1970 or a time like 2026-01-31T12:00:00Z is expected, found \(time.found); leave it out for now"
    )
  }

  /// `GET /v1/model`: which model answers, and what it is.
  func describeModel() -> APIResponse {
    var text = AnswerText()
    text.object { text in
      describe(engine, to: &text)
      if let compared { text.object("compared") { describe(compared, to: &$0) } }
      if let size = engine.logSize {
        text.object("log") { text in
          text.integer("users", size.users)
          text.integer("items", size.items)
          text.integer("events", size.events)
        }
      }
    }
    return .json(text)
  }

  private func describe(_ engine: RecommendationEngine, to text: inout AnswerText) {
    let model = engine.model
    let configuration = model.loaded.card.configuration
    text.text("name", name(of: engine))
    text.text("model", model.shortHash)
    text.text("sha256", model.hash)
    text.text("program", model.loaded.card.program)
    text.text("loaded_at", model.loadedAt.ISO8601Format())
    text.integer("items", model.items.count)
    text.flag("titles", model.titles != nil)
    text.integer("hidden", configuration.hidden)
    text.integer("layers", configuration.layers)
    text.integer("heads", configuration.heads)
    text.integer("length", configuration.positions)
    text.text("split", model.loaded.card.split)
    text.object("validation") { text in
      for (name, value) in model.loaded.card.validation.sorted(by: { $0.key < $1.key }) { text.number(name, value) }
    }
  }

  /// `GET /v1/items/{id}`
  func item(_ id: Identifier) throws -> APIResponse {
    let index = try engine.index(of: id)
    var text = AnswerText()
    text.object { text in
      text.item(id.text, engine.model.titles?.title(of: id))
      text.integer("index", index)
      if let events = engine.events(of: id) { text.integer("events", events) }
    }
    return .json(text)
  }

  /// `GET /v1/users/{id}`: the end of the user's history.
  func user(_ id: Identifier) throws -> APIResponse {
    guard engine.log != nil else { throw ServingError.noStore }
    guard let history = engine.history(of: id) else { throw ServingError.unknownUser(id) }
    var text = AnswerText()
    text.object { text in
      text.text("user", id.text)
      text.integer("events", history.count)
      let items = Array(history.suffix(limits.largestList))
      text.list("items", items) { $0.text(nil, $1.text) }
      text.titles(items, engine.model)
    }
    return .json(text)
  }

  /// `GET /v1/items?search=…&count=…` and `GET /v1/users?…`: what holds a text, for completion.
  func search(_ list: String, _ request: APIRequest) throws(APIError) -> APIResponse {
    var (wanted, count) = ("", 20)
    for pair in request.query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, let value = Self.decoded(parts[1].replacing("+", with: " ")) else {
        throw .bad("the query is not understood; it is like ?search=text&count=20")
      }
      switch parts[0] {
      case "search": wanted = value
      case "count":
        guard let number = Int(value), 1...limits.largestList ~= number else {
          throw .bad(
            "`count`: a whole number from 1 to \(limits.largestList) is expected, found \"\(value.prefix(40))\"")
        }
        count = number
      default: throw .bad("`\(parts[0].prefix(40))` is not known here; there are search and count")
      }
    }
    if list == "users" && engine.log == nil { throw APIError(ServingError.noStore) }
    let model = engine.model
    let ids =
      list == "users"
      ? engine.users(like: wanted, count) : model.items(like: wanted, count).map { model.items[$0] }
    var text = AnswerText()
    text.object { text in
      text.list(list, ids) { $0.text(nil, $1.text) }
      if list == "items" { text.titles(ids, model) }
    }
    return .json(text)
  }
}
