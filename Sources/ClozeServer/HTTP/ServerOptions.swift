/// Where a server listens, and what it takes from a connection.
package struct ServerOptions: Sendable, Equatable {
  package var host = "127.0.0.1"
  /// 0 for any that is free.
  package var port = 8_080
  /// A certificate chain and its key, as PEM files; nil for plain HTTP.
  package var certificate: (chain: String, key: String)?
  package var largestBody = 1 << 20
  package var largestHeaders = 16 << 10
  /// Seconds for the headers or the next request to come, and for the whole body.
  package var idleSeconds = 30
  package var bodySeconds = 30
  package var mostConnections = 1_024
  /// Seconds between two looks at whether the model on disk was replaced; 0 for never.
  package var watchSeconds = 2
  /// Seconds that requests under way have when the server stops.
  package var drainSeconds = 30
  package var logsRequests = false
  /// Whether logs may name ids of users and items.
  package var logsIDs = false

  package init() {}

  package static func == (a: Self, b: Self) -> Bool {
    a.host == b.host && a.port == b.port && a.certificate?.chain == b.certificate?.chain
      && a.certificate?.key == b.certificate?.key
  }

  /// Whether only this machine can reach it.
  package var isLocal: Bool { ["127.0.0.1", "localhost", "::1"].contains(host) }
}

/// Why a server cannot be started.
package enum ServerError: Error, Equatable, CustomStringConvertible {
  case notBuilt
  case certificate(chain: String, key: String, reason: String)
  case address(host: String, port: Int, reason: String)

  package var description: String {
    switch self {
    case .notBuilt:
      "this cloze was built without its HTTP server; build it with: swift build --configuration release --traits Server"
    case .certificate(let chain, let key, let reason):
      "\(chain) and \(key) cannot be used for TLS: \(reason); give a certificate chain and its private key as PEM files"
    case .address(let host, let port, let reason):
      "cannot listen on \(host), port \(port): \(reason); choose another --port or --host"
    }
  }
}

#if !Server
  /// The server that is not there.
  package struct HTTPServer: Sendable {
    package static let isBuilt = false

    package init(_ api: API, _ configuration: ServerOptions) throws(ServerError) { throw .notBuilt }

    package func run(onListening: @escaping @Sendable (_ address: String) -> Void) async throws {
      throw ServerError.notBuilt
    }
  }
#endif
