import Interactions
import Serving

/// The Model Context Protocol over its streamable HTTP transport, so that assistants can ask: JSON-RPC 2.0, one message per
/// request, no session and no stream.
///
/// - Source: modelcontextprotocol.io, revision 2025-06-18.
struct ModelContext {
  private static let versions = ["2025-06-18", "2025-03-26", "2024-11-05"]
  private let api: API

  init(_ api: API) { self.api = api }

  /// What JSON-RPC calls an error.
  private struct Fault: Error {
    let code: Int
    let message: String
  }

  func answer(_ request: APIRequest) async throws -> APIResponse {
    let value: RequestValue
    switch parsed(request) {
    case .success(let parsed): value = parsed
    case .failure(let error):
      if error.status != 400 { throw error }
      return Self.error(nil, Fault(code: -32700, message: error.sentence), status: 400)
    }
    guard case .object(let members) = value else {
      return Self.error(
        nil, Fault(code: -32600, message: "one JSON-RPC message is expected, as an object"), status: 400)
    }
    func member(_ name: String) -> RequestValue? { members.first { $0.name == name }?.value }
    guard member("jsonrpc") == .text("2.0"), case .text(let method)? = member("method") else {
      return Self.error(
        member("id"), Fault(code: -32600, message: "a message has \"jsonrpc\": \"2.0\" and a method"), status: 400)
    }
    // Notifications have no id and get no answer.
    guard let id = member("id") else { return APIResponse(202, body: []) }
    switch id {
    case .text: break
    case .number(let number) where number == number.rounded() && abs(number) < 1e15: break
    default:
      return Self.error(nil, Fault(code: -32600, message: "`id` is a text or a whole number"), status: 400)
    }
    guard case .object(let parameters) = member("params") ?? .object([]) else {
      return Self.error(id, Fault(code: -32602, message: "`params` is an object"), status: 400)
    }
    do {
      let result = try await result(of: method, parameters)
      return .json(Self.message(id) { $0.raw("result", result.bytes) })
    } catch let fault as Fault {
      return Self.error(id, fault, status: 200)
    }
  }

  private func parsed(_ request: APIRequest) -> Result<RequestValue, APIError> {
    do {
      return .success(try api.body(of: request))
    } catch {
      return .failure(error)
    }
  }

  private func result(of method: String, _ members: [RequestValue.Member]) async throws -> AnswerText {
    func member(_ name: String) -> RequestValue? { members.first { $0.name == name }?.value }
    var text = AnswerText()
    switch method {
    case "initialize":
      var version = Self.versions[0]
      if case .text(let wanted)? = member("protocolVersion"), Self.versions.contains(wanted) { version = wanted }
      text.object { text in
        text.text("protocolVersion", version)
        text.object("capabilities") { text in text.object("tools") { $0.flag("listChanged", false) } }
        text.object("serverInfo") { text in
          text.text("name", "cloze")
          text.text("version", api.engine.model.shortHash)
        }
        text.text(
          "instructions",
          "Recommends what a user interacts with next, from a history of item ids. Ids are those of the log that the model was trained on; scores compare within one list only."
        )
      }
    case "ping": text.object { _ in }
    case "tools/list": text.raw(nil, PackageResources.tools_json)
    case "tools/call":
      guard case .text(let name)? = member("name") else { throw Fault(code: -32602, message: "`name` names a tool") }
      text = try await call(name, member("arguments") ?? .object([]))
    default:
      throw Fault(
        code: -32601,
        message: "there is no method \(method.prefix(60)); there are initialize, ping, tools/list and tools/call")
    }
    return text
  }

  /// The result of a tool; what is wrong with its arguments is a result as well, for the assistant to read.
  private func call(_ name: String, _ arguments: RequestValue) async throws -> AnswerText {
    var (body, isError): ([UInt8], Bool)
    do {
      let response =
        switch name {
        case "recommend": try await api.recommend(arguments, accept: nil)
        case "similar": try await api.similar(arguments)
        case "explain": try await api.explain(arguments)
        case "model": api.describeModel()
        default:
          throw Fault(
            code: -32602,
            message: "there is no tool \(name.prefix(60)); there are recommend, similar, explain and model")
        }
      (body, isError) = (response.body, false)
    } catch let fault as Fault {
      throw fault
    } catch {
      (body, isError) = (Array(APIError(error).sentence.utf8), true)
    }
    var text = AnswerText()
    text.object { text in
      text.list("content", CollectionOfOne(body)) { text, body in
        text.object { text in
          text.text("type", "text")
          text.text("text", String(decoding: body, as: UTF8.self))
        }
      }
      if !isError { text.raw("structuredContent", body) }
      text.flag("isError", isError)
    }
    return text
  }

  private static func error(_ id: RequestValue?, _ fault: Fault, status: Int) -> APIResponse {
    .json(
      message(id) { text in
        text.object("error") { text in
          text.integer("code", fault.code)
          text.text("message", fault.message)
        }
      }, status: status)
  }

  private static func message(_ id: RequestValue?, _ body: (inout AnswerText) -> Void) -> AnswerText {
    var text = AnswerText()
    text.object { text in
      text.text("jsonrpc", "2.0")
      switch id {
      case .text(let id)?: text.text("id", id)
      case .number(let id)? where id == id.rounded() && abs(id) < 1e15: text.integer("id", Int(id))
      default: text.raw("id", Array("null".utf8))
      }
      body(&text)
    }
    return text
  }
}
