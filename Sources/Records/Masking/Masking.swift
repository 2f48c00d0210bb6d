/// Takes secrets out of text before it leaves a live sensor, a scanner or the ingest of someone else's EVE:
/// passwords, tokens, cookies, `Authorization`, Chinese ID numbers (with check digit), mobile numbers, bank cards
/// (Luhn), secrets in URLs, private keys. What is taken out becomes `[masked:<12 hex digits>]`, a keyed hash, so
/// that equal values still fold and nobody without the key can try them out.
///
/// Pure, on bytes, one pass, no allocation where there is nothing to mask. Idempotent: a mask is not masked again.
/// It knows forms, not meanings: a password in a place that nothing names stays.
package struct Masking: Sendable {
  let key: [UInt8]
  /// Off only where the operator switched raw evidence on.
  package let isEnabled: Bool

  /// `key`: at least 16 bytes, kept outside the store, one per installation.
  package init(key: [UInt8], isEnabled: Bool = true) {
    self.key = key
    self.isEnabled = isEnabled
  }

  /// Masks free text, a URL, a header block or a form body. True: something was masked and `output` (emptied
  /// first) holds the new text. False: nothing was, `output` is empty, use `text` as it is.
  package func mask(_ text: UnsafeRawBufferPointer, into output: inout [UInt8]) -> Bool {
    unsafe mask(text: ByteText(text), into: &output)
  }

  package func mask(_ text: String) -> String {
    var output: [UInt8] = []
    let masked = Array(text.utf8).withText { mask(text: $0, into: &output) }
    return masked ? String(decoding: output, as: UTF8.self) : text
  }

  /// The value of a header: all of it for `Cookie`, `Set-Cookie`, `Authorization` and their like, else as free text.
  package func maskHeader(
    name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, into output: inout [UInt8]
  ) -> Bool {
    let name = unsafe ByteText(name)
    let value = unsafe ByteText(value)
    guard SecretNames.isHeader(name) else { return mask(text: value, into: &output) }
    output.removeAll(keepingCapacity: true)
    guard isEnabled, !value.isEmpty, !MaskScan.isMask(value, at: 0) else { return false }
    appendMask(of: value, to: &output)
    return true
  }

  /// A whole EVE line (or any JSON text): the strings inside are masked by their names and by their forms, bodies,
  /// payloads and packets are replaced by their length. What is not JSON is masked as free text.
  package func maskJSON(_ line: UnsafeRawBufferPointer, into output: inout [UInt8]) -> Bool {
    output.removeAll(keepingCapacity: true)
    guard isEnabled, unsafe !line.isEmpty else { return false }
    var scan = unsafe JSONMaskScan(line: ByteText(line), masking: self)
    return scan.run(into: &output)
  }

  func mask(text: ByteText, into output: inout [UInt8]) -> Bool {
    output.removeAll(keepingCapacity: true)
    guard isEnabled, !text.isEmpty else { return false }
    var scan = MaskScan(text: text, masking: self)
    return scan.run(into: &output)
  }

  func appendMask(of secret: ByteText, to output: inout [UInt8]) {
    output.append(contentsOf: MaskScan.prefix)
    for byte in secret.authenticated(key: key).prefix(6) {
      output.append(HexDigits.lower(byte >> 4))
      output.append(HexDigits.lower(byte & 15))
    }
    output.append(UInt8(ascii: "]"))
  }
}
