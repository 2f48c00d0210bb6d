import Foundation
import Testing

extension EndToEnd {
  /// A real scanner at work, and what a sensor would write of it and of somebody who shares its address.
  @Suite(.serialized, .enabled(if: Network.works, Comment(rawValue: Network.reason)), .timeLimit(.minutes(4)))
  struct OwnScanTests {
    private static let inventory = """
      scan: {allow: [10.50.0.0/24], connectsPerSecond: 100, requestsPerSecond: 100, engines: [availability, http]}
      sites:
        - {url: "http://10.50.0.1:8080", id: allowed}
      authorisations:
        - {id: a1, granted_by: the test, document: d1, hosts: ["10.50.0.1"], networks: [10.50.0.1/32],
           from: 2020-01-01, until: 2099-01-01, up_to: probe}

      """

    /// The address and port of the first opening packet to the site.
    private func opener(_ frames: [[UInt8]]) -> (address: String, port: Int)? {
      for frame in frames where frame.count >= 54 && frame[12] == 8 && frame[13] == 0 && frame[23] == 6 {
        let tcp = 14 + Int(frame[14] & 15) * 4
        guard frame.count >= tcp + 14, frame[30..<34].elementsEqual([10, 50, 0, 1]) else { continue }
        guard Int(frame[tcp + 2]) << 8 | Int(frame[tcp + 3]) == 8080, frame[tcp + 13] & 0x12 == 0x02 else { continue }
        return (frame[26..<30].map(String.init).joined(separator: "."), Int(frame[tcp]) << 8 | Int(frame[tcp + 1]))
      }
      return nil
    }

    private func line(_ address: String, _ port: Int, at time: Date) -> String {
      let form = ISO8601DateFormatter()
      return """
        {"timestamp":"\(form.string(from: time))","event_type":"alert","src_ip":"\(address)","src_port":\(port),\
        "dest_ip":"10.50.0.1","dest_port":8080,"proto":"TCP","app_proto":"http","direction":"to_server",\
        "alert":{"action":"allowed","gid":1,"signature_id":77,"rev":1,"signature":"a try","category":"x","severity":2},\
        "http":{"hostname":"10.50.0.1","url":"/a","http_method":"GET","status":200}}

        """
    }

    @Test("Our own scan is known by its five-tuple; who attacks from the same address at the same time is shown")
    func own() async throws {
      let watch = try await RunningWatch(more: Self.inventory) { network, space in
        try await network.house((1...3).map { "10.50.0.\($0)" }, names: [:], in: space)
      }
      let city = try await SmallCity(watch.network, cookie: Planted.scanned, number: Planted.second)
      let wire = try await watch.network.link("lo")
      _ = try await watch.ask(["scans", "start", "--all"])
      var seen: (address: String, port: Int)?
      try await require("the scanner's first opening packet", within: 120) {
        seen = seen ?? opener(wire.received())
        return seen != nil
      }
      let scanner = try #require(seen)
      let other = scanner.port == 65_000 ? 64_999 : 65_000
      let now = Date()
      let lines = line(scanner.address, scanner.port, at: now) + line(scanner.address, other, at: now)
      let eve = try watch.space.write("shared.json", lines)
      #expect(try await watch.ask(["ingest", "eve", eve, "--once"]).status == 0)
      func rows(_ filter: String) async throws -> [[String: Any]] {
        try await watch.objects("alerts", "list", "rule:77", filter).compactMap { $0["row"] as? [String: Any] }
      }
      try await require("both alerts stand where they belong", within: 60) {
        let (own, shown) = (try await rows("own:yes"), try await rows("place:shown"))
        return own.count == 1 && shown.count == 1
      }
      for filter in ["own:yes", "place:shown"] { #expect(try await rows(filter).map { $0["count"] as? Int } == [1]) }
      let id = try #require(try await rows("place:shown").first?["id"] as? Int)
      let shown = try await watch.ask(["alerts", "show", "\(id)"])
      #expect(shown.output.contains("\(scanner.address):\(other)") && !shown.output.contains("our own scans"))
      _ = try await watch.stop()
      withExtendedLifetime(city) {}
    }
  }
}
