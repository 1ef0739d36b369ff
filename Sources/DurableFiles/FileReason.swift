import Foundation

/// Why a file could not be read, in the system's words, whatever Foundation makes of it.
package enum FileReason {
  /// The reason of `error`, a clause without the path: `there is no such file`, `Is a directory`.
  package static func of(_ error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error ?? error
    if (error as? CocoaError)?.code == .fileReadNoSuchFile { return "there is no such file" }
    if let code = (cause as? POSIXError)?.code { return String(cString: strerror(code.rawValue)) }
    let system = cause as NSError
    if system.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(truncatingIfNeeded: system.code))) }
    switch (error as? CocoaError)?.code {
    case .fileReadNoPermission: return String(cString: strerror(EACCES))
    case .fileReadInapplicableStringEncoding, .fileReadCorruptFile: return "it is not UTF-8"
    case .fileReadTooLarge: return "it is too large"
    default: return "it is not a file that can be read"
    }
  }
}
