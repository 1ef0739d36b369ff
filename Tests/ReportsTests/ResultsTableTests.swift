import Reports
import Testing

@Suite struct ResultsTableTests {
  @Test func aRunIsARow() {
    var run = SampleRecords.run("a|b", quality: 0.15)
    let first = run.results[0]
    run.evaluation?.results = [first]
    #expect(
      ResultsTable.markdown([run]) == """
        | log | model | HR@10 | NDCG@10 | training |
        | --- | --- | ---: | ---: | ---: |
        | ml-1m.txt | a\\|b | – | 0.1500 (0.1440–0.1560) | 8 min 55 s, 2 threads |
        """)
  }
}
