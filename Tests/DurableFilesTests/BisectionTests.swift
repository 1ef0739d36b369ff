import DurableFiles
import Testing

/// Bisection against a search from the front, over every length and every place.
struct BisectionTests {
  @Test func findsWhatASearchFromTheFrontFinds() {
    for length in 0...33 {
      // Each number twice, so that bounds stand on equal elements, too.
      let numbers = (0..<length).map { $0 / 2 * 2 }
      for bound in -1...length + 1 {
        let expected = numbers.firstIndex { $0 >= bound } ?? length
        #expect(numbers.partitioningIndex { $0 >= bound } == expected)
      }
    }
  }

  @Test func aSliceKeepsItsIndices() {
    let slice = Array(0..<20)[5..<12]
    #expect(slice.partitioningIndex { $0 >= 8 } == 8)
    #expect(slice.partitioningIndex { _ in false } == 12)
    #expect(slice.partitioningIndex { _ in true } == 5)
    #expect(slice[7..<7].partitioningIndex { _ in true } == 7)
  }
}
