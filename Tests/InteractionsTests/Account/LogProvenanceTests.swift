import Foundation
import Interactions
import Testing

@Suite struct LogProvenanceTests {
  private func provenance(_ text: String, _ settings: LogSettings = .init()) throws -> LogProvenance {
    let (log, report) = try TemporaryLog(text).read(settings.reading)
    let (prepared, summary) = try settings.preparation.apply(log)
    return LogProvenance(of: prepared, settings: settings, imports: nil, reports: [report], leftOut: summary)
  }

  /// A model is given away: its users are not.
  @Test func noUserAndNoRowIsNamed() throws {
    let rows = (0..<60).map { "ann,item\($0 % 7)" } + (0..<40).map { "bob\($0 % 20),item\($0 % 5)" }
    let text = "user,item\n" + rows.joined(separator: "\n") + "\nANN,Item1\n,secret row\n"
    var settings = LogSettings()
    settings.reading.maximumBadShare = 1
    let provenance = try provenance(text, settings)
    let json = String(decoding: try JSONEncoder().encode(provenance), as: UTF8.self).lowercased()
    let all = json + provenance.lines.map(\.text).joined(separator: " ").lowercased()
    #expect(!all.contains("ann") && !all.contains("bob") && !all.contains("secret") && !all.contains("/"))
    let lines = Dictionary(provenance.lines.map { ($0.label, $0.text) }, uniquingKeysWith: { $0 + "; " + $1 })
    #expect(lines["look-alike users"] == "1, by case")
    #expect(lines["look-alike items"] == "1, by case: \"Item1\" like \"item1\"")
    #expect(lines["note"] == "one user has 60 (59.41%) of all events; is it one user?")
    #expect(lines["dropped"] == "1 (0.98%)" && lines["rows read"] == "102")
    #expect(try JSONDecoder().decode(LogProvenance.self, from: JSONEncoder().encode(provenance)) == provenance)
  }

  /// Damaged records have any layout.
  @Test func aLogWithoutColumnsHasAText() throws {
    let whole = try JSONEncoder().encode(provenance("user,item,note\na,x,n\nb,y,n\n"))
    var fields = try #require(try JSONSerialization.jsonObject(with: whole) as? [String: Any])
    var readings = try #require(fields["readings"] as? [[String: Any]])
    var layout = try #require(readings[0]["layout"] as? [String: Any])
    #expect((layout["columns"] as? [String: Any])?.count == 2)
    layout["columns"] = [String: Any]()
    readings[0]["layout"] = layout
    fields["readings"] = readings
    let damaged = try JSONSerialization.data(withJSONObject: fields)
    let read = try JSONDecoder().decode(LogProvenance.self, from: damaged)
    let texts = read.lines.map(\.text)
    #expect(texts.contains { $0.contains("no columns") }, Comment(rawValue: texts.joined(separator: " | ")))
  }

  @Test func ofAStoreTheLastImportsAreKept() throws {
    let (log, report) = try TemporaryLog("user,item\na,x\nb,y\n").read()
    let provenance = LogProvenance(
      of: log, settings: .init(), imports: 11, reports: Array(repeating: report, count: 11), leftOut: nil)
    #expect(provenance.readings.count == 8 && provenance.rows.used == 22)
    #expect(provenance.lines.first?.text == "11 imports, 22 rows, 22 used")
    #expect(provenance.lines.last?.label == "earlier imports" && provenance.lines.last?.text == "3")
  }

  @Test func settingsAreSaidAsTheyAreTyped() throws {
    var changes = LogSettings.Changes()
    changes.add("--columns", \.reading.columns, try ColumnSelection("user=my id,items=2,time=none"))
    changes.add("--time-unit", open: \.reading.timeForm, .unix(.milliseconds))
    changes.add("--where", \.reading.filter.conditions, [try .init("a=1"), try .init("b>=2")])
    changes.add("--min-user-events", \.preparation.minimumUserEvents, 3)
    let settings = LogSettings(changes.list)
    #expect(
      settings.options() == [
        "--columns 'user=my id,items=2,time=none'", "--time-unit milliseconds", "--where a=1", "--where 'b>=2'",
        "--min-user-events 3",
      ])
    #expect(settings.options(ofStore: true) == ["--min-user-events 3"])
    #expect(settings.with(changes.list) == settings && settings.contradictions(changes.list).isEmpty)
    var others = LogSettings.Changes()
    others.add("--where", \.reading.filter.conditions, [try .init("a=2")], text: "a=2")
    others.add("--max-bad", \.reading.maximumBadShare, 0.5, decidesHistories: false)
    others.add("--session-gap", open: \.preparation.sessionGapMinutes, 30)
    let found = settings.contradictions(others.list)
    #expect(found.map(\.given) == ["--where a=2", "--session-gap 30.0"])
    #expect(found.map(\.here) == ["--where a=1 --where 'b>=2'", "no --session-gap"])
    #expect(settings.contradictions(others.list, ofStore: true).map(\.given) == ["--session-gap 30.0"])
  }
}
