internal import COpenSSL
internal import Records
internal import Wire

/// What is worth showing and no weakness by itself.
extension TLSJudgement {
  var facts: [Fact] {
    var facts = [Fact("versions", enumeration.accepted.map(\.title).joined(separator: ", "))]
    for version in enumeration.accepted {
      let names = (enumeration.suites[version] ?? []).map(\.description).joined(separator: " ")
      if !names.isEmpty { facts.append(Fact("suites of \(version.title)", names)) }
    }
    func add(_ name: String, _ value: String) { if !value.isEmpty { facts.append(Fact(name, value)) } }
    add("suites of SSLv2", enumeration.ssl2Suites.joined(separator: " "))
    let isWhole = enumeration.followsClient != nil && !enumeration.isOrderPartial
    if isWhole { add("order of suites", enumeration.followsClient == true ? "the client's" : "the server's") }
    let later = enumeration.curves.filter { !enumeration.groups.contains($0) }
    add("groups", TLSJudgement.names(enumeration.groups + later))
    add("curves below TLS 1.3", TLSJudgement.names(enumeration.curves))
    add(
      "DH groups",
      enumeration.dhGroups.values.sorted { $0.primeBits < $1.primeBits }.map(TLSJudgement.text)
        .joined(separator: ", "))
    add(
      "signature algorithms seen",
      enumeration.signatures.sorted().map {
        TLSSignatureScheme(rawValue: $0).description
      }.joined(separator: ", "))
    return facts + flightFacts
  }

  private var flightFacts: [Fact] {
    guard let classic = enumeration.classic else {
      return enumeration.retry.map { [Fact("ja3s", TLSJudgement.ja3s($0))] } ?? []
    }
    let extensions = classic.hello.extensions
    var facts: [Fact] = []
    if let name = extensions.applicationProtocols.first {
      // Only a name that was offered is shown: the bytes are the server's.
      let known = TLSOffer.protocols.first { Array($0.utf8) == name }
      facts.append(Fact("alpn", known ?? "a protocol that was not offered"))
    }
    func yes(_ name: String, _ has: Bool) { facts.append(Fact(name, has ? "yes" : "no")) }
    yes("tickets below TLS 1.3", extensions.hasSessionTicket)
    yes("session ids", !classic.hello.sessionID.isEmpty)
    yes("encrypt-then-MAC", extensions.types.contains(TLSNumber.Extension.encryptThenMAC))
    yes("heartbeat", extensions.types.contains(TLSNumber.Extension.heartbeat))
    yes("staple", classic.flight.hasStaple)
    if classic.flight.asksCertificate { yes("client certificate asked for", true) }
    facts.append(Fact("ja3s", TLSJudgement.ja3s(classic.hello)))
    return facts
  }

  /// MD5 of the published text; it holds for the hello that we send, as every JA3S does.
  private static func ja3s(_ hello: TLSServerHello) -> String {
    let text = TLSFingerprint.ja3s(hello)
    var digest = [UInt8](repeating: 0, count: 16)
    guard unsafe EVP_Digest(text, text.count, &digest, nil, EVP_md5(), nil) == 1 else { return "" }
    return digest.hexadecimal
  }
}

extension Sequence<UInt8> {
  var hexadecimal: String {
    map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}
