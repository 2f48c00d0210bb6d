internal import Documents
internal import Wire

/// Which profile of Mozilla's server side TLS guidelines a server fits: `Rules/grading/tls-profiles.yaml`. Post-quantum
/// groups, which are younger than the guidelines, deviate from nothing.
package struct TLSProfiles: Hashable, Sendable {
  struct Profile: Hashable {
    var name: String
    var versions: Set<TLSVersion>
    var suites: Set<TLSCipherSuite>
    /// The least bits of a DH group; nil where there is none.
    var dhBits: Int?
  }

  /// The strictest first, the widest last.
  private(set) var all: [Profile] = []
  private var groups: Set<UInt16> = []

  init() {}

  init(_ root: DocumentValue) throws(DocumentError) {
    try root.refuseUnknown(besides: ["groups", "profiles"])
    let known = Dictionary(TLSGroup.names.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
    groups = Set(try TLSProfiles.read(root.required("groups"), "group") { known[$0] })
    for value in try root.required("profiles").list() {
      try value.refuseUnknown(besides: ["name", "versions", "suites", "dhBits"])
      all.append(
        Profile(
          name: try value.required("name").string(),
          versions: Set(
            try TLSProfiles.read(value.required("versions"), "version") { title in
              TLSEnumeration.order.first { $0.title == title }
            }),
          suites: Set(try TLSProfiles.read(value.required("suites"), "suite") { TLSCipherSuite(name: $0) }),
          dhBits: try value["dhBits"]?.int(in: 512...16_384)))
    }
  }

  private static func read<T>(
    _ list: DocumentValue, _ what: String, _ known: (String) -> T?
  ) throws(DocumentError) -> [T] {
    var result: [T] = []
    for value in try list.list() {
      guard let found = known(try value.string()) else {
        throw DocumentError(.badValue, value.position, "\(value.kind) is no \(what) of TLS that Vigil knows")
      }
      result.append(found)
    }
    return result
  }

  /// What the server accepts beyond the profile, or lacks of it; empty where it fits.
  func deviations(from profile: Profile, of enumeration: TLSEnumeration) -> [String] {
    var list: [String] = []
    let accepted = enumeration.accepted
    for version in [TLSVersion.tls13, .tls12] where profile.versions.contains(version) && !accepted.contains(version) {
      list.append("\(version.title) is missing")
    }
    list += accepted.filter { !profile.versions.contains($0) }.map { "\($0.title) is accepted" }
    let seen = accepted.filter(profile.versions.contains).flatMap { enumeration.suites[$0] ?? [] }
    var named: Set<TLSCipherSuite> = []
    for suite in seen where !profile.suites.contains(suite) && named.insert(suite).inserted {
      list.append("\(suite) is accepted")
    }
    let groups = Set(enumeration.groups + enumeration.curves).subtracting(TLSJudgement.postQuantum)
    list += groups.subtracting(self.groups).sorted().map { "\(TLSGroup(rawValue: $0)) is accepted" }
    if let least = profile.dhBits, let bits = enumeration.dhBits, bits < least {
      list.append("the DH group has \(bits) bits")
    }
    return list
  }
}
