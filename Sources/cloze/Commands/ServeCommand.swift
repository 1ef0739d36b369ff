import ArgumentParser
import ClozeServer
import DurableFiles
import Foundation
import Interactions
import Recommending
import Serving

/// `cloze serve`: a model over HTTP.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer over HTTP: lists, similar items, explanations; take events.",
    discussion: """
      Lists are those of `cloze recommend`. What waits is answered together; events are on disk, and in the histories, when \
      their request is answered. A model that is replaced on disk is loaded beside the one that answers and takes its place; \
      so do SIGHUP and POST /admin/reload. SIGTERM and Ctrl-C end it once the requests under way are answered. \
      GET /openapi.json describes every route, and / is a page to try it. The server is an engine of its own: \
      swift build --configuration release --traits Server
      """)

  @Argument(help: "The model directory.", completion: .directory)
  var model: String
  @Option(
    name: [.customLong("store"), .customLong("log")],
    help: ArgumentHelp(
      "The store with the users' histories, which also takes events; or a log file.", valueName: "log"),
    completion: .file()
  )
  var log: String?
  @Option(
    help: ArgumentHelp(
      "Another model that answers as well: under its name in requests, and beside the first on the page.",
      valueName: "model"), completion: .directory)
  var compare: String?
  @OptionGroup(title: "Items") var known: ItemFileOptions
  @OptionGroup(title: "Listening") var listening: ListeningOptions
  @OptionGroup(title: "Access") var access: AccessOptions
  @OptionGroup(title: "Answering") var answering: AnsweringOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var reporting: ProgressOptions

  func validate() throws {
    try listening.check()
    if !listening.server.isLocal && access.apiKeyFile == nil && !access.withoutKeys {
      throw ValidationError(
        "--host \(listening.host) lets other machines in; give --api-key-file, or --without-keys if something else guards it"
      )
    }
  }

  func run() async throws {
    guard HTTPServer.isBuilt else { throw ServerError.notBuilt }
    let progress = reporting.start()
    let notes = Notes(progress, allowsUnknown: true)
    var rules = try access.rules()
    rules.requiresLocalHost = listening.server.isLocal && rules.keys == nil
    let metrics = ServerMetrics()
    var configuration = try answering.configuration(threads: threads.workers.threads, notes: notes)
    configuration.items = known.tables(log: log)
    let engine = try RecommendationEngine(
      model: URL(fileURLWithPath: model), log: log.map { URL(fileURLWithPath: $0) }, configuration: configuration
    ) { metrics.count($0) }
    let other = try compare.map { model in
      try RecommendationEngine(
        model: URL(fileURLWithPath: model), beside: engine, configuration: configuration
      ) { metrics.count($0) }
    }
    let api = API(engine, comparedTo: other, metrics: metrics, access: rules)
    let server = try HTTPServer(api, listening.server)
    progress.finish()
    if let log, let size = engine.logSize {
      if let note = engine.model.settings.note(on: log, trainedAs: model) { notes.say(note) }
      let unknown = engine.unknownItemCount
      notes.say(
        "\(log): \(Counted(size.events, "event")) of \(Counted(size.users, "user")) and \(Counted(size.items, "item"))"
          + (unknown > 0 ? ", \(unknown) of which \(model) does not know and skips" : ""))
    }
    for (place, model) in zip([model, compare ?? ""], api.engines.map(\.model)) {
      let titles = model.labels.titles.map { ", \($0.count { $0 != nil }) of them with titles" } ?? ""
      notes.say("\(place): \(Counted(model.items.count, "item"))\(titles), \(model.shortHash)")
      if model.cacheStatistics == nil && configuration.cacheBytes > 0 {
        notes.say(
          "\(place): keeps no histories, one of which takes more than --session-cache \(answering.sessionCache)")
      }
    }
    try await server.run { progress.note("listening on \($0)") }
    for engine in api.engines { await engine.close() }
    notes.say("stopped; every request that was taken is answered")
  }
}

/// Where a server listens and what it takes from a connection.
struct ListeningOptions: ParsableArguments {
  @Option(help: "The address to listen on; 0.0.0.0 for all of the machine.")
  var host = "127.0.0.1"
  @Option(parsing: .unconditional, help: "The port to listen on; 0 for any that is free.")
  var port = 8_080
  @Option(
    help: ArgumentHelp("The certificate chain for TLS, as PEM; needs --tls-key.", valueName: "file"),
    completion: .file())
  var tlsCert: String?
  @Option(help: ArgumentHelp("The private key of --tls-cert, as PEM.", valueName: "file"), completion: .file())
  var tlsKey: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Close a connection that says nothing, or a body that does not end, for so long.", valueName: "seconds"))
  var idleTimeout = 30
  @Option(parsing: .unconditional, help: ArgumentHelp("The largest body of a request.", valueName: "bytes"))
  var maxBody = 1 << 20
  @Option(parsing: .unconditional, help: ArgumentHelp("Connections at a time; others wait.", valueName: "n"))
  var maxConnections = 1_024
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How often to look for a replaced model; 0 for never.", valueName: "seconds"))
  var watch = 2
  @Flag(help: "Log each request, as JSON on standard error, without ids.")
  var logRequests = false
  @Flag(
    name: .customLong("log-ids"), help: "Let logs name ids of users and items.")
  var logIDs = false

  func check() throws {
    try require(port, in: 0...65_535, "--port")
    try require(idleTimeout, in: 1...3_600, "--idle-timeout")
    try require(maxBody, in: 1_024...1 << 30, "--max-body")
    try require(maxConnections, in: 1...100_000, "--max-connections")
    try require(watch, in: 0...86_400, "--watch")
    if (tlsCert == nil) != (tlsKey == nil) {
      throw ValidationError("--tls-cert and --tls-key belong together; give both or none")
    }
  }

  var server: ServerOptions {
    var server = ServerOptions()
    (server.host, server.port, server.largestBody) = (host, port, maxBody)
    (server.idleSeconds, server.bodySeconds, server.mostConnections) = (idleTimeout, idleTimeout, maxConnections)
    (server.watchSeconds, server.logsRequests, server.logsIDs) = (watch, logRequests, logIDs)
    if let tlsCert, let tlsKey { server.certificate = (tlsCert, tlsKey) }
    return server
  }
}

/// Who may ask a server what.
struct AccessOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A file of keys, one per line, of which every request but /health needs one.", valueName: "file"),
    completion: .file()
  )
  var apiKeyFile: String?
  @Option(
    help: ArgumentHelp("A file of keys for /admin, which is closed without.", valueName: "file"), completion: .file())
  var adminKeyFile: String?
  @Flag(help: "Answer other machines without keys.")
  var withoutKeys = false
  @Option(
    parsing: .unconditional, help: ArgumentHelp("The most requests a second for each key.", valueName: "n"))
  var rateLimit: Int?

  func rules() throws -> AccessRules {
    try require(rateLimit, in: 1...1_000_000, "--rate-limit")
    var rules = AccessRules()
    rules.keys = try apiKeyFile.map { try APIKeys(file: $0) }
    rules.adminKeys = try adminKeyFile.map { try APIKeys(file: $0) }
    rules.rateLimit = rateLimit.map { RateLimit(perSecond: $0) }
    return rules
  }
}

/// How a server answers under load.
struct AnsweringOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: ArgumentHelp("Lists that may wait; more are refused.", valueName: "n"))
  var queue = 1_024
  @Option(parsing: .unconditional, help: ArgumentHelp("Lists that are answered together.", valueName: "n"))
  var batch = 128
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How long a request may wait for its turn.", valueName: "ms"))
  var deadline = 2_000
  @Option(
    help: ArgumentHelp(
      "What each model keeps of histories it has encoded, so that one that goes on costs its new items; 0 for nothing.",
      valueName: "bytes"))
  var sessionCache = "256MB"
  @Option(
    help: ArgumentHelp(
      "The group of each item, for max_per_group: a file with columns item and group.", valueName: "file"),
    completion: .file())
  var groups: String?
  @Option(
    help: ArgumentHelp(
      "Which columns of --groups are the item and the group, by name or number.", valueName: "item,group"))
  var groupColumns: String?

  func configuration(threads: Int, notes: Notes) throws -> RecommendationEngine.Configuration {
    try require(queue, in: 1...1_000_000, "--queue")
    try require(batch, in: 1...100_000, "--batch")
    try require(deadline, in: 1...3_600_000, "--deadline")
    guard let cacheBytes = ByteSize.parse(sessionCache) else {
      throw ValidationError("--session-cache \(sessionCache) is no size; give one such as 256MB, 2GB or 0")
    }
    var configuration = RecommendationEngine.Configuration()
    configuration.cacheBytes = cacheBytes
    configuration.lists = QueueLimits(waiting: queue, batch: batch)
    (configuration.patience, configuration.threads) = (.milliseconds(deadline), threads)
    if let groups {
      let file = try IdentifierRows(
        file: groups, option: "--groups", roles: [.item, .group],
        columns: groupColumns?.split(separator: ",").map(String.init), known: [])
      file.note.map { notes.say($0) }
      configuration.groups = file.rows.map { (item: $0[0], group: $0[1]) }
    }
    return configuration
  }
}
