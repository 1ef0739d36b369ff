import Interactions
import Serving

/// The HTTP interface without HTTP: from requests to responses, the same for every server that carries them.
package final class API: Sendable {
  /// The model that answers where a request names none, and whose store takes events.
  package let engine: RecommendationEngine
  /// Another model to compare it with.
  package let compared: RecommendationEngine?
  package let metrics: ServerMetrics
  let limits: APILimits
  let access: AccessRules
  private let health = Health()

  package init(
    _ engine: RecommendationEngine, comparedTo other: RecommendationEngine? = nil, metrics: ServerMetrics,
    access: AccessRules = AccessRules(), limits: APILimits = APILimits()
  ) {
    (self.engine, compared) = (engine, other)
    (self.metrics, self.access, self.limits) = (metrics, access, limits)
  }

  /// One engine, or two.
  package var engines: [RecommendationEngine] { [engine] + (compared.map { [$0] } ?? []) }

  /// What a model is called: its directory's name, or its path where another has that name.
  func name(of engine: RecommendationEngine) -> String {
    let directories = engines.map(\.model.directory)
    let isUnique = Set(directories.map(\.lastPathComponent)).count == directories.count
    return isUnique ? engine.model.directory.lastPathComponent : engine.model.directory.relativePath
  }

  /// The engine of the model that a request names, by what it is called or by its hash; the first where it names none.
  func engine(named name: String?) throws(APIError) -> RecommendationEngine {
    guard let name else { return engine }
    let names = engines.map { self.name(of: $0) }
    guard let index = names.firstIndex(of: name) ?? engines.firstIndex(where: { $0.model.shortHash == name }) else {
      let known = names.map { "\"\($0)\"" }.joined(separator: " and ")
      throw APIError(
        404, "no model \"\(name.prefix(80))\" answers here; there \(names.count == 1 ? "is" : "are") \(known)")
    }
    return engines[index]
  }

  /// From now on `/health/ready` says that no more requests should come.
  package func drain() { health.drain() }

  /// The response to a request, and the route it took, for counting: a pattern, never an id.
  package func respond(to request: APIRequest) async -> (response: APIResponse, route: String) {
    let route = Route(request)
    do {
      guard let route else { throw APIError(404, "there is nothing at this path; /openapi.json lists what there is") }
      try access.check(request, route)
      guard route.methods.contains(request.method) else {
        var error = APIError(405, "\(route.pattern) takes \(route.methods.joined(separator: " or ")) and nothing else")
        error.allow = route.methods.joined(separator: ", ")
        throw error
      }
      return (try await answer(request, route), route.pattern)
    } catch {
      return (APIError(error).response, route?.pattern ?? "other")
    }
  }

  private func answer(_ request: APIRequest, _ route: Route) async throws -> APIResponse {
    switch route {
    case .page: return Page.html
    case .script: return Page.script
    case .style: return Page.style
    case .openAPI: return APIResponse(body: OpenAPI.text)
    case .live: return Health.answer("live")
    case .ready: return try health.ready()
    case .metrics: return metrics.text(of: self)
    case .model: return describeModel()
    case .search(let list): return try search(list, request)
    case .item(let id): return try item(id)
    case .user(let id): return try user(id)
    case .reload: return try await reload()
    case .mcp: return try await ModelContext(self).answer(request)
    case .recommend: return try await recommend(try body(of: request), accept: request.header("accept"))
    case .score: return try await score(try body(of: request))
    case .similar: return try await similar(try body(of: request))
    case .explain: return try await explain(try body(of: request))
    case .events: return try await addEvents(try body(of: request))
    }
  }

  /// The JSON of a request; its content type is one that forms of other sites cannot send.
  func body(of request: APIRequest) throws(APIError) -> RequestValue {
    let type = request.header("content-type")?.split(separator: ";").first.map { $0.trimmed.lowercased() }
    guard type == "application/json" else {
      throw APIError(415, "the body is to be JSON, with the header content-type: application/json")
    }
    if let encoding = request.header("content-encoding"), encoding.lowercased() != "identity" {
      throw APIError(415, "a body with content-encoding \(encoding.prefix(40)) is not taken; send it as it is")
    }
    return try RequestParser.parse(request.body)
  }

  private func reload() async throws -> APIResponse {
    let model = try await engine.reload()
    let other = try await compared?.reload()
    var text = AnswerText()
    text.object { text in
      text.text("model", model.shortHash)
      if let other { text.text("compared", other.shortHash) }
      text.text("loaded_at", model.loadedAt.ISO8601Format())
    }
    return .json(text)
  }

  /// `text` without its percent-encoding; nil where that is wrong or gives no UTF-8.
  static func decoded(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte != UInt8(ascii: "%") {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
      guard digits.count == 2 else { return nil }
      bytes.append(UInt8(digits[0] << 4 | digits[1]))
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

extension Substring {
  /// Without blanks around it.
  var trimmed: Substring {
    let start = drop { $0 == " " || $0 == "\t" }
    return start.lastIndex { $0 != " " && $0 != "\t" }.map { start[...$0] } ?? ""
  }
}
