#if Server
  import Foundation
  import Logging
  import Serving
  import ServiceLifecycle
  import UnixSignals

  /// Loads models again when SIGHUP comes, or one when that on disk is another.
  struct ReloadService: Service {
    let engines: [RecommendationEngine]
    let configuration: ServerOptions
    let logger: Logger

    func run() async throws {
      await cancelWhenGracefulShutdown {
        await withDiscardingTaskGroup { group in
          group.addTask {
            for await _ in await UnixSignalsSequence(trapping: .sighup) {
              for engine in engines { await reload(engine, "SIGHUP") }
            }
          }
          if configuration.watchSeconds > 0 {
            for engine in engines { group.addTask { await watch(engine) } }
          }
        }
      }
    }

    /// Looks at the files of the model now and then; one that was refused is not tried twice.
    private func watch(_ engine: RecommendationEngine) async {
      var refused: FileStamp?
      while (try? await Task.sleep(for: .seconds(configuration.watchSeconds))) != nil {
        guard engine.model.isReplaced else { continue }
        let stamp = engine.stampOnDisk
        if stamp == refused { continue }
        // A model that is being written is left to become whole.
        guard (try? await Task.sleep(for: .milliseconds(200))) != nil, stamp == engine.stampOnDisk else { continue }
        if await !reload(engine, "replaced") { refused = stamp }
      }
    }

    @discardableResult private func reload(_ engine: RecommendationEngine, _ reason: String) async -> Bool {
      do {
        let model = try await engine.reload()
        logger.notice("model loaded", metadata: ["reason": .string(reason), "model": .string(model.shortHash)])
        return true
      } catch {
        logger.error("model not loaded, the one before goes on", metadata: ["reason": .string("\(error)")])
        return false
      }
    }
  }

  /// Says that no more requests should come once the server is to stop.
  struct DrainService: Service {
    let api: API

    func run() async throws {
      await withGracefulShutdownHandler {
        try? await gracefulShutdown()
      } onGracefulShutdown: {
        api.drain()
      }
    }
  }

  /// One JSON object per line on standard error.
  struct JSONLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      var text = AnswerText()
      text.object { text in
        text.text("time", Date().ISO8601Format())
        text.text("level", event.level.rawValue)
        text.text("message", "\(event.message)")
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) where key != "hb.request.id" {
          text.text(key, "\(value)")
        }
      }
      FileHandle.standardError.write(Data(text.bytes + [10]))
    }
  }
#endif
