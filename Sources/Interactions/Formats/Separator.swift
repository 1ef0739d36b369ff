/// What stands between two columns of a line.
enum Separator: Equatable {
  case byte(UInt8)
  /// `::`
  case doubleColon
  /// One or more blanks or tabs; those at the ends of a line do not count.
  case blanks

  var first: UInt8 {
    switch self {
    case .byte(let byte): byte
    case .doubleColon: Byte.colon
    case .blanks: Byte.blank
    }
  }
}
