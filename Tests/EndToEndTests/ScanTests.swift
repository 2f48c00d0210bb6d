import Foundation
import Testing

extension EndToEnd {
  @Suite(.serialized, .enabled(if: Network.works, Comment(rawValue: Network.reason)), .timeLimit(.minutes(4)))
  struct ScanTests {
    private static let inventory = """
      scan: {allow: [10.50.0.0/24], connectsPerSecond: 100, requestsPerSecond: 100,
             engines: [availability, tls, certificate, http, ports, content]}
      sites:
        - {url: "http://10.50.0.1:8080", id: allowed}
        - {url: "http://10.50.0.1:8081", id: stalling}
        - {url: "http://10.50.0.2:8080", id: expired}
        - {url: "http://10.50.0.3:8080", id: missing}
        - {url: "http://moved.test:8080", id: moved}
      authorisations:
        - {id: a1, granted_by: the test, document: d1, hosts: ["10.50.0.1"], networks: [10.50.0.1/32],
           from: 2020-01-01, until: 2099-01-01, up_to: probe}
        - {id: a2, granted_by: the test, document: d2, hosts: ["10.50.0.2"], networks: [10.50.0.2/32],
           from: 2020-01-01, until: 2021-01-01, up_to: probe}
        - {id: a3, granted_by: the test, document: d3, hosts: ["moved.test"], networks: [10.50.0.1/32],
           from: 2020-01-01, until: 2099-01-01, up_to: probe}

      """

    private func watch() async throws -> (RunningWatch, SmallCity) {
      let watch = try await RunningWatch(more: Self.inventory) { network, space in
        try await network.house(
          (1...9).map { "10.50.0.\($0)" }, names: ["moved.test": "10.50.0.4", "city.test": "10.50.0.5"], in: space)
      }
      let city = try await SmallCity(watch.network, cookie: Planted.scanned, number: Planted.second)
      return (watch, city)
    }

    /// Frames of loopback by the address that they go to.
    private func destinations(_ frames: [[UInt8]]) -> [String: Int] {
      frames.reduce(into: [:]) { counts, frame in
        guard frame.count >= 34, frame[12] == 8, frame[13] == 0 else { return }
        counts[frame[30..<34].map(String.init).joined(separator: "."), default: 0] += 1
      }
    }

    @Test("a round over the inventory sends no packet where the authorisation is expired, missing or for elsewhere")
    func authorisations() async throws {
      let (watch, city) = try await watch()
      let wire = try await watch.network.link("lo")
      _ = try await watch.ask(["scans", "start", "--all"])
      var frames: [[UInt8]] = []
      try await require("the allowed site was tested and the others were refused", within: 120) {
        frames += wire.received()
        let sites = try await watch.objects("sites", "list")
        let tested = sites.filter { $0["lastTested"] != nil }.compactMap {
          ($0["site"] as? [String: Any])?["id"] as? String
        }
        var refused = 0
        for site in ["expired", "missing", "moved"] {
          let entries = try await watch.objects("sites", "show", site).first?["coverage"] as? [[String: Any]] ?? []
          if !entries.isEmpty, entries.allSatisfy({ $0["status"] as? String == "notAuthorised" }) { refused += 1 }
        }
        return tested.contains("allowed") && refused == 3
      }
      let scanner = try #require(watch.pid(of: "scanner"))
      let status = try String(contentsOfFile: "/proc/\(scanner)/status", encoding: .utf8)
      #expect(status.contains("Uid:\t65534\t65534\t65534\t65534"), "the scanner still is root")
      frames += wire.received()
      let counts = destinations(frames)
      print("figure: packets on the wire in a round of scans, by destination: \(counts.sorted { $0.key < $1.key })")
      #expect(counts["10.50.0.1", default: 0] > 0)
      for address in ["10.50.0.2", "10.50.0.3", "10.50.0.4"] { #expect(counts[address] == nil, "\(address)") }
      _ = try await watch.stop()
      withExtendedLifetime(city) {}
    }

    @Test("scans stop ends every connection within two seconds and holds across a restart")
    func stop() async throws {
      let (watch, city) = try await watch()
      let network = watch.network
      _ = try await watch.ask(["scans", "start", "--all"])
      try await require("a connection to the stalling site", within: 150) { network.connections(to: 8081) > 0 }
      let asked = Moment.now
      #expect(try await watch.ask(["scans", "stop", "--all"]).status == 0)
      let ended = await eventually(within: 10) { network.connections(to: 8081) == 0 }
      let seconds = Moment.now - asked
      print("figure: all connections ended \(Int(seconds * 1000)) ms after vigil scans stop --all was typed")
      #expect(ended && seconds < 2)
      try await watch.restart()
      let wire = try await network.link("lo")
      try await require("the scanner is back", within: 15) { watch.up.output.contains("scanner ready") }
      _ = try await watch.ask(["scans", "start", "--all"])
      let scanned = await eventually(within: 3) { destinations(wire.received())["10.50.0.1"] != nil }
      #expect(!scanned, "a stop in force was not obeyed after a restart")
      #expect(try await watch.ask(["scans"]).output.contains("stopped: all sites"))
      #expect(try await watch.ask(["scans", "resume", "--all"]).status == 0)
      _ = try await watch.ask(["scans", "start", "--all"])
      try await require("scans go on", within: 30) { destinations(wire.received())["10.50.0.1"] != nil }
      _ = try await watch.stop()
      withExtendedLifetime(city) {}
    }

    @Test("vigil scan: loopback is free, all else needs a word that the audit keeps; odd sites are told as they are")
    func direct() async throws {
      let (watch, city) = try await watch()
      let refused = try await watch.ask(["scan", "http://10.50.0.9:8080", "--class", "observe", "--engines", "http"])
      #expect(refused.status == 2)
      #expect(refused.complaint.contains("no valid authorisation of the inventory covers this target"))
      let word = "letter 42 of the city office"
      let permitted = try await watch.ask([
        "scan", "http://10.50.0.9:8080", "--class", "observe", "--engines", "http", "--authorised-by", word,
      ])
      #expect(permitted.status == 0, "\(permitted.complaint)")
      #expect(permitted.output.contains("10.50.0.9"))
      let audit = try await run([
        "python3", "-c",
        """
        import socket, sys
        s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
        s.sendall(b'GET /v1/audit HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n')
        while True:
            b = s.recv(65536)
            if not b: break
            sys.stdout.write(b.decode())
        """, watch.space.file("data/run/api.sock"),
      ])
      #expect(audit.contains(word), "\(audit)")
      let web = "http://127.0.0.1:8080"
      #expect(try await watch.ask(["scan", web, "--lab", "--engines", "http", "--fail-on", "info"]).status == 1)
      #expect(try await watch.ask(["scan", web, "--lab", "--engines", "http", "--fail-on", "critical"]).status == 0)
      for (port, name) in [(1, "closed"), (8082, "garbage")] {
        let answer = try await watch.ask(["scan", "--lab", "http://127.0.0.1:\(port)", "https://127.0.0.1:\(port)"])
        #expect(answer.status == 0, "\(name): \(answer.complaint)")
        #expect(!answer.output.isEmpty, "\(name)")
        print("figure: a \(name) port is told as: \(answer.output.split(separator: "\n").first ?? "")")
      }
      let engine = try await watch.ask(["scan", web, "--engines", "htp"])
      #expect(engine.status == 2)
      #expect(engine.complaint.contains("did you mean http?"))
      _ = try await watch.stop()
      withExtendedLifetime(city) {}
    }

    @Test("planted passwords, cookies and identity numbers are nowhere in clear in what Vigil keeps")
    func secrets() async throws {
      let (watch, city) = try await watch()
      let tail = try watch.tail()
      let head =
        "Authorization: Basic \(Planted.basic)\r\nCookie: SESSIONID=\(Planted.cookie); lang=zh\r\n"
        + "Referer: http://city.test/a?token=\(Planted.parameter)\r\n"
      let form = "user=admin&password=\(Planted.form)&idcard=\(Planted.identity)&passwd=\(Planted.password)"
      let answer = "<p>uid=0(root) gid=0(root)</p> \(Planted.identity) and \(Planted.second)"
      let answerHead = "Set-Cookie: JSESSIONID=\(Planted.answerCookie); Path=/\r\n"
      let paths = [
        nil, "/attack-000002?password=\(Planted.parameter)",
        "/attack-000003/login?pwd=\(Planted.parameter)&id_card=\(Planted.identity)",
        "/attack-000004/\(Planted.second)?x=union+select&access_token=\(Planted.parameter)",
      ]
      for (index, path) in paths.enumerated() {
        let frames = Attack.frames(
          index + 1, path: path, extra: head, body: index == 3 ? "" : form, answer: answer, answerHead: answerHead)
        for frame in frames { try watch.link.send(frame) }
      }
      try await require("the alerts", within: 15) { tail.times.count == paths.count }
      _ = try await watch.ask(["scans", "start", "--all"])
      try await require("a scanned site", within: 60) {
        try await watch.objects("sites", "list").contains {
          $0["lastTested"] != nil && ($0["site"] as? [String: Any])?["id"] as? String == "allowed"
        }
      }
      let shown = try await watch.ask(["alerts", "list", "--json"]).output
      #expect(try await watch.stop() == 0)
      let files = watch.space.files(below: "data")
      #expect(files.contains { $0.path.hasSuffix("eve.json") } && files.contains { $0.path.hasSuffix("vigil.sqlite") })
      var searched = 0
      for file in files {
        searched += file.bytes.count
        #expect(Planted.found(in: file.bytes) == [], "\(file.path)")
      }
      for (name, text) in [
        ("tail", tail.child.output), ("alerts list", shown), ("up", watch.up.output + watch.up.complaint),
      ] {
        #expect(Planted.found(in: Data(text.utf8)) == [], "\(name)")
      }
      print("figure: \(Planted.all.count) planted secrets searched in \(files.count) files, \(searched) bytes")
      withExtendedLifetime(city) {}
    }

    @Test("the same search finds them where the operator switched raw evidence on")
    func secretsInTheRaw() async throws {
      let watch = try await RunningWatch(sensor: ", rawEvidence: yes")
      let tail = try watch.tail()
      for frame in Attack.frames(1, path: "/attack-000001?password=\(Planted.parameter)") { try watch.link.send(frame) }
      try await require("the alert", within: 15) { tail.times.count == 1 }
      #expect(try await watch.stop() == 0)
      let found = watch.space.files(below: "data").flatMap { Planted.found(in: $0.bytes) }
      #expect(found.contains(Planted.parameter))
    }
  }
}
