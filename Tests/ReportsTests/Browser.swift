import Foundation
import TestSupport

/// A headless Chromium, where one is installed.
struct Browser {
  private static let executable = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].lazy
    .flatMap { name in
      (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
    }.first { FileManager.default.isExecutableFile(atPath: $0) }

  static var isInstalled: Bool { executable != nil }

  /// What the page looked like to a person with a window of this width.
  struct Sight: Codable {
    /// Width the page wanted; more than `windowWidth` means sideways scrolling.
    var pageWidth: Int
    var windowWidth: Int
    /// Pictures taller and wider than nothing.
    var pictures: Int
    /// Pictures with a legend above them.
    var legends: Int
    /// Level texts of one picture that cover each other.
    var overlaps: [String]
    /// Names of the map of items that stand on a point.
    var covered: [String]
    /// The size of the smallest letters of a picture.
    var letters: Double
    /// Text a person can see, pictures included.
    var text: String
  }

  /// Loads `html` in a window of `width` points and says what it looked like and what the console said.
  static func load(_ html: String, width: Int) async throws -> (sight: Sight, console: [Substring]) {
    let folder = TestFolder.url.appendingPathComponent("browser-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let page = folder.appendingPathComponent("page.html")
    try Data(html.utf8).write(to: page)
    // A window cannot be narrower than 500 points, a frame can.
    let frame = folder.appendingPathComponent("frame.html")
    try Data(Self.frame(width: width).utf8).write(to: frame)
    let output = folder.appendingPathComponent("output")
    let errors = folder.appendingPathComponent("errors")
    for file in [output, errors] { try Data().write(to: file) }

    let process = Process()
    process.executableURL = executable.map { URL(fileURLWithPath: $0) }
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--allow-file-access-from-files",
      "--enable-logging=stderr", "--user-data-dir=\(folder.path)/profile", "--window-size=1400,1000",
      "--virtual-time-budget=2000", "--dump-dom", frame.absoluteString,
    ]
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    process.terminationHandler = { _ in end.finish() }
    try process.run()
    for await _ in ends {}

    let document = try String(contentsOf: output, encoding: .utf8)
    let log = try String(contentsOf: errors, encoding: .utf8)
    guard let start = document.range(of: "<pre id=\"sight\">"), let stop = document.range(of: "</pre>"),
      let data = Data(base64Encoded: String(document[start.upperBound..<stop.lowerBound]))
    else { throw Blind(document: document, log: log) }
    return (
      try JSONDecoder().decode(Sight.self, from: data),
      log.split(separator: "\n").filter { $0.contains("CONSOLE") || $0.contains("ERR_") }
    )
  }

  struct Blind: Error {
    let document: String
    let log: String
  }

  private static func frame(width: Int) -> String {
    """
    <!doctype html><meta charset="utf-8"><iframe src="page.html" style="border:0;width:\(width)px;height:900px"></iframe>
    <pre id="sight"></pre><script>
    onload = () => {
      const page = document.querySelector("iframe").contentDocument, root = page.documentElement;
      const pictures = [...page.querySelectorAll("figure > svg")].filter(p => p.getBoundingClientRect().height > 50);
      const text = [...page.querySelectorAll("svg text")].map(t => t.textContent).join(" | ");
      const overlaps = pictures.flatMap(p => {
        const texts = [...p.querySelectorAll("text:not([transform])")].map(t => [t.textContent, t.getBoundingClientRect()]);
        return texts.flatMap(([a, x], i) => texts.slice(i + 1).filter(([b, y]) => x.left < y.right - 1 && y.left < x.right - 1
          && x.top < y.bottom - 3 && y.top < x.bottom - 3).map(([b, y]) => a + " on " + b));
      });
      const marks = page.querySelectorAll("#item-map-title ~ .mark");
      const covered = [...page.querySelectorAll("#item-map-title ~ text")].flatMap(t => {
        const x = t.getBoundingClientRect();
        return [...marks].map(m => m.getBoundingClientRect()).filter(y => x.left < y.right - 1 && y.left < x.right - 1
          && x.top < y.bottom - 3 && y.top < x.bottom - 3).map(() => t.textContent);
      });
      const letters = pictures.map(p => Math.min(...[...p.querySelectorAll("text")].map(t =>
        parseFloat(page.defaultView.getComputedStyle(t).fontSize) * p.getBoundingClientRect().width / p.viewBox.baseVal.width)));
      const sight = {overlaps, covered, letters: Math.min(...letters),pageWidth: root.scrollWidth, windowWidth: \(width), pictures: pictures.length,
        legends: page.querySelectorAll("figure > .legend").length,
        text: page.body.innerText + text};
      const bytes = new TextEncoder().encode(JSON.stringify(sight));
      document.querySelector("#sight").textContent = btoa(String.fromCharCode(...bytes));
    };
    </script>
    """
  }
}
