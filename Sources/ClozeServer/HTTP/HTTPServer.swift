#if Server
  import Foundation
  import HTTPTypes
  import Hummingbird
  import HummingbirdCore
  import HummingbirdTLS
  import Logging
  import NIOCore
  import NIOSSL
  import Serving
  import ServiceLifecycle

  /// Carries the interface over HTTP/1.1, with TLS where there is a certificate.
  package struct HTTPServer: Sendable {
    package static let isBuilt = true
    private let api: API
    private let configuration: ServerOptions
    private let tls: TLSConfiguration?
    private let logger: Logger

    /// - Throws: `ServerError.certificate`.
    package init(_ api: API, _ configuration: ServerOptions) throws(ServerError) {
      (self.api, self.configuration) = (api, configuration)
      tls = try configuration.certificate.map(Self.tls)
      logger = Logger(label: "cloze") { _ in JSONLogHandler() }
    }

    /// Answers until SIGTERM or Ctrl-C comes, then lets requests under way end; SIGHUP loads the model again.
    ///
    /// - Parameter onListening: called with the URL once connections are taken.
    /// - Throws: `ServerError.address`.
    package func run(onListening: @escaping @Sendable (_ address: String) -> Void) async throws {
      let (api, configuration, logger) = (api, configuration, logger)
      // What Hummingbird says of its own is said by `onListening` or is worth it only where something is wrong.
      var quiet = logger
      quiet.logLevel = .notice
      let bodyTime = TimeAmount.seconds(Int64(configuration.bodySeconds))
      var http = HTTP1Channel.Configuration(
        additionalChannelHandlers: [BodyDeadline(bodyTime)],
        idleTimeout: .seconds(Int64(configuration.idleSeconds)))
      http.httpDecoder = .init(
        maxHeaderFieldSize: configuration.largestHeaders, maxHeaderListSize: configuration.largestHeaders,
        maxHeaderFieldCount: 100)
      let plain = HTTPServerBuilder.http1(configuration: http)
      let scheme = tls == nil ? "http" : "https"
      let application = Application(
        responder: APIResponder(api: api, configuration: configuration, logger: logger),
        server: try tls.map { try .tls(plain, tlsConfiguration: $0) } ?? plain,
        configuration: ApplicationConfiguration(
          address: .hostname(configuration.host, port: configuration.port), serverName: nil, backlog: 1_024,
          availableConnectionsDelegate: MaximumAvailableConnections(configuration.mostConnections)),
        services: [
          ReloadService(engines: api.engines, configuration: configuration, logger: logger), DrainService(api: api),
        ],
        onServerRunning: { channel in
          let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
          onListening("\(scheme)://\(host):\(channel.localAddress?.port ?? configuration.port)")
        },
        logger: quiet)
      var group = ServiceGroupConfiguration(
        services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
      group.maximumGracefulShutdownDuration = .seconds(configuration.drainSeconds)
      do {
        try await ServiceGroup(configuration: group).run()
      } catch let error as IOError {
        throw ServerError.address(
          host: configuration.host, port: configuration.port, reason: error.localizedDescription)
      }
    }

    private static func tls(_ files: (chain: String, key: String)) throws(ServerError) -> TLSConfiguration {
      do {
        let chain = try NIOSSLCertificate.fromPEMFile(files.chain).map { NIOSSLCertificateSource.certificate($0) }
        let key = try NIOSSLPrivateKey(file: files.key, format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
          certificateChain: chain, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // A key of another certificate is found here, not by the first client.
        _ = try NIOSSLContext(configuration: configuration)
        return configuration
      } catch {
        throw .certificate(chain: files.chain, key: files.key, reason: "\(error)")
      }
    }
  }

  /// What a request is answered in.
  private struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
      coreContext = .init(source: source)
      channel = source.channel
    }
  }

  /// From HTTP to the interface and back.
  private struct APIResponder: HTTPResponder {
    let api: API
    let configuration: ServerOptions
    let logger: Logger

    func respond(to request: Request, context: APIContext) async throws -> Response {
      let start = ContinuousClock.now
      let (head, headers) = (request.head, request.headers)
      let (response, route): (APIResponse, String)
      do {
        let body = try await body(of: request)
        let path = (head.path ?? "/").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let message = APIRequest(
          head.method.rawValue, String(path.first ?? ""), query: path.count > 1 ? String(path[1]) : "", body: body,
          header: { name in name == "host" ? head.authority : HTTPField.Name(name).flatMap { headers[$0] } })
        (response, route) = await api.respond(to: message)
      } catch is NIOTooManyBytesError {
        let error = APIError(
          413, "the body has more than \(configuration.largestBody) bytes; send it in several requests")
        (response, route) = (error.response, "other")
        // What else comes is not read.
        context.channel.eventLoop.scheduleTask(in: .seconds(1)) { context.channel.close(promise: nil) }
      }
      let took = ContinuousClock.now - start
      api.metrics.count(route: route, status: response.status, took: took)
      if configuration.logsRequests {
        logger.info(
          "request",
          metadata: [
            "method": .string(head.method.rawValue), "path": .string(configuration.logsIDs ? head.path ?? "" : route),
            "status": .stringConvertible(response.status), "ms": .stringConvertible(took / .milliseconds(1)),
            "bytes": .stringConvertible(response.body.count),
          ])
      }
      var fields = HTTPFields()
      fields[.contentType] = response.contentType
      for (name, value) in response.headers { HTTPField.Name(name).map { fields[$0] = value } }
      if response.status == 413 { fields[.connection] = "close" }
      fields[.contentLength] = "\(response.body.count)"
      return Response(
        status: HTTPResponse.Status(code: response.status), headers: fields,
        body: head.method == .head ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: response.body)))
    }

    private func body(of request: Request) async throws -> [UInt8] {
      if request.head.method == .get || request.head.method == .head { return [] }
      if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > configuration.largestBody {
        throw NIOTooManyBytesError(maxBytes: configuration.largestBody)
      }
      var buffer = try await request.body.collect(upTo: configuration.largestBody)
      return buffer.readBytes(length: buffer.readableBytes) ?? []
    }
  }
#endif
