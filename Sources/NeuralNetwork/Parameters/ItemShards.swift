import Collectives
import DurableFiles
import Kernels

/// The rows of the item table spread over processes: each keeps a block of them, and has another's rows only while it reads
/// them.
///
/// Everything else of a network stands in every process. All processes call the same operations with the same rows.
package struct ItemShards: Sendable {
  package let table: ParameterTensor
  /// What each process updates of the whole vector; within the table, whole rows.
  package let slices: VectorSlices
  /// `[processes]` rows of the table, one block behind the other.
  package let rows: [Range<Int>]
  /// The flat ranges that this process keeps: its rows, and what is no row of the table.
  package let held: [Range<Int>]

  /// - Parameters:
  ///   - table: a matrix of `layout`, of which every process gets nearly the same number of rows.
  ///   - among: the rows that are shared out so, all if nil; the last process gets those behind them, too.
  ///   - chunks: all rows in parts that stay together, at least one for each process; single rows if nil.
  ///   - block: floats of a message at most.
  package init(
    _ processes: any Processes, _ layout: ParameterLayout, table: ParameterTensor, among first: Int? = nil,
    chunks: [Range<Int>]? = nil, block: Int = 1 << 20
  ) {
    self.table = table
    let (count, first) = (processes.count, first ?? table.rows)
    let units = chunks?.count ?? first
    precondition(chunks == nil || units >= count, "\(units) chunks of rows for \(count) processes")
    let starts = (0..<count).map { process in
      let unit = units * process / count
      return chunks?[unit].lowerBound ?? unit
    }
    rows = zip(starts, starts.dropFirst() + [table.rows]).map { $0..<$1 }
    let bounds = rows.dropFirst().map { table.offset + $0.lowerBound * table.columns }
    slices = VectorSlices(
      processes, slices: zip([0] + bounds, bounds + [layout.count]).map { $0..<$1 }, block: block)
    let own = rows[processes.rank]
    held = [
      0..<table.offset,
      table.offset + own.lowerBound * table.columns..<table.offset + own.upperBound * table.columns,
      table.range.upperBound..<layout.count,
    ].filter { !$0.isEmpty }
  }

  package var processes: any Processes { slices.processes }
  /// The rows that this process keeps.
  package var own: Range<Int> { rows[processes.rank] }

  /// The process that keeps `row`.
  package func owner(of row: Int) -> Int { rows.partitioningIndex { $0.upperBound > row } }

  /// Overwrites `rows` of the table in every process by those of the process that keeps them.
  ///
  /// - Parameter rows: ascending, the same in every process.
  package func fetch(_ rows: [Int32], into parameters: ParameterVector) {
    if processes.count == 1 { return }
    slices.gather(parameters, over: SparseRows(tensors: [table], rows: rows).ranges(of: table))
  }

  /// Gives the memory of the rows back that other processes keep.
  package func discardOthers(in vector: ParameterVector) {
    let table = vector[table]
    table.prefix(own.lowerBound).discard()
    table.rows(own.upperBound..<table.rows).discard()
  }
}
