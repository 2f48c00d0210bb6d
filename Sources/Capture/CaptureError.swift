/// An operator's mistake, told to people: what is wrong in one sentence and what mends it.
package struct CaptureError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable {
    case fileMissing, fileUnreadable, notACapture, unsupportedCapture, noSuchInterface, interfaceDown, noPermission
    case filterRejected, captureFailed
  }

  package let code: Code
  package let sentence: String
  package let hint: String

  package init(_ code: Code, _ sentence: String, hint: String) {
    self.code = code
    self.sentence = sentence
    self.hint = hint
  }

  package var description: String { hint.isEmpty ? sentence : "\(sentence); \(hint)" }
}
