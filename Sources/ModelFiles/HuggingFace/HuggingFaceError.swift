import NeuralNetwork

/// A Hugging Face directory, or a file of one, that cannot be used.
package struct HuggingFaceError: Error, Equatable, CustomStringConvertible {
  /// The file or directory.
  package let path: String
  /// What is wrong with it.
  package let fault: Fault

  package enum Fault: Error, Equatable, Sendable {
    case unreadable(reason: String)
    case json(reason: String)
    case missingFile(name: String)
    case pickle(PickleFault)
    case shard(name: String, reason: String)
    case architecture(found: String)
    case setting(key: String, found: String, expected: String)
    case missingTensor(tensor: String, shape: [Int])
    case shape(tensor: String, found: [Int], expected: [Int])
    case untied(tensor: String, embeddings: String)
    case vocabularyCount(tensor: String, shape: [Int], tokens: Int)
    case repeatedToken(token: String, line: Int, first: Int)
    case idWithoutToken(id: Int)
    case missingSpecial(token: String, role: String)
    case tokenizer(found: String, expected: String)
    case positions(found: Int, needed: Int)
    case noVocabulary
    case weights(SafetensorsError)
  }

  package init(path: String, fault: Fault) {
    self.path = path
    self.fault = fault
  }

  package var description: String {
    if case .weights(let error) = fault { return error.description }
    return "\(path): \(fault.sentence)"
  }
}

extension HuggingFaceError.Fault {
  fileprivate var sentence: String {
    switch self {
    case .unreadable(let reason):
      "cannot be read: \(reason)"
    case .json(let reason):
      "is not the JSON that Hugging Face writes: \(reason)"
    case .missingFile(let name):
      "has no \(name); a model is a directory with config.json and model.safetensors"
    case .pickle(let fault):
      "\(fault.reason); where it is a model, convert it once in Python: "
        + "AutoModelForMaskedLM.from_pretrained(DIR).save_pretrained(OTHER_DIR)"
    case .shard(let name, let reason):
      "\(name) \(reason); download the directory again, or save it in one file: save_pretrained(DIR, max_shard_size=\"100GB\")"
    case .architecture(let found):
      "holds \(found); BertForMaskedLM, BertForPreTraining, BertLMHeadModel, BertModel and BertForSequenceClassification are read, "
        + "and the encoders of BERTs with other heads"
    case .setting(let key, let found, let expected):
      "\(key) is \(found), expected \(expected)"
    case .missingTensor(let tensor, let shape):
      "has no tensor \(tensor) of shape \(shape), which its config.json implies"
    case .shape(let tensor, let found, let expected):
      "tensor \(tensor) has shape \(found), but config.json implies \(expected)"
    case .untied(let tensor, let embeddings):
      "\(tensor) differs from \(embeddings); only models whose output is tied to their embeddings are read"
    case .vocabularyCount(let tensor, let shape, let tokens):
      "tensor \(tensor) has shape \(shape), but the vocabulary has \(tokens) tokens, expected \(shape.first ?? 0); "
        + "take the vocabulary that the model was trained with"
    case .repeatedToken(let token, let line, let first):
      "line \(line) repeats \"\(token)\" of line \(first); every token has one id"
    case .idWithoutToken(let id):
      "no token has the id \(id); ids count from 0 without a gap"
    case .missingSpecial(let token, let role):
      "has no token \(token.prefix(200)), which is needed as the \(role) token"
    case .tokenizer(let found, let expected):
      "is a tokenizer with \(found), expected \(expected)"
    case .positions(let found, let needed):
      "has \(found) positions where \(needed) are wanted; set model.length to at most \(found), or have new positions added"
    case .noVocabulary:
      "has neither vocab.txt nor tokenizer.json, so nothing says which item a row of the table is"
    case .weights(let error):
      error.description
    }
  }
}
