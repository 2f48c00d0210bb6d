internal import Glibc

/// The two ports that every site of the city has at its own address.
package struct CityPorts: Hashable, Sendable {
  package var tls: UInt16
  package var plain: UInt16

  package init(tls: UInt16, plain: UInt16) {
    self.tls = tls
    self.plain = plain
  }

  /// The usual ones, then others, so that a second demonstration or another program does not keep the city away.
  package static let candidates = [
    CityPorts(tls: 8443, plain: 8080), CityPorts(tls: 18_443, plain: 18_080), CityPorts(tls: 28_443, plain: 28_080),
    CityPorts(tls: 38_443, plain: 38_080), CityPorts(tls: 48_443, plain: 48_080),
  ]
  /// A city that was just killed may still hold the usual ones: they are asked again for so long.
  package static let patienceMilliseconds = 1000

  /// The first pair that is free at every address.
  package static func free(
    among candidates: [CityPorts] = candidates, patienceMilliseconds: Int = patienceMilliseconds
  ) throws(DemoError) -> CityPorts {
    guard let usual = candidates.first else { throw DemoError("no port is named", hint: "name one") }
    for left in stride(from: patienceMilliseconds, through: 0, by: -100) {
      if usual.isFree { return usual }
      if left > 0 { poll(nil, 0, 100) }
    }
    for ports in candidates.dropFirst() where ports.isFree { return ports }
    throw DemoError(
      "none of the ports \(candidates.map { String($0.tls) }.joined(separator: ", ")) is free on 127.8.0.0/16",
      hint: "see who holds them: ss -ltnp")
  }

  private var isFree: Bool {
    CityTable.sites.allSatisfy { site in
      guard let listener = try? Listener(site, self) else { return false }
      listener.close()
      return true
    }
  }
}
