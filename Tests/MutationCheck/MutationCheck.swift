import Foundation
import Interactions

/// Reads files that were changed and says what became of each: the same answer, another one, or a refusal. What dies or
/// hangs is attributed to its number by `scripts/torture`, which starts this program again behind it.
///
///     MutationCheck FOLDER WORK SEED FIRST COUNT
///
/// FOLDER holds the files as they were written, WORK is made for a copy of them and the file `at` with the number that is
/// being tried. On stdout, one JSON object per line: counts by subject and outcome, or a fault.
@main struct MutationCheck {
  static func main() throws {
    let words = CommandLine.arguments
    guard words.count == 6, let seed = UInt64(words[3]), let first = Int(words[4]), let count = Int(words[5]) else {
      fatalError("expected FOLDER WORK SEED FIRST COUNT")
    }
    // A size that is believed before the file is looked at ends here.
    var limit = rlimit(rlim_cur: 6 << 30, rlim_max: 6 << 30)
    precondition(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
    var check = MutationRun(
      folder: URL(fileURLWithPath: words[1]), work: URL(fileURLWithPath: words[2]), seed: seed)
    try check.prepare()
    for number in first..<first + count {
      try check.run(number)
      if number % 256 == 255 { check.tell() }
    }
    check.tell()
  }
}

/// The subjects in a copy of the folder, and what was counted since it was last told.
struct MutationRun {
  let folder, work: URL
  let seed: UInt64
  private let subjects = Subject.all
  private var order: [Int] = []
  private var answers: [String] = []
  private var whole: [String: [UInt8]] = [:]
  private var counts: [String: [String: Int]] = [:]
  private var place: Int32 = -1

  init(folder: URL, work: URL, seed: UInt64) { (self.folder, self.work, self.seed) = (folder, work, seed) }

  private var copy: URL { work.appendingPathComponent("copy") }

  /// Copies the folder and reads everything as it was written.
  mutating func prepare() throws {
    try? FileManager.default.removeItem(at: work)
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: folder, to: copy)
    place = open(work.appendingPathComponent("at").path, O_CREAT | O_WRONLY, 0o600)
    for (index, subject) in subjects.enumerated() {
      order += Array(repeating: index, count: subject.weight)
      whole[subject.file] = try [UInt8](Data(contentsOf: copy.appendingPathComponent(subject.file)))
      do {
        answers.append(try subject.read(copy))
      } catch {
        fatalError("\(subject.name) is refused as it was written: \(error)")
      }
    }
  }

  /// Tries mutation `number`, which follows from it and the seed alone.
  mutating func run(_ number: Int) throws {
    var random = SplitMix64(seed: seed, index: number)
    let index = order[random.below(order.count)]
    let subject = subjects[index]
    let original = whole[subject.file]!
    let (bytes, what) = subject.shape.mutate(original, using: &random)
    if bytes == original { return count(subject, "unchanged") }
    let text = "\(number) \(subject.name): \(what)\n".utf8.map { $0 }
    _ = pwrite(place, text, text.count, 0)
    ftruncate(place, text.count)
    let file = copy.appendingPathComponent(subject.file)
    try subject.put(bytes, at: file, in: copy, isSealed: subject.isSealed, before: original)
    Self.limit(seconds: 10)
    let outcome = subject.outcome(in: copy, expecting: answers[index])
    Self.limit(seconds: 0)
    try subject.restore(original, at: file, in: copy, from: folder)
    count(subject, outcome.name)
    if let fault = outcome.fault(of: subject) {
      Self.say(["number": "\(number)", "fault": "\(subject.name), \(what): \(fault)"])
    }
  }

  /// Ends the process after so much work, or ten times as much waiting, on a file of some kilobytes; 0 for never.
  private static func limit(seconds: Int) {
    var timer = itimerval()
    timer.it_value.tv_sec = seconds
    setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
    alarm(UInt32(10 * seconds))
  }

  private mutating func count(_ subject: Subject, _ outcome: String) {
    counts[subject.name, default: [:]][outcome, default: 0] += 1
  }

  mutating func tell() {
    Self.say(counts)
    counts = [:]
  }

  private static func say(_ value: some Encodable) {
    FileHandle.standardOutput.write(try! JSONEncoder().encode(value) + Data("\n".utf8))
  }
}
