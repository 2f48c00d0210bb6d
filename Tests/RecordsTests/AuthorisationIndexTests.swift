import Records
import Testing
import Wire

struct AuthorisationIndexTests {
  @Test("An index of authorisations covers what each of them covers, and nothing else")
  func same() throws {
    var system = SystemRandomNumberGenerator()
    let seed = system.next()
    var random = SeededRandom(seed: seed)
    let labels = ["a", "B", "gov", "www"]
    func name() -> String {
      (0..<Int.random(in: 1...3, using: &random)).map { _ in labels.randomElement(using: &random) ?? "a" }
        .joined(separator: ".")
    }
    let networks = try ["192.0.2.0/25", "192.0.2.0/24", "2001:db8::/32"].map { try #require(IPPrefix($0)) }
    let addresses = try ["192.0.2.1", "192.0.2.200", "2001:db8::1", "198.51.100.1"].map { try #require(IPAddress($0)) }
    let all = (0..<60).map { place in
      Authorisation(
        id: "\(place)", grantedBy: "g", document: "d",
        hosts: (0..<2).map { _ in Bool.random(using: &random) ? name() : "*." + name() },
        networks: Bool.random(using: &random) ? [networks.randomElement(using: &random) ?? networks[0]] : [],
        from: Timestamp(seconds: 0), until: Timestamp(seconds: 10), upTo: .probe)
    }
    let index = AuthorisationIndex(all)
    for _ in 0..<2_000 {
      let address = Bool.random(using: &random) ? addresses.randomElement(using: &random) : nil
      let host =
        Int.random(in: 0..<5, using: &random) == 0
        ? (addresses.randomElement(using: &random) ?? addresses[0]).description : name()
      let expected = all.filter { $0.covers(host: host, address: address) }.map(\.id)
      let found = index.covering(host: host, address: address).map(\.id)
      #expect(found == expected, "seed \(seed): \(host) \(address?.description ?? "-")")
    }
  }
}
