import Foundation
import Testing

extension EndToEnd {
  /// A whole round of every engine by hub and scanner, recorded from outside, among addresses that must not be met.
  @Suite(.serialized, .enabled(if: Network.works, Comment(rawValue: Network.reason)), .timeLimit(.minutes(6)))
  struct RoundTests {
    private static let engines = ["availability", "tls", "certificate", "http", "dns", "ports", "content"]
    private static let resolver = "10.50.0.53"

    /// `missing` has no authorisation; `expired` an old one; `moved` one for elsewhere; `refused` and `metadata` one
    /// that `scan.allow` does not follow. `redirecting` and each page lead to all of these; `mixed` and `rebinding` are
    /// names that lead there, too.
    private static let inventory = """
      scan: {allow: [10.50.0.0/24], connectsPerSecond: 100, requestsPerSecond: 100, resolver: ["10.50.0.53"],
             trustStores: [system, {name: city, path: city.pem}], asksRevocation: yes,
             engines: [availability, tls, certificate, http, dns, ports, content]}
      sites:
        - {url: "http://10.50.0.1:8080", id: plain}
        - {url: "https://allowed.test:8443", id: allowed}
        - {url: "http://10.50.0.7:8080", id: redirecting}
        - {url: "http://rebind.test:8080", id: rebinding}
        - {url: "http://mixed.test:8080", id: mixed}
        - {url: "http://10.50.0.2:8080", id: expired}
        - {url: "http://10.50.0.3:8080", id: missing}
        - {url: "http://moved.test:8080", id: moved}
        - {url: "http://refused.test:8080", id: refused}
      authorisations:
        - {id: a1, granted_by: the test, document: d, hosts: ["10.50.0.1", "10.50.0.7", "allowed.test", "mixed.test"],
           networks: [10.50.0.1/32, 10.50.0.6/32, 10.50.0.7/32, 10.50.0.10/32], from: 2020-01-01, until: 2099-01-01,
           up_to: intrusive}
        - {id: a2, granted_by: the test, document: d, hosts: ["10.50.0.2"], networks: [10.50.0.2/32],
           from: 2020-01-01, until: 2021-01-01, up_to: intrusive}
        - {id: a3, granted_by: the test, document: d, hosts: ["moved.test"], networks: [10.50.0.1/32],
           from: 2020-01-01, until: 2099-01-01, up_to: intrusive}
        - {id: a4, granted_by: the test, document: d, hosts: ["rebind.test"], networks: [10.50.0.8/32],
           from: 2020-01-01, until: 2099-01-01, up_to: intrusive}
        - {id: a5, granted_by: the test, document: d, hosts: ["refused.test"], networks: [],
           from: 2020-01-01, until: 2099-01-01, up_to: intrusive}

      """

    /// Where the round may go: the authorised sites, and the operator's own resolver.
    private static let permitted: Set<String> = [
      "10.50.0.1", "10.50.0.6", "10.50.0.7", "10.50.0.8", "10.50.0.10", resolver,
    ]
    private static let forbidden = ["10.50.0.2", "10.50.0.3", "10.50.0.4", "10.50.0.9", "10.51.0.1", "169.254.169.254"]

    private func city() async throws -> (RunningWatch, Child) {
      let watch = try await RunningWatch(more: Self.inventory) { network, space in
        try await network.house(
          Self.permitted.sorted() + Self.forbidden, names: ["refused.test": "10.51.0.1"], in: space)
        try space.write("resolv.conf", "nameserver \(Self.resolver)\noptions timeout:2 attempts:2\n")
        try await run(network.prefix + ["mount", "--bind", space.file("resolv.conf"), "/etc/resolv.conf"])
        try await run([
          "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90",
          "-keyout", space.file("city.key"), "-out", space.file("city.pem"), "-subj", "/CN=allowed.test",
          "-addext", "subjectAltName=DNS:allowed.test",
          // Revocation is asked for, and leads to where nothing may go.
          "-addext", "authorityInfoAccess=OCSP;URI:http://10.51.0.1:8080/",
          "-addext", "crlDistributionPoints=URI:http://169.254.169.254:8080/1.crl",
        ])
      }
      let files = [watch.space.file("city.pem"), watch.space.file("city.key")]
      let script = HostileServers.folder + "/round.py"
      let servers = try Child(watch.network.prefix + ["python3", script] + files + [Self.resolver])
      try await require("the servers", within: 15) { servers.output.contains("ready") }
      return (watch, servers)
    }

    /// Engines of a site that have looked or were refused, by what the ledger says of them as a whole.
    private func ledger(_ watch: RunningWatch, _ site: String) async throws -> [String: (status: String, why: String)] {
      let entries = try await watch.objects("sites", "show", site).first?["coverage"] as? [[String: Any]] ?? []
      let whole = entries.filter { $0["check"] as? String == "*" }
      return Dictionary(
        whole.compactMap { entry in
          guard let engine = entry["engine"] as? String, let status = entry["status"] as? String else { return nil }
          return (engine, (status, entry["reason"] as? String ?? ""))
        }, uniquingKeysWith: { _, last in last })
    }

    private func isDone(_ watch: RunningWatch) async throws -> Bool {
      for (site, count) in [
        ("plain", 5), ("allowed", 7), ("redirecting", 5), ("rebinding", 5), ("mixed", 5), ("expired", 5),
        ("missing", 5), ("moved", 5), ("refused", 5),
      ] {
        guard try await ledger(watch, site).count >= count else { return false }
      }
      return try await watch.objects("scans").first?["running"] as? Int == 0
    }

    @Test(
      "a round of every engine meets no address that is not authorised or is refused, and no server that did not log it"
    )
    func capture() async throws {
      let (watch, servers) = try await city()
      let recording = try await Recording(watch.network, in: watch.space)
      _ = try await watch.ask(["scans", "start", "--all"])
      try await require("every engine looked at every site, or was refused", within: 240) { try await isDone(watch) }
      let rebinding = try await ledger(watch, "rebinding").values.map(\.why)
      let moved = try await ledger(watch, "moved")
      let refused = try await ledger(watch, "refused")
      let expired = try await ledger(watch, "expired")
      _ = try await watch.stop()
      let (packets, dropped) = try await recording.end()
      try judge(packets, dropped, servers.lines.map(\.text))
      #expect(expired.values.allSatisfy { $0.status == "notAuthorised" })
      for (engine, entry) in refused where engine != "dns" {
        #expect(entry.why.contains("refused target: 10.51.0.1 is private"), "\(engine): \(entry.why)")
      }
      for (engine, entry) in moved where engine != "dns" {
        #expect(entry.why.contains("10.50.0.4 is outside the authorised networks"), "\(engine): \(entry.why)")
      }
      #expect(rebinding.contains { $0.contains("outside the authorised networks") || $0.contains("is metadata") })
    }

    private func judge(_ packets: [SeenPacket], _ dropped: Int, _ log: [String]) throws {
      let destinations = Dictionary(grouping: packets, by: \.destination).mapValues(\.count)
      let lines = log.map { $0.split(separator: " ").map(String.init) }
      let logged = lines.filter { $0.first == "connect" && $0.count == 5 }.map { "\($0[1]):\($0[2]) \($0[3]):\($0[4])" }
      let opened = packets.filter(\.isSYNACK).map {
        "\($0.source):\($0.sourcePort) \($0.destination):\($0.destinationPort)"
      }
      let asked = packets.filter(\.isSYN)
      let queries = lines.count { $0.first == "query" }
      print(
        """
        figure: a round of \(Self.engines.count) engines over 9 sites: \(packets.count) packets, \(asked.count) connects \
        tried, \(Set(opened).count) opened, \(logged.count) logged by the servers, \(queries) questions to the resolver, \
        \(dropped) packets dropped by the capture; to \(destinations.sorted { $0.key < $1.key })
        """)
      #expect(dropped == 0)
      for (address, count) in destinations {
        #expect(Self.permitted.contains(address), "\(count) packets went to \(address)")
      }
      #expect(Set(opened) == Set(logged), "a connection that only one side knows")
      for packet in asked {
        #expect(packet.destination != Self.resolver, "the resolver is asked over UDP and is no site")
      }
      for packet in packets where packet.isUDP {
        #expect(packet.destination == Self.resolver, "a datagram to \(packet.destination)")
      }
      // Which engine gets the rebinding name's own address is the order of their questions.
      for site in ["10.50.0.1", "10.50.0.6", "10.50.0.7", "10.50.0.10"] {
        #expect(destinations[site] ?? 0 > 0, "\(site) was to be scanned")
      }
      #expect(queries > 20, "the resolver of the configuration was asked")
    }
  }
}
