import ClozeServer
import Foundation
import InteractionStore
import Interactions
import Serving
import Synchronization

/// Requests to the server, without the wire: the path and its query, and the JSON of the body.
let serverSubjects: [Subject] = [
  "recommend", "user", "lists", "score", "similar", "explain", "events", "tool", "call", "search", "item",
].map { name in
  Subject(name: "request: \(name)", file: "requests/\(name)", shape: .request, weight: 12) { folder in
    try respond(to: Data(contentsOf: folder.appendingPathComponent("requests/\(name)")), in: folder)
  }
}

/// A response that says what is wrong with the request.
private struct RequestRefusal: Error, CustomStringConvertible {
  let description: String
}

/// One for each folder, as the process has it.
private let servers = Mutex<[String: API]>([:])

private func server(in folder: URL) throws -> API {
  try servers.withLock { servers in
    if let known = servers[folder.path] { return known }
    var configuration = RecommendationEngine.Configuration()
    configuration.patience = .seconds(60)
    configuration.groups = (0..<40).map { (Identifier("item\($0)"), Identifier("group \($0 % 3)")) }
    let engine = try RecommendationEngine(
      model: folder.appendingPathComponent("served"), log: folder.appendingPathComponent("served.sqlite"),
      configuration: configuration)
    let api = API(engine, metrics: ServerMetrics())
    servers[folder.path] = api
    return api
  }
}

private func respond(to text: Data, in folder: URL) throws -> String {
  let api = try server(in: folder)
  let lines = text.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
  let words = String(decoding: lines[0], as: UTF8.self).split(separator: " ", maxSplits: 1).map(String.init)
  let target = (words.last ?? "").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
  let request = APIRequest(
    words.first ?? "", target.first ?? "", query: target.count > 1 ? target[1] : "",
    body: lines.count > 1 ? [UInt8](lines[1]) : []
  ) { $0 == "content-type" ? "application/json" : nil }
  let answer = Mutex<APIResponse?>(nil)
  let done = DispatchSemaphore(value: 0)
  Task {
    let response = await api.respond(to: request).response
    answer.withLock { $0 = response }
    done.signal()
  }
  done.wait()
  let response = answer.withLock { $0! }
  let body = String(decoding: response.body, as: UTF8.self)
  if response.status >= 500 { throw Contradiction(description: "status \(response.status): \(body.prefix(300))") }
  if response.contentType == "application/json", !response.body.isEmpty,
    (try? JSONSerialization.jsonObject(with: Data(response.body))) == nil
  {
    throw Contradiction(description: "the response is no JSON: \(body.prefix(300))")
  }
  if response.status >= 400 {
    if body.utf8.count > 16_384 { throw Contradiction(description: "an error of \(body.utf8.count) bytes") }
    throw RequestRefusal(description: body)
  }
  return "\(response.status) \(body)"
}
