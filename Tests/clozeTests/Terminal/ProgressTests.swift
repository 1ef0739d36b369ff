import Synchronization
import Testing
import cloze

@Suite struct ProgressTests {
  /// A clock that only moves when told, and everything that was written.
  final class Screen: Sendable {
    private let state = Mutex((now: ContinuousClock.now, text: ""))
    var text: String { state.withLock { $0.text } }
    func wait(_ time: Duration) { state.withLock { $0.now += time } }
    func progress(_ manner: Progress.Manner) -> Progress {
      Progress(
        manner, write: { text in self.state.withLock { $0.text += text } }, now: { self.state.withLock { $0.now } })
    }
  }

  @Test func onATerminalOneLineRewritesItself() {
    let screen = Screen()
    let progress = screen.progress(.rewriting(width: 8))
    progress.update("epoch 1 of 20")
    progress.update("too soon")
    screen.wait(.milliseconds(100))
    progress.update("next")
    progress.keep("epoch 1: loss 4.2")
    progress.update("again")
    progress.finish()
    progress.finish()
    #expect(
      screen.text
        == "\repoch 1\u{1B}[K\rnext\u{1B}[K\r\u{1B}[Kepoch 1: loss 4.2\n\ragain\u{1B}[K\r\u{1B}[K")
  }

  @Test func plainLinesComeAtTheirInterval() {
    let screen = Screen()
    let progress = screen.progress(.lines(interval: .seconds(5)))
    progress.update("one")
    screen.wait(.seconds(4))
    progress.update("two")
    screen.wait(.seconds(1))
    progress.update("three")
    progress.keep("kept")
    progress.finish()
    #expect(screen.text == "one\nthree\nkept\n")
  }

  @Test func quietSaysNothingAndAsksForNothing() {
    let screen = Screen()
    let progress = screen.progress(.quiet)
    progress.update(
      {
        Issue.record("the text was made for nobody")
        return ""
      }())
    progress.keep("kept")
    progress.finish()
    #expect(screen.text.isEmpty)
  }
}
