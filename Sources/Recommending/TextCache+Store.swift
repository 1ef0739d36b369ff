import Foundation
import InteractionStore
import ModelFiles

extension TextCache {
  /// In the first of `paths` that is a store; nil where none is.
  ///
  /// - Parameter note: is told, once, why vectors could not be kept, as in a store that may not be written: that ends nothing.
  /// - Throws: `StoreError` where the store cannot be read.
  package static func inStore(
    _ paths: [String?], note: @escaping @Sendable (String) -> Void
  ) throws -> TextCache? {
    guard let path = paths.compactMap(\.self).first(where: InteractionStore.isStore) else { return nil }
    let store = try InteractionStore.open(URL(fileURLWithPath: path))
    return TextCache(
      find: { try store.textVectors($0, of: $1) },
      keep: { encoder, vectors in
        do {
          try store.keepTextVectors(encoder, vectors)
        } catch {
          note("the vectors of \(vectors.count) texts are not kept: \(error)")
        }
      })
  }
}
