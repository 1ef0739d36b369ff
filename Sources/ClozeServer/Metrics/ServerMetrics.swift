import Serving
import Synchronization

/// What a server has done, in the text format of Prometheus.
package final class ServerMetrics: Sendable {
  private struct Key: Hashable {
    var route: String
    var status: Int
  }

  private struct Values {
    var requests: [Key: Int] = [:]
    var latencies: [String: Histogram] = [:]
    var waits = Histogram(seconds: true)
    var work = Histogram(seconds: true)
    var batches = Histogram(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024])
    var late = 0
    var events = 0
    var writes = Histogram(seconds: true)
    var reloads = 0
    var failedReloads = 0
  }

  private let values = Mutex(Values())

  package init() {}

  /// Counts a request that was answered.
  package func count(route: String, status: Int, took duration: Duration) {
    values.withLock { values in
      values.requests[Key(route: route, status: status), default: 0] += 1
      values.latencies[route, default: Histogram(seconds: true)].add(duration / .seconds(1))
    }
  }

  /// Counts events that were added.
  func count(events: Int) { values.withLock { $0.events += events } }

  /// Counts what the engine did.
  package func count(_ event: RecommendationEngine.Event) {
    values.withLock { values in
      switch event {
      case .lists(let report):
        for wait in report.waited { values.waits.add(wait / .seconds(1)) }
        if report.jobs > 0 {
          values.work.add(report.worked / .seconds(1))
          values.batches.add(Double(report.weight))
        }
        values.late += report.late
      case .store(let report):
        if report.done > 0 { values.writes.add(report.worked / .seconds(1)) }
      case .loaded: values.reloads += 1
      case .notLoaded: values.failedReloads += 1
      }
    }
  }

  func text(of api: API) -> APIResponse {
    let values = values.withLock { $0 }
    var text = PrometheusText()
    text.family("cloze_requests_total", "counter", "Requests answered, by route and status.")
    for (key, count) in values.requests.sorted(by: { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }) {
      text.sample("cloze_requests_total", ["route": key.route, "status": "\(key.status)"], Double(count))
    }
    text.family("cloze_request_seconds", "histogram", "From the request's last byte to the response's first.")
    for (route, histogram) in values.latencies.sorted(by: { $0.key < $1.key }) {
      text.histogram("cloze_request_seconds", ["route": route], histogram)
    }
    text.histogram("cloze_queue_wait_seconds", "How long requests waited for their turn.", values.waits)
    text.histogram("cloze_batch_seconds", "How long a batch of lists took.", values.work)
    text.histogram("cloze_batch_lists", "How many lists were answered together.", values.batches)
    text.single("cloze_late_total", "counter", "Requests whose deadline passed before their turn.", Double(values.late))
    text.histogram("cloze_store_write_seconds", "How long a transaction of events took.", values.writes)
    text.single("cloze_events_total", "counter", "Events added to the store.", Double(values.events))
    let waiting = api.engines.map(\.waiting)
    text.single("cloze_queue_lists", "gauge", "Lists that wait.", Double(waiting.reduce(0) { $0 + $1.lists }))
    text.single(
      "cloze_queue_limit", "gauge", "Lists that may wait for each model.",
      Double(api.engine.configuration.lists.waiting))
    text.single("cloze_queue_events", "gauge", "Events that wait.", Double(waiting.reduce(0) { $0 + $1.events }))
    text.single(
      "cloze_models_loaded_total", "counter", "Models that were loaded, the first included.", Double(values.reloads))
    text.single(
      "cloze_models_refused_total", "counter", "Models that could not replace the one that answers.",
      Double(values.failedReloads))
    let models = api.engines.map { (name: api.name(of: $0), model: $0.model) }
    text.family("cloze_model_info", "gauge", "The models that answer.")
    for (name, model) in models {
      text.sample("cloze_model_info", ["model": model.shortHash, "name": name, "sha256": model.hash], 1)
    }
    text.family("cloze_model_items", "gauge", "Items that a model knows.")
    for (name, model) in models { text.sample("cloze_model_items", ["name": name], Double(model.items.count)) }
    text.family("cloze_model_loaded_timestamp_seconds", "gauge", "When a model was loaded.")
    for (name, model) in models {
      text.sample("cloze_model_loaded_timestamp_seconds", ["name": name], model.loadedAt.timeIntervalSince1970)
    }
    sessionCaches(models.compactMap { name, model in model.cacheStatistics.map { (name, $0) } }, &text)
    return APIResponse(contentType: "text/plain; version=0.0.4; charset=utf-8", body: Array(text.text.utf8))
  }

  /// What models took from their caches, counted since each was loaded.
  private func sessionCaches(
    _ caches: [(name: String, statistics: ServedModel.CacheStatistics)], _ text: inout PrometheusText
  ) {
    func family(
      _ name: String, _ kind: String, _ help: String, _ label: String,
      _ values: [(String, (ServedModel.CacheStatistics) -> Int)]
    ) {
      text.family(name, kind, help)
      for (model, statistics) in caches {
        for (value, count) in values {
          let labels: KeyValuePairs = label.isEmpty ? ["name": model] : ["name": model, label: value]
          text.sample(name, labels, Double(count(statistics)))
        }
      }
    }
    family(
      "cloze_session_cache_histories_total", "counter",
      "Histories that were known, that went on behind a known one, and that were encoded whole.", "found",
      [("identical", \.identical), ("extended", \.extended), ("none", \.whole)])
    family(
      "cloze_session_cache_rows_total", "counter", "Rows of the encoder that were taken from the cache, and computed.",
      "from", [("cache", \.rowsTaken), ("encoder", \.rowsComputed)])
    family(
      "cloze_session_cache_evicted_rows_total", "counter", "Rows that made way for others.", "", [("", \.rowsEvicted)])
    family(
      "cloze_session_cache_fingerprints", "gauge", "Histories that were requested once and are remembered.", "",
      [("", \.remembered)])
    family("cloze_session_cache_bytes", "gauge", "What kept histories take.", "", [("", \.bytes)])
    family("cloze_session_cache_limit_bytes", "gauge", "What they may take.", "", [("", \.limit)])
  }
}

/// Counts of values up to bounds.
struct Histogram: Sendable {
  let bounds: [Double]
  private(set) var counts: [Int]
  private(set) var sum = 0.0

  init(bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  /// Bounds from 0.1 ms to 10 s.
  init(seconds: Bool) {
    self.init(bounds: [1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
  }

  mutating func add(_ value: Double) {
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
    sum += value
  }
}

/// Text as Prometheus reads it.
struct PrometheusText {
  private(set) var text = ""

  mutating func family(_ name: String, _ kind: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
  }

  mutating func sample(_ name: String, _ labels: KeyValuePairs<String, String>, _ value: Double) {
    let list = labels.map { name, value in
      let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
      return "\(name)=\"\(escaped)\""
    }
    let number = value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    text += name + (list.isEmpty ? "" : "{\(list.joined(separator: ","))}") + " \(number)\n"
  }

  mutating func single(_ name: String, _ kind: String, _ help: String, _ value: Double) {
    family(name, kind, help)
    sample(name, [:], value)
  }

  mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
    family(name, "histogram", help)
    self.histogram(name, [:], histogram)
  }

  mutating func histogram(_ name: String, _ labels: [String: String], _ histogram: Histogram) {
    let list = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
    var total = 0
    for (count, bound) in zip(histogram.counts, histogram.bounds.map { "\($0)" } + ["+Inf"]) {
      total += count
      text += "\(name)_bucket{\((list + ["le=\"\(bound)\""]).joined(separator: ","))} \(total)\n"
    }
    let rest = list.isEmpty ? "" : "{\(list.joined(separator: ","))}"
    text += "\(name)_sum\(rest) \(histogram.sum)\n\(name)_count\(rest) \(total)\n"
  }
}
