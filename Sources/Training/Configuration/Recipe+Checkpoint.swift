import Foundation

extension Recipe {
  /// The recipe whose question suits what `model` was trained for: its attention and where it is read off.
  package static func fitting(_ model: ModelConfiguration) -> Recipe {
    if model.attention == .bidirectional { return .bert4rec }
    if model.pooling.joinsTailAndLast { return .joined }
    return model.pooling == .last ? .causal : .maskedPrefixes
  }
}
