import Foundation
import Interactions
import Synchronization

/// What a path leads to.
enum Route: Sendable, Equatable {
  case page, script, style, openAPI, live, ready, metrics, model, reload, mcp
  case recommend, score, similar, explain, events
  /// Ids that hold a text: `items` or `users`.
  case search(String)
  case item(Identifier)
  case user(Identifier)

  /// nil where there is nothing at the path.
  init?(_ request: APIRequest) {
    switch request.path {
    case "/": self = .page
    case "/cloze.js": self = .script
    case "/cloze.css": self = .style
    case "/openapi.json": self = .openAPI
    case "/health/live": self = .live
    case "/health/ready": self = .ready
    case "/metrics": self = .metrics
    case "/admin/reload": self = .reload
    case "/mcp": self = .mcp
    case "/v1/model": self = .model
    case "/v1/recommend": self = .recommend
    case "/v1/score": self = .score
    case "/v1/similar": self = .similar
    case "/v1/explain": self = .explain
    case "/v1/events": self = .events
    case "/v1/items": self = .search("items")
    case "/v1/users": self = .search("users")
    case let path:
      let parts = path.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 4, parts[0].isEmpty, parts[1] == "v1", let id = API.decoded(String(parts[3])), !id.isEmpty
      else { return nil }
      switch parts[2] {
      case "items": self = .item(Identifier(id))
      case "users": self = .user(Identifier(id))
      default: return nil
      }
    }
  }

  var methods: [String] {
    switch self {
    case .recommend, .score, .similar, .explain, .events, .reload, .mcp: ["POST"]
    default: ["GET", "HEAD"]
    }
  }

  /// Whether it is answered without a key.
  var isOpen: Bool { self == .live || self == .ready }
  var isAdministrative: Bool { self == .reload }

  /// The path without ids.
  var pattern: String {
    switch self {
    case .page: "/"
    case .script: "/cloze.js"
    case .style: "/cloze.css"
    case .openAPI: "/openapi.json"
    case .live: "/health/live"
    case .ready: "/health/ready"
    case .metrics: "/metrics"
    case .reload: "/admin/reload"
    case .mcp: "/mcp"
    case .model: "/v1/model"
    case .recommend: "/v1/recommend"
    case .score: "/v1/score"
    case .similar: "/v1/similar"
    case .explain: "/v1/explain"
    case .events: "/v1/events"
    case .search(let list): "/v1/\(list)"
    case .item: "/v1/items/{id}"
    case .user: "/v1/users/{id}"
    }
  }
}

/// Whether requests should come here.
final class Health: Sendable {
  private let isDraining = Atomic(false)

  func drain() { isDraining.store(true, ordering: .relaxed) }

  func ready() throws(APIError) -> APIResponse {
    if isDraining.load(ordering: .relaxed) {
      throw APIError(503, "the server is stopping; ask another one", retryAfter: 5)
    }
    return Self.answer("ready")
  }

  static func answer(_ status: String) -> APIResponse {
    var text = AnswerText()
    text.object { $0.text("status", status) }
    return .json(text)
  }
}
