internal import Wire

/// Mozilla's server side TLS guidelines, version 5.7, as data: which profile a server fits, and every deviation named.
/// Post-quantum groups, which are younger than the guidelines, deviate from nothing.
struct MozillaProfile {
  let name: String
  let versions: Set<TLSVersion>
  let suites: Set<TLSCipherSuite>
  /// The least bits of a DH group; nil where there is none.
  let dhBits: Int?

  static let all = [modern, intermediate, old]

  private static let modernSuites = suites([0x1301, 0x1302, 0x1303])
  private static let intermediateSuites = modernSuites.union(
    suites([0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0x009e, 0x009f, 0xccaa]))
  static let modern = MozillaProfile(name: "modern", versions: [.tls13], suites: modernSuites, dhBits: nil)
  static let intermediate = MozillaProfile(
    name: "intermediate", versions: [.tls13, .tls12], suites: intermediateSuites, dhBits: 2048)
  static let old = MozillaProfile(
    name: "old", versions: [.tls13, .tls12, .tls11, .tls10],
    suites: intermediateSuites.union(
      suites([
        0xc023, 0xc027, 0xc009, 0xc013, 0xc024, 0xc028, 0xc00a, 0xc014, 0x0067, 0x006b, 0x009c, 0x009d, 0x003c, 0x003d,
        0x002f, 0x0035, 0x000a,
      ])), dhBits: 1024)
  /// X25519, P-256, P-384 in every profile.
  private static let groups: Set<UInt16> = [29, 23, 24]

  private static func suites(_ codes: [UInt16]) -> Set<TLSCipherSuite> {
    Set(codes.map(TLSCipherSuite.init(rawValue:)))
  }

  /// What the server accepts beyond the profile, or lacks of it; empty where it fits.
  func deviations(of enumeration: TLSEnumeration) -> [String] {
    var list: [String] = []
    let accepted = enumeration.accepted
    if !accepted.contains(.tls13) { list.append("TLS 1.3 is missing") }
    if name != "modern", !accepted.contains(.tls12) { list.append("TLS 1.2 is missing") }
    list += accepted.filter { !versions.contains($0) }.map { "\($0.title) is accepted" }
    let seen = accepted.filter(versions.contains).flatMap { enumeration.suites[$0] ?? [] }
    var named: Set<TLSCipherSuite> = []
    for suite in seen where !suites.contains(suite) && named.insert(suite).inserted {
      list.append("\(suite) is accepted")
    }
    let groups = Set(enumeration.groups + enumeration.curves).subtracting(TLSJudgement.postQuantum)
    list += groups.subtracting(MozillaProfile.groups).sorted().map { "\(TLSGroup(rawValue: $0)) is accepted" }
    if let dhBits, let bits = enumeration.dhBits, bits < dhBits { list.append("the DH group has \(bits) bits") }
    return list
  }
}
