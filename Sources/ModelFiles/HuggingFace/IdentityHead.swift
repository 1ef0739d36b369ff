import Kernels
import NeuralNetwork
import SequentialModels

/// The weights with which BERT's head transform gives back the states it is given.
///
/// Hugging Face always runs dense → activation → normalization before the item table; an encoder whose states are scored
/// directly (`head: direct`) has no such transform. Its states are a normalized vector n, scaled and shifted by the last
/// block: γ · n + β. The dense layer undoes γ and β and adds an offset, behind which the activation is the identity; the
/// normalization takes the offset away again and puts γ and β back. A state differs by some 1e-6.
struct IdentityHead {
  let weight, bias, scale, shift: [Float]

  /// - Parameters:
  ///   - scale: γ of the last block's second normalization, `[hidden]`.
  ///   - shift: β.
  init(scale: [Float], shift: [Float]) {
    let hidden = scale.count
    // No entry of a normalized vector is below −√hidden, and from 6 on GELU and ReLU are the identity.
    let offset = Float(hidden).squareRoot() + 6
    var weight = [Float](repeating: 0, count: hidden * hidden)
    var bias = [Float](repeating: offset, count: hidden)
    for column in 0..<hidden where scale[column] != 0 {
      weight[column * hidden + column] = 1 / scale[column]
      bias[column] = offset - shift[column] / scale[column]
    }
    self.weight = weight
    self.bias = bias
    self.scale = scale
    self.shift = shift
  }
}

extension BERT4Rec {
  /// The values of the head's tensors by name, where the head is one that Hugging Face does not have.
  var identityHead: [String: [Float]] {
    guard network.configuration.head == .direct, let last = network.encoder.blocks.last else { return [:] }
    let head = network.head
    let identity = IdentityHead(scale: parameters[last.secondScale].values, shift: parameters[last.secondShift].values)
    return [
      head.weight.name: identity.weight, head.bias.name: identity.bias, head.scale.name: identity.scale,
      head.shift.name: identity.shift,
    ]
  }
}
