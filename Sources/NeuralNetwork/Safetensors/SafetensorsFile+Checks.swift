extension SafetensorsFile {
  /// One claim of the header, believed as far as it agrees with itself and with the number of `bytes` that are there.
  static func check(
    _ claim: SafetensorsHeader.Entry, of name: String, against bytes: Int
  ) throws(SafetensorsError.Fault) -> Entry {
    guard let type = TensorType(rawValue: claim.type) else { throw .unknownType(tensor: name, type: claim.type) }
    let offsets = claim.offsets
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= bytes else {
      throw .outOfRange(tensor: name, offsets: offsets, bytes: bytes)
    }
    var expected = type.size
    for size in claim.shape {
      let (product, overflow) = expected.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { throw .impossibleShape(tensor: name, shape: claim.shape) }
      expected = product
    }
    guard offsets[1] - offsets[0] == expected else {
      throw .byteCount(
        tensor: name, shape: claim.shape, type: type, found: offsets[1] - offsets[0], expected: expected)
    }
    return Entry(type: type, shape: claim.shape, range: offsets[0]..<offsets[1])
  }

  /// Every byte belongs to exactly one tensor.
  static func checkTiling(_ tensors: [String: Entry], bytes: Int) throws(SafetensorsError.Fault) {
    var end = 0
    var last = ""
    let inOrder = tensors.sorted {
      ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key)
        < ($1.value.range.lowerBound, $1.value.range.upperBound, $1.key)
    }
    for (name, entry) in inOrder {
      let begin = entry.range.lowerBound
      if begin < end { throw .overlap(tensor: name, other: last, at: begin) }
      if begin > end { throw .unclaimed(from: end, to: begin) }
      end = entry.range.upperBound
      last = name
    }
    if end < bytes { throw .unclaimed(from: end, to: bytes) }
  }
}
