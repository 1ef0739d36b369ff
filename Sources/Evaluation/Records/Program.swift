/// The program as its results name it.
package enum Program {
  package static let name = "cloze"
  package static let version = "0.2.0"
}
