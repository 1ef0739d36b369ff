/// How the tests were built, for those that need speed or may be smaller without it.
package enum BuildMode {
  #if DEBUG
    package static let isOptimized = false
  #else
    package static let isOptimized = true
  #endif
}
