import Foundation
import Testing

extension EndToEnd {
  /// A whole round of every engine by hub and scanner, recorded from outside, among addresses that must not be met.
  @Suite(.serialized, .enabled(if: Network.works, Comment(rawValue: Network.reason)), .timeLimit(.minutes(6)))
  struct RoundTests {
    private static let engines = [
      "availability", "tls", "certificate", "http", "dns", "ports", "content", "templates",
    ]
    private static let resolver = "10.50.0.53"

    /// `missing` has no authorisation; `expired` an old one; `moved` one for elsewhere; `refused` and `metadata` one
    /// that `scan.allow` does not follow. `redirecting` and each page lead to all of these; `mixed` and `rebinding` are
    /// names that lead there, too.
    private static let inventory = """
      scan: {allow: [10.50.0.0/24], connectsPerSecond: 100, requestsPerSecond: 100, resolver: ["10.50.0.53"],
             trustStores: [system, {name: city, path: ca.pem}], asksRevocation: yes,
             engines: [availability, tls, certificate, http, dns, ports, content, templates]}
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

    private struct Scene {
      let watch: RunningWatch
      let servers: Child
      let recording: Recording
    }

    /// The capture and the servers are there before the watch: its first job may come at once.
    private func scene() async throws -> Scene {
      let early = Guarded<(Child, Recording)?>(nil)
      let watch = try await RunningWatch(more: Self.inventory) { network, space in
        try await network.house(
          Self.permitted.sorted() + Self.forbidden, names: ["refused.test": "10.51.0.1"], in: space)
        try space.write("resolv.conf", "nameserver \(Self.resolver)\noptions timeout:2 attempts:2\n")
        try await run(network.prefix + ["mount", "--bind", space.file("resolv.conf"), "/etc/resolv.conf"])
        try await makeCertificate(in: space)
        let recording = try await Recording(network, in: space)
        let files = [space.file("city.pem"), space.file("city.key")]
        let script = HostileServers.folder + "/round.py"
        let servers = try Child(network.prefix + ["python3", script] + files + [Self.resolver])
        try await require("the servers", within: 15) { servers.output.contains("ready") }
        early.with { $0 = (servers, recording) }
      }
      let (servers, recording) = try #require(early.with { $0 })
      return Scene(watch: watch, servers: servers, recording: recording)
    }

    /// By an authority of its own. Revocation is asked for, and leads to where nothing may go.
    private func makeCertificate(in space: Workspace) async throws {
      let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
      let (authority, file) = (["-CA", space.file("ca.pem"), "-CAkey", space.file("ca.key")], space.file)
      try space.write(
        "extensions",
        """
        subjectAltName = DNS:allowed.test
        authorityInfoAccess = OCSP;URI:http://10.51.0.1:8080/
        crlDistributionPoints = URI:http://169.254.169.254:8080/1.crl

        """)
      try await run(
        ["openssl", "req", "-x509", "-days", "90", "-subj", "/CN=City authority", "-keyout", file("ca.key")]
          + ["-out", file("ca.pem")] + key)
      try await run(
        ["openssl", "req", "-subj", "/CN=allowed.test", "-keyout", file("city.key"), "-out", file("request")] + key)
      try await run(
        ["openssl", "x509", "-req", "-in", file("request"), "-CAcreateserial", "-days", "60"] + authority
          + ["-extfile", file("extensions"), "-out", file("leaf.pem")])
      try space.write("city.pem", space.text("leaf.pem") + space.text("ca.pem"))
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

    /// The reason why a check of a site was not determined.
    private func why(_ watch: RunningWatch, _ site: String, _ check: String) async throws -> String? {
      let entries = try await watch.objects("sites", "show", site).first?["coverage"] as? [[String: Any]] ?? []
      return entries.first { $0["check"] as? String == check }?["reason"] as? String
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
      let scene = try await scene()
      let watch = scene.watch
      _ = try await watch.ask(["scans", "start", "--all"])
      try await require("every engine looked at every site, or was refused", within: 240) { try await isDone(watch) }
      let rebinding = try await ledger(watch, "rebinding").values.map(\.why)
      let moved = try await ledger(watch, "moved")
      let refused = try await ledger(watch, "refused")
      let expired = try await ledger(watch, "expired")
      let revocation = try await why(watch, "allowed", "certificate.revoked")
      _ = try await watch.stop()
      let (packets, dropped) = try await scene.recording.end()
      try judge(packets, dropped, scene.servers.lines.map(\.text))
      #expect(expired.values.allSatisfy { $0.status == "notAuthorised" })
      for (engine, entry) in refused where engine != "dns" {
        #expect(entry.why.contains("refused target: 10.51.0.1 is private"), "\(engine): \(entry.why)")
      }
      for (engine, entry) in moved where engine != "dns" {
        #expect(entry.why.contains("10.50.0.4 is outside the authorised networks"), "\(engine): \(entry.why)")
      }
      #expect(revocation?.contains("refused target: 10.51.0.1 is private") == true, "\(revocation ?? "")")
      #expect(revocation?.contains("refused target: 169.254.169.254 is metadata") == true, "\(revocation ?? "")")
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
