/// Why a request cannot be answered; the text says what was found, where, and what to do.
public enum ClozeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The model directory cannot be read or written.
  case model(String)
  /// The log or store cannot be read or written.
  case log(String)
  /// A key or value of the configuration is not understood.
  case configuration(String)
  /// Training could not go on.
  case training(String)
  /// The request has no answer, or the answer cannot be written.
  case request(String)
  /// The model knows no such item.
  case unknownItem(String)

  public var description: String {
    switch self {
    case .model(let text), .log(let text), .configuration(let text), .training(let text), .request(let text): text
    case .unknownItem(let name): "the model knows no item \"\(name)\"; ids are those of the log it was trained on"
    }
  }
}
