import DurableFiles
import Foundation
import NeuralNetwork

extension HuggingFaceModel {
  /// Writes the directory at `url` so that `AutoModelForMaskedLM` and `AutoTokenizer` open it without a warning.
  ///
  /// The architecture is `BertForPreTraining` where the next-segment head is there, else `BertForMaskedLM`; a pooler
  /// without that head has no place in it and is left out. The tied table is written once.
  ///
  /// - Precondition: the encoder and the masked-item head are complete, in the shapes of `configuration`.
  /// - Throws: `DurableFileError`; each file is whole or as it was.
  package func write(to url: URL) throws(DurableFileError) {
    let heads = TensorNames.shapes(of: .nextSegmentHead, in: configuration)
    var written = configuration
    written.architecture = heads.allSatisfy { tensors[$0.name] != nil } ? .preTraining : .maskedLM
    let names = TensorNames.groups(of: written.architecture).flatMap { TensorNames.shapes(of: $0, in: written) }
    let list = names.map { name, shape in
      guard let tensor = tensors[name], tensor.shape == shape else {
        preconditionFailure("\(name) has shape \(tensors[name]?.shape ?? []), the configuration asks for \(shape)")
      }
      return tensor
    }
    try DurableFile.createFolder(url)
    try Safetensors.write(list, to: url.appendingPathComponent("model.safetensors"))
    try tokenizer?.write(to: url, maximumLength: written.positionCount)
    try DurableFile.write(written.json, to: url.appendingPathComponent("config.json"))
  }
}
