internal import Documents
internal import Records
internal import Seam

/// Records of other programs, and the seam between our own processes.
enum RecordEntrances {
  private static let masking = Masking(key: Array("a key of sixteen".utf8))

  /// Reading a line, and masking it: what was masked once is not masked again.
  static func eve(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { line in
      _ = unsafe AlertRecord.read(eve: line)
      var once: [UInt8] = []
      guard unsafe masking.maskJSON(line, into: &once) else { return }
      // What is no JSON is masked as free text, where a mask may become a part of a longer secret.
      guard (try? JSONDocument.parse(bytes.text, file: "eve.json")) != nil else { return }
      var twice: [UInt8] = []
      let again = unsafe once.withUnsafeBytes { unsafe masking.maskJSON($0, into: &twice) }
      precondition(!again || twice == once, "a mask is not masked again: \(once.text) -> \(twice.text)")
    }
    _ = masking.mask(bytes.text)
  }

  /// The stream whole and in pieces gives the same messages; what was understood goes back the same way.
  static func seam(_ bytes: [UInt8]) {
    let whole = messages([bytes])
    let half = bytes.count / 2
    let pieces = messages([Array(bytes[..<half]), Array(bytes[half...])])
    precondition(whole == pieces, "frames do not depend on how a stream is cut: \(whole), \(pieces)")
  }

  private static func messages(_ pieces: [[UInt8]]) -> [Int] {
    var decoder = FrameDecoder()
    var sizes: [Int] = []
    for piece in pieces {
      decoder.receive(piece)
      while let message = try? decoder.next() {
        var frame: [UInt8] = []
        try? FrameCodec.encode(message, into: &frame)
        sizes.append(frame.count)
      }
    }
    return sizes
  }
}
