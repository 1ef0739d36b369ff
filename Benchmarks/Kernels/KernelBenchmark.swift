import DurableFiles
import Foundation
import Kernels

/// Measures every kernel pair on the shapes of a training step, on one core, against the processor's arithmetic peak; each
/// result is checked before its time counts.
///
///     KernelBenchmark [--filter TEXT] [--compare BASELINE.json] [--save BASELINE.json]
///
/// Readable lines go to standard error, the record as JSON to standard output. Figures of two machines, or of a busy
/// and an idle one, say nothing about each other; a baseline of another machine is refused.
@main
enum KernelBenchmark {
  static func main() {
    do {
      try run()
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
  }

  private static func run() throws {
    let options = try Options(CommandLine.arguments.dropFirst())
    let baseline = try options.compare.map(FigureRecord.read)
    var record = FigureRecord()
    if let baseline, baseline.processor != record.processor || baseline.kernels != record.kernels {
      throw Options.Fault(
        "the baseline was measured on \(baseline.processor) with \(baseline.kernels) kernels, this is \(record.processor) "
          + "with \(record.kernels); compare runs of one machine")
    }
    for measurement in measurements where options.filter.map({ measurement.name.contains($0) }) ?? true {
      let figure = try measurement.figure(peak: record.peak, seconds: 0.2)
      record.figures.append(figure)
      let before = baseline?.figures.first { $0.name == figure.name }
      FileHandle.standardError.write(Data((figure.line(against: before) + "\n").utf8))
    }
    print(String(decoding: try record.json, as: UTF8.self))
    if let path = options.save { try DurableFile.write(record.json, to: URL(fileURLWithPath: path)) }
  }

  private static var measurements: [Measurement] {
    var all: [Measurement] = []
    for hidden in [64, 256] {
      all += Measurement.products(hidden: hidden)
      all += Measurement.layers(hidden: hidden)
    }
    let shapes: [(length: Int, heads: Int, width: Int)] = [
      (12, 2, 32), (50, 2, 32), (200, 2, 32), (200, 4, 64), (1000, 2, 32),
    ]
    for shape in shapes {
      for dropout in [Dropout.none, Dropout(probability: 0.1, key: 3)] {
        all += Measurement.attention(
          length: shape.length, heads: shape.heads, headWidth: shape.width, dropout: dropout)
      }
    }
    let tables: [(items: Int, width: Int)] = [(3_421, 64), (3_421, 256), (23_715, 64)]
    for table in tables { all += Measurement.losses(targets: 160, items: table.items, width: table.width) }
    return all + Measurement.parameters(count: 350_000)
  }
}

/// The options of the command line.
struct Options {
  struct Fault: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
  }

  var filter, compare, save: String?

  init(_ words: some Collection<String>) throws {
    var words = Array(words)
    while let name = words.first {
      guard words.count >= 2 else { throw Fault("\(name) needs a value") }
      switch name {
      case "--filter": filter = words[1]
      case "--compare": compare = words[1]
      case "--save": save = words[1]
      default: throw Fault("unknown option \(name); there are --filter, --compare and --save")
      }
      words.removeFirst(2)
    }
  }
}
