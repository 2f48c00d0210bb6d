internal import Wire

/// Traffic at the city's gates: every attack of the table, scans, tunnels and forgotten protocols, and quiet visitors
/// around them. The attackers have documentation addresses (RFC 5737); the offices have 192.0.2.0/24.
package struct CityTraffic {
  /// The network of the city's offices, beside that of its sites.
  package static let offices = "192.0.2.0/24"
  /// How long one round lasts.
  static let seconds = 45.0
  /// Rules that fire on what is no single request.
  package static let furtherRules = [
    9_000_228, 9_000_242, 9_000_300, 9_000_301, 9_000_302, 9_000_303, 9_000_310, 9_000_311, 9_000_312, 9_000_313,
    9_000_320, 9_000_321, 9_000_322, 9_000_323, 9_000_324,
  ]

  private var recording = TrafficRecording()
  private let sites = CityTable.sites.filter { $0.scheme == .https && !$0.hasMoved }
  private let expired: [[UInt8]]

  private init(expired: [[UInt8]]) { self.expired = expired }

  /// One round as pcap, from a moment in seconds since 1970.
  package static func capture(from start: Int) throws(DemoError) -> [UInt8] {
    var request = Identity.Request(name: "old.gov.\(CityTable.domain)", names: ["old.gov.\(CityTable.domain)"])
    (request.from, request.until) = (-400 * 86_400, -35 * 86_400)
    var traffic = CityTraffic(expired: [try Identity(request).der])
    traffic.visits()
    traffic.attacks()
    traffic.guessing()
    traffic.scans()
    traffic.handshakes()
    traffic.lookups()
    return traffic.recording.pcap(from: start)
  }

  // MARK: who

  private func address(_ network: UInt32, _ number: Int) -> IPAddress {
    IPAddress(v4: network | UInt32(truncatingIfNeeded: number & 0xff))
  }
  private func attacker(_ number: Int) -> IPAddress {
    address(number % 2 == 0 ? 0xcb00_7100 : 0xc633_6400, 60 + number)
  }
  private func office(_ number: Int) -> IPAddress { address(0xc000_0200, 10 + number) }
  private func site(_ number: Int) -> CitySite { sites[number % sites.count] }
  private func end(_ site: CitySite, _ port: UInt16) -> TrafficEnd {
    TrafficEnd(IPAddress(site.address) ?? IPAddress(v4: 0x7f08_0101), port)
  }

  private mutating func web(
    _ client: IPAddress, _ site: CitySite, at seconds: Double, _ request: [UInt8], _ response: [UInt8]
  ) {
    recording.connection(
      from: recording.end(of: client), to: end(site, 80), at: seconds, [(true, request), (false, response)])
  }

  // MARK: what

  private mutating func visits() {
    let pages = ["/", "/index.html", "/news/", "/about", "/img/logo.png", "/contact"]
    for number in 0..<140 {
      let site = site(number * 7)
      let request =
        "GET \(pages[number % pages.count]) HTTP/1.1\r\nHost: \(site.host)\r\n"
        + "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/128.0\r\nAccept: text/html\r\n\r\n"
      let page = "<html><body><h1>\(site.host)</h1><p>" + String(repeating: "曙光市 ", count: 40 + number) + "</p></html>"
      web(
        office(number % 40), site, at: 0.1 + Double(number) * 0.31, Array(request.utf8), WebText.response(200, page))
    }
  }

  private mutating func attacks() {
    for (number, attack) in WebAttack.all.enumerated() {
      let site = site(number * 5)
      web(
        attacker(number % 9), site, at: 1 + Double(number) * 0.9, attack.request(to: site.host), attack.response)
    }
  }

  /// Pages that are not there and logins that are refused, more than a person would try.
  private mutating func guessing() {
    let (folders, logins) = (site(1), site(9))
    for number in 0..<60 {
      let request = "GET /backup\(number)/ HTTP/1.1\r\nHost: \(folders.host)\r\nUser-Agent: Mozilla/5.0\r\n\r\n"
      web(attacker(20), folders, at: 4 + Double(number) * 0.2, Array(request.utf8), WebText.response(404, "no\n"))
    }
    for number in 0..<26 {
      let request = "GET /admin?try=\(number) HTTP/1.1\r\nHost: \(logins.host)\r\nUser-Agent: Mozilla/5.0\r\n\r\n"
      web(attacker(21), logins, at: 8 + Double(number) * 0.3, Array(request.utf8), WebText.response(401, "no\n"))
    }
  }

  private mutating func scans() {
    let scanner = attacker(23)
    for number in 0..<230 {
      let target = end(site(number), UInt16(1 + number * 37))
      let probe = PacketWriter.Segment(sequence: UInt32(number), flags: PacketWriter.syn)
      recording.add(
        PacketWriter.tcp(probe, from: TrafficEnd(scanner, 40_000), to: target), at: 12 + Double(number) * 0.015)
    }
    for number in 0..<60 {
      let (from, to) = (TrafficEnd(attacker(24)), end(site(number), 0))
      let moment = 16 + Double(number) * 0.06
      recording.add(PacketWriter.echo(UInt16(number), isReply: false, from: from, to: to), at: moment)
      recording.add(PacketWriter.echo(UInt16(number), isReply: true, from: to, to: from), at: moment + 0.001)
    }
    let odd: [(flags: UInt8, port: UInt16)] = [
      (0, 80), (PacketWriter.fin | PacketWriter.psh | PacketWriter.urg, 80), (PacketWriter.syn, 23),
    ]
    for (number, kind) in odd.enumerated() {
      recording.add(
        PacketWriter.tcp(
          PacketWriter.Segment(sequence: 7, flags: kind.flags), from: TrafficEnd(attacker(25 + number), 41_000),
          to: end(site(3), kind.port)), at: 2.2 + Double(number))
    }
  }

  private mutating func handshakes() {
    let old: [(version: UInt16, certificates: [[UInt8]])] = [
      (TLSTraffic.ssl3, []), (TLSTraffic.tls10, []), (TLSTraffic.tls11, []), (TLSTraffic.tls12, expired),
    ]
    for (number, hello) in old.enumerated() {
      handshake(attacker(30 + number), site(5), hello.version, hello.certificates, number, at: 3.1 + Double(number) * 2)
    }
    for number in 0..<40 {
      let version = number % 5 == 0 ? TLSTraffic.tls12 : TLSTraffic.tls13
      handshake(office(number), site(number * 3), version, [], 10 + number, at: 0.4 + Double(number) * 1.1)
    }
  }

  private mutating func handshake(
    _ client: IPAddress, _ site: CitySite, _ version: UInt16, _ certificates: [[UInt8]], _ seed: Int, at: Double
  ) {
    let turns = TLSTraffic.turns(
      name: site.host, version: version, certificates: certificates, seed: UInt8(truncatingIfNeeded: seed))
    recording.connection(from: recording.end(of: client), to: end(site, 443), at: at, turns)
  }

  private mutating func lookups() {
    let hex = TLSTraffic.noise(24, 9).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    for number in 0..<14 {
      let labels = (0..<3).map { "\(number)x\($0)" + String(hex.prefix(40)) }.joined(separator: ".")
      lookup(office(50), labels + ".data.example", at: 6 + Double(number) * 0.4, isKnown: false)
      lookup(
        office(51), String(hex.dropFirst(2)) + ".\(number).t.example", at: 9 + Double(number) * 0.4, isKnown: false)
    }
    lookup(office(52), "demonstrationservice2222.onion", at: 7, isKnown: false)
    lookup(office(53), "a1b2c3.dnslog.cn", at: 11, isKnown: true)
    for number in 0..<60 {
      lookup(office(number % 40), site(number).host, at: 0.2 + Double(number) * 0.7, isKnown: true)
    }
  }

  private mutating func lookup(_ client: IPAddress, _ name: String, at seconds: Double, isKnown: Bool) {
    let id = UInt16(truncatingIfNeeded: Int(seconds * 1000) &* 31)
    guard let question = DNSQueryWriter.query(name: name, type: .a, id: id, payloadSize: nil) else { return }
    var answer = question
    answer[2] = 0x81
    answer[3] = isKnown ? 0x80 : 0x83
    if isKnown {
      answer[7] = 1
      answer += [0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 127, 8, 1, 1]
    }
    let resolver = TrafficEnd(address(0xc633_6400, 53), 53)
    recording.datagrams(from: recording.end(of: client), to: resolver, at: seconds, question, answer)
  }
}
