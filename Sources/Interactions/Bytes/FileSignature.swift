/// Files that are not text logs, known by their first bytes, and what to do about each.
enum FileSignature {
  /// Refuses `file` where its first bytes belong to a known format that is not text.
  static func refuse(_ bytes: ArraySlice<UInt8>, file: String) throws(LogError) {
    for known in all where bytes.starts(with: known.bytes) {
      throw .notText(file: file, found: known.name, remedy: known.remedy)
    }
  }

  private static let all: [(bytes: [UInt8], name: String, remedy: String)] = [
    (Array("SQLite format 3".utf8), "an SQLite database", "name the table that holds the log with --table"),
    ([0x50, 0x4B, 0x03, 0x04], "a zip archive", "unpack it first"),
    ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd", "unpack it first, or pack it with gzip"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz", "unpack it first, or pack it with gzip"),
    (Array("BZh".utf8), "compressed with bzip2", "unpack it first, or pack it with gzip"),
    (Array("PAR1".utf8), "a Parquet file", "export it as CSV"),
    ([0xFF, 0xFE], "UTF-16 text", "convert it first: iconv -f UTF-16 -t UTF-8 FILE > FILE.utf8"),
    ([0xFE, 0xFF], "UTF-16 text", "convert it first: iconv -f UTF-16 -t UTF-8 FILE > FILE.utf8"),
  ]
}
