internal import Records

/// What a rule's class says of an attack. EVE carries the class by its description (`category`); both the usual
/// descriptions and the short names are known. Whatever else stands there says nothing.
enum AttackClass {
  /// A host that sends this is not its owner's any more.
  static func isInfection(_ category: String) -> Bool { infection.contains(category.lowercased()) }

  /// Its rules tell what an attacker does after he is in.
  static func isPostExploitation(_ category: String) -> Bool {
    isInfection(category) || success[category.lowercased()] != nil
  }

  /// What the class itself says came of it.
  static func success(_ category: String) -> Outcome? { success[category.lowercased()] }

  static func isFailure(_ category: String) -> Bool {
    ["unsuccessful-user", "unsuccessful user privilege gain"].contains(category.lowercased())
  }

  private static let infection: Set<String> = [
    "trojan-activity", "a network trojan was detected", "command-and-control",
    "malware command and control activity detected", "domain-c2", "domain observed used for c2 detected",
    "coin-mining", "crypto currency mining activity detected",
  ]

  private static let success: [String: Outcome] = [
    "successful-admin": .compromised, "successful administrator privilege gain": .compromised,
    "successful-user": .succeeded, "successful user privilege gain": .succeeded,
    "successful-recon-limited": .succeeded, "information leak": .succeeded,
    "successful-recon-largescale": .succeeded, "large scale information leak": .succeeded,
    "successful-dos": .succeeded, "denial of service": .succeeded,
  ]
}
