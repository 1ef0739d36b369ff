import DurableFiles
import Foundation
import NeuralNetwork

extension HuggingFaceModel {
  /// Writes the directory at `url` so that Hugging Face's class for the architecture, and `AutoTokenizer`, open it without
  /// a warning; a bare encoder needs a head first.
  ///
  /// Tensors that the architecture has no place for are left out, and the tied table is written once.
  /// - Parameter table: in the place of a tensor of its name, written from where it stands.
  /// - Precondition: every tensor of the architecture is there, in the shape of `configuration`.
  /// - Throws: `DurableFileError`; each file is whole or as it was.
  package func write(to url: URL, table: StreamedTensor? = nil) throws(DurableFileError) {
    let groups = TensorNames.groups(of: configuration.architecture)
    let list = groups.flatMap { TensorNames.shapes(of: $0, in: configuration) }.map { name, shape in
      let tensor = table?.name == name ? table : tensors[name].map { StreamedTensor($0) }
      guard let tensor, tensor.shape == shape else {
        preconditionFailure("\(name) has shape \(tensor?.shape ?? []), the configuration implies \(shape)")
      }
      return tensor
    }
    try DurableFile.createFolder(url)
    try Safetensors.write(streaming: list, to: url.appendingPathComponent("model.safetensors"))
    try tokenizer?.write(to: url, maximumLength: configuration.encoder.positions)
    try DurableFile.write(configuration.json, to: url.appendingPathComponent("config.json"))
  }
}
