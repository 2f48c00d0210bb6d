internal import CExpat

/// XML 1.0 by expat, as a tree of elements. Bounded in bytes, depth and values; a document that declares entities is
/// refused (nobody's report needs them, and they are how a small file grows large or reads another), a DOCTYPE without
/// them is let pass, and nothing outside the text is ever read.
package enum XMLDocument {
  package static func parse(
    _ bytes: [UInt8], file: String, limits: DocumentLimits = .init()
  ) throws(DocumentError) -> XMLElement {
    guard bytes.count <= limits.bytes, let count = Int32(exactly: bytes.count) else {
      throw DocumentError(
        .tooLarge, SourcePosition(file: file), "the text has more than \(limits.bytes >> 20) MiB, the limit")
    }
    guard let parser = unsafe XML_ParserCreate("UTF-8") else {
      throw DocumentError(.unreadable, SourcePosition(file: file), "no memory for the parser")
    }
    defer { unsafe XML_ParserFree(parser) }
    let build = XMLBuild(limits)
    unsafe XML_SetUserData(parser, Unmanaged.passUnretained(build).toOpaque())
    unsafe XML_SetElementHandler(parser, xmlElementBegan, xmlElementEnded)
    unsafe XML_SetCharacterDataHandler(parser, xmlTextCame)
    unsafe XML_SetEntityDeclHandler(parser, xmlEntityDeclared)
    build.stop = { unsafe XML_StopParser(parser, 0) }
    let status = unsafe bytes.withUnsafeBytes { raw in
      unsafe XML_Parse(parser, raw.baseAddress?.assumingMemoryBound(to: CChar.self), count, 1)
    }
    build.stop = {}
    let place = SourcePosition(
      file: file, line: Int(unsafe XML_GetCurrentLineNumber(parser)),
      column: Int(unsafe XML_GetCurrentColumnNumber(parser)) + 1)
    if let (code, sentence) = build.refusal { throw DocumentError(code, place, sentence) }
    guard status == XML_STATUS_OK, let root = build.root else {
      let words = unsafe XML_ErrorString(XML_GetErrorCode(parser)).map { unsafe String(cString: $0) }
      throw DocumentError(.syntax, place, words ?? "this is no XML")
    }
    return withExtendedLifetime(build) { root }
  }
}

/// The elements that are open, from the root down, while expat walks the text.
private final class XMLBuild {
  private let limits: DocumentLimits
  private var open: [XMLElement] = []
  private var values = 0
  private(set) var root: XMLElement?
  private(set) var refusal: (DocumentError.Code, String)?
  var stop: () -> Void = {}

  init(_ limits: DocumentLimits) { self.limits = limits }

  private func refuse(_ code: DocumentError.Code, _ sentence: String) {
    if refusal == nil { refusal = (code, sentence) }
    stop()
  }

  func began(_ name: String, _ attributes: [String: String]) {
    guard refusal == nil else { return }
    values += 1 + attributes.count
    guard open.count < limits.depth else { return refuse(.tooDeep, "nested deeper than \(limits.depth), the limit") }
    guard values <= limits.values else {
      return refuse(.tooManyValues, "more than \(limits.values) values, the limit")
    }
    open.append(XMLElement(name, attributes))
  }

  func ended() {
    guard refusal == nil, let element = open.popLast() else { return }
    if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
  }

  func text(_ text: String) {
    guard refusal == nil, !open.isEmpty else { return }
    open[open.count - 1].text += text
  }

  func entity() { refuse(.syntax, "the document declares an entity, which is not read") }

  static func of(_ raw: UnsafeMutableRawPointer?) -> XMLBuild? {
    unsafe raw.map { unsafe Unmanaged<XMLBuild>.fromOpaque($0).takeUnretainedValue() }
  }
}

private func xmlElementBegan(
  _ raw: UnsafeMutableRawPointer?, _ name: UnsafePointer<XML_Char>?,
  _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
) {
  guard let build = unsafe XMLBuild.of(raw), let name = unsafe name else { return }
  var found: [String: String] = [:]
  var place = 0
  // Pairs, ended by a null pointer.
  while let list = unsafe attributes, let key = unsafe list[place], let value = unsafe list[place + 1] {
    found[unsafe String(cString: key)] = unsafe String(cString: value)
    place += 2
  }
  build.began(unsafe String(cString: name), found)
}

private func xmlElementEnded(_ raw: UnsafeMutableRawPointer?, _: UnsafePointer<XML_Char>?) {
  unsafe XMLBuild.of(raw)?.ended()
}

private func xmlTextCame(_ raw: UnsafeMutableRawPointer?, _ text: UnsafePointer<XML_Char>?, _ count: Int32) {
  guard let build = unsafe XMLBuild.of(raw), let text = unsafe text, count > 0 else { return }
  let bytes = unsafe UnsafeRawBufferPointer(start: text, count: Int(count))
  build.text(unsafe String(decoding: bytes, as: UTF8.self))
}

private func xmlEntityDeclared(
  _ raw: UnsafeMutableRawPointer?, _: UnsafePointer<XML_Char>?, _: Int32, _: UnsafePointer<XML_Char>?, _: Int32,
  _: UnsafePointer<XML_Char>?, _: UnsafePointer<XML_Char>?, _: UnsafePointer<XML_Char>?, _: UnsafePointer<XML_Char>?
) {
  unsafe XMLBuild.of(raw)?.entity()
}
