internal import Records

/// What a person reads of a dispatch, by whichever way: its lines, and its link where they do not hold it.
struct DispatchText: Sendable {
  let subject: String
  let lines: [String]
  /// Under the lines; nil where they hold it.
  let link: String?

  init(_ dispatch: Dispatch) {
    subject = DispatchText.clean(dispatch.subject, keepsLines: false)
    var lines = DispatchText.clean(dispatch.text, keepsLines: true)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    link = dispatch.link.flatMap { dispatch.text.contains($0) ? nil : $0 }
    if let link { lines += ["", link] }
    self.lines = lines
  }

  /// Subject, lines, link and the id by which two copies are known as one, cut to `bytes` of UTF-8: what falls out is the
  /// end of the lines, never the link.
  static func short(_ dispatch: Dispatch, bytes: Int) -> String {
    let subject = clean(dispatch.subject, keepsLines: false)
    let text = clean(dispatch.text, keepsLines: true)
    let foot = (dispatch.link.map { "\n" + $0 } ?? "") + "\n#" + dispatch.id
    let isInside = dispatch.link.map { text.contains($0) } ?? false
    let whole = subject + "\n" + text + (isInside ? "\n#" + dispatch.id : foot)
    if whole.utf8.count <= bytes { return whole }
    let room = bytes - foot.utf8.count - "\n…".utf8.count
    return cut(subject + "\n" + text, bytes: max(room, 0)) + "…" + foot
  }

  /// The longest beginning of whole characters.
  static func cut(_ text: String, bytes: Int) -> String {
    var count = 0
    var end = text.startIndex
    for index in text.indices {
      count += text[index].utf8.count
      if count > bytes { break }
      end = text.index(after: index)
    }
    return String(text[..<end])
  }

  /// Without control characters, without what turns the direction of writing.
  static func clean(_ text: String, keepsLines: Bool) -> String {
    let lines = text.replacing("\r\n", with: "\n")
    return String(
      String.UnicodeScalarView(
        lines.unicodeScalars.map { scalar in
          switch scalar.value {
          case 0x0a where keepsLines: scalar
          case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0x202a...0x202e, 0x2066...0x2069: " "
          default: scalar
          }
        }))
  }
}
