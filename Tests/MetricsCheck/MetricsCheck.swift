import ClozeKit
import Foundation

#if Server
  import Metrics
  import MetricsTestKit
#endif

/// Holds what a service counts with swift-metrics against what it did: `MetricsCheck MODEL STORE`, by scripts/test-server.
@main struct MetricsCheck {
  static func main() async throws {
    #if Server
      let backend = TestMetrics()
      MetricsSystem.bootstrap(backend)
      let words = CommandLine.arguments
      try await count(URL(fileURLWithPath: words[1]), store: URL(fileURLWithPath: words[2]), in: backend)
    #else
      fatalError("build with --traits Server")
    #endif
  }

  #if Server
    /// Serves a model from a copy of its own, and compares after each thing that it does.
    static func count(_ model: URL, store: URL, in backend: TestMetrics) async throws {
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
      defer { try? FileManager.default.removeItem(at: folder) }
      try FileManager.default.copyItem(at: model, to: folder)
      var options = RecommendationService.Options()
      options.threads = 1
      let service = try RecommendationService(directory: folder, log: store, options: options)
      let requests = ["i1", "i2", "i3"].map { RecommendationService.Request(.items([$0])) }
      _ = try await service.recommend(requests)
      _ = try await service.recommend([requests[0]])
      _ = try await service.similarItems(to: "i1")
      try await service.addEvent(user: "metrics", item: "i1")
      // The store has no groups: written by nobody, and so not counted.
      if (try? await service.addEvent(user: "metrics", item: "i1", group: "basket")) != nil {
        fail("a group was taken")
      }
      try await service.reload()
      try Data("no weights".utf8).write(to: folder.appendingPathComponent("model.safetensors"))
      if (try? await service.reload()) != nil { fail("a broken model was taken") }
      await service.close()
      // Requests whose deadline is over before they come.
      options.deadline = .zero
      let late = try RecommendationService(directory: model, log: store, options: options)
      if (try? await late.recommend([requests[0]])) != nil { fail("a late request was answered") }
      await late.close()

      for (label, total) in [
        ("cloze_events_total", 1), ("cloze_models_loaded_total", 3), ("cloze_models_refused_total", 1),
        ("cloze_late_total", 1),
      ] as [(String, Int64)] {
        let found = backend.counterTotal(label: label)
        if found != total { fail("\(label) is \(found), expected \(total)") }
      }
      let batches = backend.recorders(label: "cloze_batch_lists").flatMap(\.values)
      if batches != [3, 1, 1] { fail("cloze_batch_lists has \(batches), expected 3, 1, 1") }
      let waiting = backend.recorders(label: "cloze_queue_lists")
      if waiting.contains(where: \.aggregate) || waiting.flatMap(\.values).last != 0 {
        fail("cloze_queue_lists is no gauge that ends with 0")
      }
      // In nanoseconds; a batch of which all are late was none.
      for (label, times) in [
        ("cloze_queue_wait_seconds", 3), ("cloze_batch_seconds", 3), ("cloze_store_write_seconds", 1),
      ] {
        let values = backend.timers(label: label).flatMap(\.values)
        if values.count != times || values.contains(where: { !(1...60_000_000_000).contains($0) }) {
          fail("\(label) has \(values) ns, expected \(times) durations")
        }
      }
      print("MetricsCheck: swift-metrics has what a service did")
    }

    static func fail(_ sentence: String) -> Never {
      FileHandle.standardError.write(Data("MetricsCheck: \(sentence)\n".utf8))
      exit(1)
    }
  #endif
}
