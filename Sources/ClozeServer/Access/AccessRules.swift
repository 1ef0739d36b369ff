import Foundation

/// Who may ask what.
package struct AccessRules: Sendable {
  /// The keys of all routes but those of health; nil where no key is needed.
  package var keys: APIKeys?
  /// The keys of administrative routes; nil where there are none, which closes those routes.
  package var adminKeys: APIKeys?
  package var rateLimit: RateLimit?
  /// Whether only requests are answered that were sent to this machine by name, so that pages of other sites which resolve
  /// to it cannot ask.
  package var requiresLocalHost = false

  package init() {}

  /// - Throws: `APIError`: 401 without a key, 403 with another one, 421 for a foreign host, 429 for too many requests.
  func check(_ request: APIRequest, _ route: Route) throws(APIError) {
    if requiresLocalHost, let host = request.header("host"), !Self.isLocal(host) {
      throw APIError(
        421, "this server answers requests to localhost only; start it with --host to be reached by other names")
    }
    // A page of another site sends its origin with what it posts; ours is where the request was sent.
    if let origin = request.header("origin"), request.method != "GET",
      origin.split(separator: "/").last.map(String.init) != request.header("host")
    {
      throw APIError(403, "the request comes from a page of another site; ask from a program or from the page at /")
    }
    if route.isOpen { return }
    let given = Self.key(of: request)
    if route.isAdministrative {
      guard let adminKeys else {
        throw APIError(
          403, "administrative routes are closed; start the server with --admin-key-file, or send it SIGHUP")
      }
      guard let given else { throw Self.unauthorized }
      if adminKeys.index(of: given) == nil { throw APIError(403, "this key does not open administrative routes") }
      return
    }
    guard let keys else { return try limit(0) }
    guard let given else { throw Self.unauthorized }
    guard let index = keys.index(of: given) ?? adminKeys?.index(of: given).map({ -1 - $0 }) else {
      throw APIError(403, "this key is unknown; ask for one of those in the server's --api-key-file")
    }
    try limit(index)
  }

  private func limit(_ key: Int) throws(APIError) {
    guard let rateLimit, !rateLimit.take(key) else { return }
    throw APIError(429, "more than \(rateLimit.perSecond) requests came within a second; wait for one", retryAfter: 1)
  }

  private static var unauthorized: APIError {
    var error = APIError(
      401,
      "a key is needed: send it as `authorization: Bearer KEY`, as `x-api-key: KEY`, or as the password of a browser")
    error.authenticate = true
    return error
  }

  /// The key of a request: a bearer token, a header of its own, or the password of basic authentication.
  private static func key(of request: APIRequest) -> String? {
    if let key = request.header("x-api-key") { return key }
    guard let value = request.header("authorization") else { return nil }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    switch parts[0].lowercased() {
    case "bearer": return String(parts[1].trimmed)
    case "basic":
      let pair = Data(base64Encoded: String(parts[1].trimmed)).flatMap { String(data: $0, encoding: .utf8) }
      return pair?.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first.map(
        String.init)
    default: return nil
    }
  }

  private static func isLocal(_ host: String) -> Bool {
    var name = host.lowercased()
    if let end = name.lastIndex(of: ":"), !name.hasSuffix("]") { name = String(name[..<end]) }
    return ["localhost", "127.0.0.1", "[::1]"].contains(name)
  }
}
