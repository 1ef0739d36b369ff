import DurableFiles
import Testing

@Suite struct ByteSizeTests {
  /// What is needed is rounded up and what there is down, so that a sentence never contradicts itself.
  @Test(arguments: [
    (0, "0 bytes", "0 bytes"), (1, "1 byte", "1 byte"), (999, "999 bytes", "999 bytes"), (1_000, "1.0 kB", "1.0 kB"),
    (4_096, "4.1 kB", "4.0 kB"), (9_999, "10 kB", "9.9 kB"), (999_999, "1.0 MB", "999 kB"),
    (1_000_001, "1.1 MB", "1.0 MB"), (37_500_000, "38 MB", "37 MB"), (1_234_567_890, "1.3 GB", "1.2 GB"),
    (9_223_372_036_854_775_807, "9.3 EB", "9.2 EB"),
  ]) func roundsTowardsTheTruth(bytes: Int, needed: String, available: String) {
    #expect(ByteSize(bytes).needed == needed && ByteSize(bytes).available == available)
  }

  @Test(arguments: [
    ("0", 0), ("512", 512), ("512kB", 512_000), ("256MB", 256_000_000), ("256mb", 256_000_000), ("2 GB", 2_000_000_000),
    ("1TB", 1_000_000_000_000), ("7B", 7), ("", nil), ("MB", nil), ("-1", nil), ("1.5GB", nil), ("5 apples", nil),
    ("99999999999TB", nil), ("٣", nil),
  ]) func readsWhatAnOptionSays(text: String, bytes: Int?) { #expect(ByteSize.parse(text) == bytes) }
}
