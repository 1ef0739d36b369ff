import ClozeServer
import Foundation
import Interactions
import Recommending
import Serving
import Testing

@Suite struct APITests {
  let shop: SmallShop

  init() throws { shop = try SmallShop() }

  func api(_ change: (inout AccessRules) -> Void = { _ in }) throws -> API {
    let metrics = ServerMetrics()
    var access = AccessRules()
    change(&access)
    return API(
      try shop.engine { _ in
      } observe: {
        metrics.count($0)
      }, metrics: metrics, access: access)
  }

  /// What a request is answered with: the status and the JSON.
  func ask(
    _ api: API, _ method: String, _ path: String, _ body: String = "", headers: [String: String] = [:]
  ) async throws -> (status: Int, json: Any) {
    let (path, query) =
      path.split(separator: "?").count > 1
      ? (String(path.split(separator: "?")[0]), String(path.split(separator: "?")[1])) : (path, "")
    let headers = ["content-type": "application/json"].merging(headers) { $1 }
    let request = APIRequest(method, path, query: query, body: Array(body.utf8)) { headers[$0] }
    let response = await api.respond(to: request).response
    if response.body.isEmpty { return (response.status, [:]) }
    return (response.status, try JSONSerialization.jsonObject(with: Data(response.body)))
  }

  func message(_ json: Any) -> String? { ((json as? [String: Any])?["error"] as? [String: Any])?["message"] as? String }

  @Test func manyListsAreTheRowsOfABatchRun() async throws {
    let api = try api()
    let requests = shop.users.map { #"{"user": "\#($0)"}"# }.joined(separator: ", ")
    let body = Array(#"{"k": 7, "exclude_seen": true, "probabilities": true, "requests": [\#(requests)]}"#.utf8)
    let headers = ["content-type": "application/json", "accept": "text/csv"]
    let response = await api.respond(to: APIRequest("POST", "/v1/recommend", body: body) { headers[$0] }).response
    let rules = ListRules(top: 7, excludesSeen: true, probabilities: true)
    #expect(String(decoding: response.body, as: UTF8.self) == (try shop.batch(rules)))
    #expect(response.contentType == "text/csv; charset=utf-8")
    let (status, json) = try await ask(api, "POST", "/v1/recommend", String(decoding: body, as: UTF8.self))
    let answers = try #require((json as? [String: Any])?["answers"] as? [[String: Any]])
    #expect(status == 200 && answers.count == 120)
    #expect(answers[0]["source"] as? String == "popular" && answers[1]["source"] as? String == "model")
    #expect(answers[0]["unknown_items"] as? [String] == ["new 0"] && (answers[1]["items"] as? [Any])?.count == 7)
    await api.engine.close()
  }

  @Test func everyRouteAnswers() async throws {
    let api = try api()
    for (method, path, body, expected) in [
      ("POST", "/v1/score", #"{"items": ["item 1"], "candidates": ["item 9", "item 3", "x"]}"#, 200),
      ("POST", "/v1/similar", #"{"item": "item 1", "k": 3}"#, 200),
      ("POST", "/v1/similar", #"{"items": ["item 1", "item 2"], "by": "product"}"#, 200),
      ("POST", "/v1/explain", #"{"user": "user 7"}"#, 200),
      ("POST", "/v1/explain", #"{"items": ["item 1"], "item": "nothing"}"#, 404),
      ("POST", "/v1/events", #"{"user": "a%", "item": "item 1", "time": "2026-01-31T12:00:00Z"}"#, 201),
      (
        "POST", "/v1/events",
        #"{"events": [{"user": "a%", "item": "item 2"}, {"user": "b", "item": "item 2", "time": 5}]}"#, 201
      ),
      ("POST", "/v1/events", #"{"user": "a", "item": "item 1", "group": "g"}"#, 409),
      ("GET", "/v1/users/a%25", "", 200), ("GET", "/v1/users/nobody", "", 404),
      ("GET", "/v1/users?search=ser+1&count=3", "", 200),
      ("GET", "/v1/items/item%203", "", 200), ("GET", "/v1/items/item", "", 404),
      ("GET", "/v1/items?search=item%205", "", 200),
      ("GET", "/v1/items?count=0", "", 400), ("GET", "/v1/model", "", 200), ("GET", "/openapi.json", "", 200),
      ("GET", "/health/live", "", 200), ("GET", "/health/ready", "", 200), ("GET", "/v2", "", 404),
      ("PUT", "/v1/model", "", 405), ("GET", "/v1/recommend", "", 405), ("POST", "/admin/reload", "", 403),
    ] {
      let (status, json) = try await ask(api, method, path, body)
      #expect(status == expected, "\(method) \(path) \(body): \(json)")
    }
    let user = try await ask(api, "GET", "/v1/users/a%25").json as? [String: Any]
    #expect(user?["items"] as? [String] == ["item 1", "item 2"])
    let users = try await ask(api, "GET", "/v1/users?search=ser+1&count=3").json as? [String: Any]
    #expect(users?["users"] as? [String] == ["user 1", "user 10", "user 11"])
    let metrics = await api.respond(to: APIRequest("GET", "/metrics")).response
    let text = String(decoding: metrics.body, as: UTF8.self)
    #expect(text.contains("cloze_model_info{model=\"\(api.engine.model.shortHash)\""))
    #expect(text.contains("cloze_events_total 3\n") && text.contains("cloze_batch_lists_count"))
    #expect(text.contains("cloze_session_cache_histories_total{name=\"model\",found=\"none\"} 1\n"))
    #expect(text.contains("cloze_session_cache_limit_bytes{name=\"model\"} 256000000\n"))
    api.drain()
    #expect(try await ask(api, "GET", "/health/ready").status == 503)
    await api.engine.close()
    #expect(try await ask(api, "POST", "/v1/recommend", #"{"items": []}"#).status == 503)
  }

  @Test(arguments: [
    ("", "the body is empty; send a JSON object"),
    ("{", "the body is no JSON: at byte 2 of 1 a name in quotes is expected"),
    (#"{"items": ["a",]}"#, "the body is no JSON: at byte 16 of 17 a value is expected"),
    (#"{"items": ["a"], "items": []}"#, "\"items\" stands twice in one object; give it once"),
    (#"{"itmes": ["a"]}"#, "give a `user` of the store, or a history as `items` (oldest first), not both"),
    (#"{"items": ["a"], "kk": 3}"#, "`kk` is not known here; did you mean `k`?"),
    (#"{"items": ["a"], "k": 0}"#, "`k`: a whole number from 1 to 1000 is expected, found 0"),
    (#"{"items": ["a"], "k": "ten"}"#, "`k`: a whole number from 1 to 1000 is expected, found \"ten\""),
    (#"{"items": ["a", 3]}"#, "`items[1]`: an id in quotes is expected, found 3"),
    (
      #"{"requests": [{"user": "a"}, {"items": [""]}]}"#,
      "`requests[1].items[0]` is empty; an id has at least one character"
    ),
    (#"{"requests": []}"#, "`requests` has 0 objects; from 1 to 1000 are taken"),
    ("[]", "the body: an object is expected, found a list"),
    (#"{"user": "\ud800"}"#, "the body is no JSON: at byte 17 of 18 the second half of a pair is expected"),
  ])
  func aBadBodyIsToldWhatIsExpected(body: String, sentence: String) async throws {
    let api = try api()
    let (status, json) = try await ask(api, "POST", "/v1/recommend", body)
    #expect(status == 400 && message(json) == sentence)
    await api.engine.close()
  }

  @Test func aRefusalQuotesTheBeginningOfALongId() async throws {
    let api = try api()
    let long = String(repeating: "x", count: 70_000)
    for (path, body) in [
      ("/v1/explain", #"{"items": ["item 1"], "item": "\#(long)"}"#), ("/v1/similar", #"{"item": "\#(long)"}"#),
    ] {
      let (status, json) = try await ask(api, "POST", path, body)
      #expect(status == 404 && message(json)?.hasPrefix("the model knows no item \"xxx") == true)
      #expect(message(json)?.contains("x…\"") == true && message(json)!.utf8.count < 300)
    }
    let (status, json) = try await ask(api, "GET", "/v1/users/\(long)")
    #expect(status == 404 && message(json)!.utf8.count < 300)
    await api.engine.close()
  }

  @Test func keysOpenWhatTheyAreFor() async throws {
    let key = "0123456789abcdef", admin = "fedcba9876543210"
    let api = try api {
      ($0.keys, $0.adminKeys) = (APIKeys(["another key, long", key]), APIKeys([admin]))
      $0.rateLimit = RateLimit(perSecond: 5)
    }
    let basic = Data("anyone:\(key)".utf8).base64EncodedString()
    for (path, headers, expected) in [
      ("/v1/model", [:], 401), ("/v1/model", ["x-api-key": "0123456789abcdeF"], 403),
      ("/v1/model", ["x-api-key": key], 200),
      ("/metrics", [:], 401), ("/", [:], 401), ("/openapi.json", [:], 401), ("/mcp", [:], 401),
      ("/health/live", [:], 200),
      ("/v1/model", ["authorization": "Bearer \(key)"], 200), ("/v1/model", ["authorization": "Basic \(basic)"], 200),
      ("/v1/model", ["x-api-key": admin], 200), ("/admin/reload", ["x-api-key": key], 403), ("/admin/reload", [:], 401),
      ("/admin/reload", ["x-api-key": admin], 200), ("/v1/items/x", [:], 401),
    ] {
      let headers = headers
      let method = path == "/admin/reload" || path == "/mcp" ? "POST" : "GET"
      let response = await api.respond(to: APIRequest(method, path) { headers[$0] }).response
      #expect(response.status == expected, "\(path) \(headers)")
    }
    var statuses: [Int] = []
    for _ in 0..<8 { statuses.append(try await ask(api, "GET", "/v1/model", headers: ["x-api-key": key]).status) }
    #expect(statuses.contains(429))
    let response = await api.respond(to: APIRequest("GET", "/")).response
    #expect(response.headers.contains { $0.name == "www-authenticate" })
    await api.engine.close()
  }

  @Test func otherSitesCannotAskThroughABrowser() async throws {
    let api = try api { $0.requiresLocalHost = true }
    let body = #"{"items": ["item 1"]}"#
    #expect(try await ask(api, "POST", "/v1/recommend", body, headers: ["host": "127.0.0.1:8080"]).status == 200)
    #expect(try await ask(api, "POST", "/v1/recommend", body, headers: ["host": "evil.example"]).status == 421)
    #expect(try await ask(api, "POST", "/v1/recommend", body, headers: ["content-type": "text/plain"]).status == 415)
    let packed = ["content-type": "application/json", "content-encoding": "gzip"]
    #expect(try await ask(api, "POST", "/v1/recommend", body, headers: packed).status == 415)
    for (origin, expected) in [("http://localhost:8080", 200), ("http://evil.example", 403), ("null", 403)] {
      let headers = ["host": "localhost:8080", "origin": origin]
      #expect(try await ask(api, "POST", "/v1/recommend", body, headers: headers).status == expected)
    }
    await api.engine.close()
  }

  @Test func keyFilesAreReadLineByLine() throws {
    func file(_ text: String) throws -> String {
      let file = shop.folder.appendingPathComponent("keys")
      try Data(text.utf8).write(to: file)
      return file.path
    }
    #expect(try APIKeys(file: file("# the shop\n\n0123456789abcdef\r\n  fedcba9876543210 \n")).count == 2)
    let path = shop.folder.appendingPathComponent("keys").path
    #expect(throws: KeyFileError.short(file: path, line: 2, length: 5)) { try APIKeys(file: file("\nshort\n")) }
    #expect(throws: KeyFileError.empty(file: path)) { try APIKeys(file: file("# none\n")) }
    #expect(throws: KeyFileError.unreadable(file: "/nowhere")) { try APIKeys(file: "/nowhere") }
  }

  @Test func assistantsCanAsk() async throws {
    let api = try api()
    func call(_ message: String) async throws -> (Int, [String: Any]) {
      let (status, json) = try await ask(api, "POST", "/mcp", message)
      return (status, json as? [String: Any] ?? [:])
    }
    let start = try await call(
      #"{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}"#
    )
    #expect(
      (start.1["result"] as? [String: Any])?["protocolVersion"] as? String == "2025-03-26" && start.1["id"] as? Int == 1
    )
    #expect(try await call(#"{"jsonrpc": "2.0", "method": "notifications/initialized"}"#).0 == 202)
    for wrong in [#""id": {}"#, #""id": null"#, #""id": 1.5"#, #""id": 1, "params": []"#] {
      let (status, answer) = try await call(#"{"jsonrpc": "2.0", "method": "ping", \#(wrong)}"#)
      #expect(status == 400 && answer["error"] != nil, "\(wrong)")
    }
    let tools =
      (try await call(#"{"jsonrpc": "2.0", "id": "a", "method": "tools/list"}"#).1["result"] as? [String: Any])?[
        "tools"]
    #expect(
      (tools as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["recommend", "similar", "explain", "model"])
    // What the tool says it takes is what the route takes.
    let schema = (tools as? [[String: Any]])?[0]["inputSchema"] as? [String: Any]
    var place = try await ask(api, "GET", "/openapi.json").1
    for key in ["paths", "/v1/recommend", "post", "requestBody", "content", "application/json", "schema", "oneOf"] {
      place = try #require((place as? [String: Any])?[key])
    }
    let kinds = try #require(place as? [[String: Any]])
    let taken = kinds.reduce(into: Set<String>()) { $0.formUnion(($1["properties"] as! [String: Any]).keys) }
    #expect(Set((schema?["properties"] as? [String: Any] ?? [:]).keys) == taken.subtracting(["requests"]))
    for (name, arguments, isError) in [
      ("recommend", #"{"items": ["item 1"], "k": 3}"#, false),
      ("recommend", #"{"items": ["item 1"], "titles": false}"#, false),
      ("recommend", #"{"items": ["item 1"], "titles": true}"#, true), ("similar", #"{"item": "item 1"}"#, false),
      ("explain", #"{"user": "user 3"}"#, false), ("model", "{}", false), ("similar", #"{"item": "none"}"#, true),
    ] {
      let (status, answer) = try await call(
        #"{"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "\#(name)", "arguments": \#(arguments)}}"#
      )
      let result = try #require(answer["result"] as? [String: Any])
      #expect(status == 200 && result["isError"] as? Bool == isError, "\(name): \(answer)")
      #expect((result["structuredContent"] == nil) == isError)
    }
    for (message, code) in [
      ("{", -32700), ("[]", -32600), (#"{"id": 1}"#, -32600), (#"{"jsonrpc": "2.0", "id": 1, "method": "x"}"#, -32601),
      (#"{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "rm"}}"#, -32602),
    ] {
      #expect((try await call(message).1["error"] as? [String: Any])?["code"] as? Int == code)
    }
    await api.engine.close()
  }

  /// Random bytes, cut and changed JSON and odd paths: always an answer, never a failure of the server.
  @Test func malformedRequestsAreRefused() async throws {
    let api = try api()
    let seeds = [
      #"{"user": "user 3", "k": 5, "exclude_seen": true, "only": ["item 1", "item 2"], "max_per_group": 1}"#,
      #"{"requests": [{"items": ["item 1", "item 2"]}, {"user": "x"}], "probabilities": true, "exclude": []}"#,
      #"{"item": "item 1", "by": "cosine"}"#, #"{"items": ["item 1"], "candidates": ["item 2"]}"#,
      #"{"user": "u", "item": "i", "time": 1.5e3}"#,
      #"{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "model", "arguments": {}}}"#,
    ]
    let paths = ["/v1/recommend", "/v1/similar", "/v1/score", "/v1/explain", "/v1/events", "/mcp"]
    let pieces = [
      "\"", "\\u", "{", "}", "[", "]", ",", ":", "1e999", "-", "null", "\u{0}", "é", "\\ud83d", "  ", "true",
      "99999999999",
    ]
    .map { Array($0.utf8) }
    var random = SplitMix64(seed: 7)
    let rounds = Int(ProcessInfo.processInfo.environment["CLOZE_FUZZ"] ?? "") ?? 2_000
    for _ in 0..<rounds {
      var body = Array(seeds.randomElement(using: &random)!.utf8)
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        let place = Int.random(in: 0...body.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: body.insert(contentsOf: pieces.randomElement(using: &random)!, at: place)
        case 1: if place < body.count { body.remove(at: place) }
        case 2: if place < body.count { body[place] = UInt8.random(in: 0...255, using: &random) }
        default: body = Array(body[..<place])
        }
      }
      let request = APIRequest("POST", paths.randomElement(using: &random)!, body: body) {
        $0 == "content-type" ? "application/json" : nil
      }
      let response = await api.respond(to: request).response
      #expect(response.status < 500, "\(request.path) \(String(decoding: body, as: UTF8.self))")
      let odd = String(decoding: (0..<8).map { _ in UInt8.random(in: 32...126, using: &random) }, as: UTF8.self)
      let other = await api.respond(to: APIRequest("GET", "/v1/items/\(odd)", query: odd)).response
      #expect(other.status < 500, "\(odd)")
    }
    await api.engine.close()
  }
}
