import Serving

/// A request as it came over the wire, without the wire.
package struct APIRequest: Sendable {
  package var method: String
  /// As in the request line, percent-encoded, without the query.
  package var path: String
  /// What follows the question mark.
  package var query: String
  /// The values of a header by its name in lower case; nil where it did not come.
  package var header: @Sendable (String) -> String?
  package var body: [UInt8]

  package init(
    _ method: String, _ path: String, query: String = "", body: [UInt8] = [],
    header: @escaping @Sendable (String) -> String? = { _ in nil }
  ) {
    (self.method, self.path, self.query, self.header, self.body) = (method, path, query, header, body)
  }
}

/// What goes back.
package struct APIResponse: Sendable {
  package var status: Int
  package var contentType: String
  package var headers: [(name: String, value: String)] = []
  package var body: [UInt8]

  package init(_ status: Int = 200, contentType: String = "application/json", body: [UInt8]) {
    (self.status, self.contentType, self.body) = (status, contentType, body)
  }

  static func json(_ text: AnswerText, status: Int = 200) -> APIResponse { APIResponse(status, body: text.bytes) }
}

/// Why a request gets no answer: a status and one sentence.
package struct APIError: Error, Sendable, Equatable {
  package var status: Int
  package var sentence: String
  /// Seconds after which to try again.
  package var retryAfter: Int?
  /// Methods that the path has.
  var allow: String?
  var authenticate = false

  package init(_ status: Int, _ sentence: String, retryAfter: Int? = nil) {
    (self.status, self.sentence, self.retryAfter) = (status, sentence, retryAfter)
  }

  static func bad(_ sentence: String) -> APIError { APIError(400, sentence) }

  /// What a service says, by what the client can do about it.
  init(_ error: any Error) {
    guard let error = error as? ServingError else {
      self = error as? APIError ?? APIError(500, "the request failed: \(error)")
      return
    }
    switch error {
    case .overloaded: self.init(503, error.description, retryAfter: 1)
    case .stopped: self.init(503, error.description, retryAfter: 5)
    case .late: self.init(504, error.description, retryAfter: 1)
    case .unknownUser, .unknownItem, .noCandidates: self.init(404, error.description)
    // Well-formed, but not what this server has or what the store takes.
    case .noStore, .noGroups, .badEvent: self.init(409, error.description)
    case .store, .badModel: self.init(500, error.description)
    }
  }

  package var response: APIResponse {
    var text = AnswerText()
    text.object { text in
      text.object("error") { text in
        text.integer("status", status)
        text.text("message", sentence)
      }
    }
    var response = APIResponse.json(text, status: status)
    if let retryAfter { response.headers.append(("retry-after", "\(retryAfter)")) }
    if let allow { response.headers.append(("allow", allow)) }
    if authenticate { response.headers.append(("www-authenticate", #"Bearer, Basic realm="cloze", charset="UTF-8""#)) }
    return response
  }
}
