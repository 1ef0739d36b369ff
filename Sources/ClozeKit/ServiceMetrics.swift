import Serving

#if Server
  import CoreMetrics
  import Metrics
#endif

/// Counts what a service does in the backend that its application has bootstrapped (`MetricsSystem` of swift-metrics), under
/// the names that `/metrics` of `cloze serve` has.
///
/// Only in builds with the trait `Server`, since others do not clone swift-metrics; there it counts nothing.
struct ServiceMetrics: Sendable {
  #if Server
    private let waits: Timer, batches: Timer, lists: Recorder, waiting: Recorder, late: Counter
    private let writes: Timer, events: Counter
    private let loaded: Counter, refused: Counter

    init(_ factory: any MetricsFactory = MetricsSystem.factory) {
      waits = Timer(label: "cloze_queue_wait_seconds", factory: factory)
      batches = Timer(label: "cloze_batch_seconds", factory: factory)
      lists = Recorder(label: "cloze_batch_lists", factory: factory)
      waiting = Recorder(label: "cloze_queue_lists", aggregate: false, factory: factory)
      late = Counter(label: "cloze_late_total", factory: factory)
      writes = Timer(label: "cloze_store_write_seconds", factory: factory)
      events = Counter(label: "cloze_events_total", factory: factory)
      loaded = Counter(label: "cloze_models_loaded_total", factory: factory)
      refused = Counter(label: "cloze_models_refused_total", factory: factory)
    }

    func count(_ event: RecommendationEngine.Event) {
      switch event {
      case .lists(let report):
        for wait in report.waited { waits.record(duration: wait) }
        if report.jobs > 0 {
          batches.record(duration: report.worked)
          lists.record(report.weight)
        }
        waiting.record(report.waiting)
        if report.late > 0 { late.increment(by: report.late) }
      case .store(let report):
        if report.done > 0 {
          writes.record(duration: report.worked)
          events.increment(by: report.done)
        }
      case .loaded: loaded.increment()
      case .notLoaded: refused.increment()
      }
    }
  #else
    func count(_ event: RecommendationEngine.Event) {}
  #endif
}
