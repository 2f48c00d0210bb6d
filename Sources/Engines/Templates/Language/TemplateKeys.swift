internal import Documents

/// Which keys a map may have, and why others of nuclei are not read.
enum TemplateKeys {
  struct Refused {
    var why: String
    var instead: String
    init(_ why: String, _ instead: String) { (self.why, self.instead) = (why, instead) }
  }

  /// Beside `id` and `info`.
  static let refusedAbove: [String: Refused] = [
    "flow": Refused(
      "it orders requests by a program",
      "write the blocks in order; the next is asked where a block whose matchers are all internal matched"),
    "self-contained": Refused("it names its own hosts, which nobody authorised", "begin paths with {{BaseURL}}"),
    "dns": protocolOf("the DNS engine asks name servers"), "network": protocolOf("the ports engine asks other ports"),
    "tcp": protocolOf("the ports engine asks other ports"), "ssl": protocolOf("the TLS engine asks for handshakes"),
    "headless": protocolOf("no browser is run"), "websocket": protocolOf("only requests and answers are compared"),
    "whois": protocolOf("no registry is asked"), "file": protocolOf("no files are searched"),
    "javascript": protocolOf("no program of a template is run"), "code": protocolOf("no program of a template is run"),
    "workflows": Refused("it runs other templates", "run those templates themselves"),
    "signature": Refused("requests are not signed", "take it out"),
    "constants": Refused("they are variables under another name", "write them under variables"),
    "interactsh": Refused("it calls a host outside", "take it out"),
  ]

  /// In an entry of `http:`.
  static let refusedInBlock: [String: Refused] = [
    "race": load, "race_count": load, "threads": load, "pipeline": load, "pipeline-concurrent-connections": load,
    "pipeline-requests-per-connection": load,
    "unsafe": Refused("malformed requests are not sent: a proxy on the way may suffer", "write a well-formed request"),
    "fuzzing": fuzzing, "analyzer": fuzzing, "pre-condition": fuzzing, "filters": fuzzing,
    "filters-condition": fuzzing,
    "self-contained": Refused("it names its own hosts, which nobody authorised", "begin paths with {{BaseURL}}"),
    "signature": Refused("requests are not signed", "take it out"),
    "digest-username": Refused("it logs in", "take it out"), "digest-password": Refused("it logs in", "take it out"),
    "global-matchers": Refused("a template judges its own answers only", "take it out"),
    "iterate-all": Refused("a later request is asked with the first value found", "take it out"),
    "skip-variables-check": Refused("a request with names left in it is not sent", "give every {{name}} a value"),
    "skip-secret-file": Refused("there is no file of secrets", "take it out"),
  ]

  private static let load = Refused("the pace is the scanner's, not the template's", "take it out")
  private static let fuzzing = Refused("requests are not varied by rules", "write the requests out under path or raw")

  private static func protocolOf(_ why: String) -> Refused {
    Refused("templates here ask over HTTP only: \(why)", "take this template out")
  }

  /// The first key that is not known ends the reading. A refused one that says `false` says nothing.
  static func check(
    _ map: DocumentValue, known: [String], refused: [String: Refused] = [:]
  ) throws(DocumentError) {
    for entry in try map.map() {
      if let refusal = refused[entry.key] {
        if (try? entry.value.bool()) == false { continue }
        throw DocumentError(
          .badValue, entry.keyPosition, "\"\(entry.key)\" is not read here: \(refusal.why)", hint: refusal.instead)
      }
    }
    if let error = map.unknownKeys(besides: known + refused.keys).first {
      let word = map.entries.first { $0.keyPosition == error.position }?.key ?? ""
      throw DocumentError(
        error.code, error.position, error.message, hint: DocumentError.suggestion(for: word, among: known))
    }
  }

  static func checkName(_ name: String, at position: SourcePosition) throws(DocumentError) {
    let scalars = name.unicodeScalars
    guard let first = scalars.first, scalars.count <= 64, ExpressionLexer.beginsName(first),
      scalars.allSatisfy({ ExpressionLexer.continuesName($0) || $0 == "-" })
    else {
      throw DocumentError(
        .badValue, position, "this is no name for {{...}}", hint: "letters, digits, _ and -, a letter first")
    }
    if TemplateNames.given.contains(name) || TemplatePart(name: name) != nil || TemplateChance.isString(name) {
      throw DocumentError(
        .badValue, position, "\"\(name)\" has a meaning of its own", hint: "choose another name")
    }
  }
}
