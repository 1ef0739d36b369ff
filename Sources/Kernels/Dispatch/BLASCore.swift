import COpenBLAS
import Foundation

/// Which of its cores OpenBLAS computes with, one thread per caller.
///
/// Versions that do not know a processor fall back to AVX2 kernels at half the speed. Where AVX-512 is there and the library
/// runs none of its AVX-512 cores, it is told to choose again. A user's own `OPENBLAS_CORETYPE` is never overridden, and
/// a library built without the choice stays as it is.
package enum BLASCore {
  /// The name of the core that runs, after the choice.
  package static let name: String = {
    openblas_set_num_threads(1)
    if Processor.level == .avx512, getenv("OPENBLAS_CORETYPE") == nil, !avx512Cores.contains(currentName) {
      choose("SkylakeX")
    }
    return currentName
  }()

  /// The library, its version and its core, for people.
  package static var description: String {
    let configuration = String(cString: openblas_get_config()).split(separator: " ")
    return (configuration.prefix(2) + ["core", Substring(name)]).joined(separator: " ")
  }

  /// Makes the choice, once per process; every product calls it first.
  package static func select() { _ = name }

  private static let avx512Cores = ["SkylakeX", "Cooperlake", "SapphireRapids", "Zen5"]
  private static var currentName: String { String(cString: openblas_get_corename()) }

  private static func choose(_ core: String) {
    typealias Function = @convention(c) () -> Void
    guard let quit = dlsym(nil, "gotoblas_dynamic_quit"), let start = dlsym(nil, "gotoblas_dynamic_init") else {
      return
    }
    setenv("OPENBLAS_CORETYPE", core, 1)
    unsafeBitCast(quit, to: Function.self)()
    unsafeBitCast(start, to: Function.self)()
    unsetenv("OPENBLAS_CORETYPE")
    openblas_set_num_threads(1)
  }
}
