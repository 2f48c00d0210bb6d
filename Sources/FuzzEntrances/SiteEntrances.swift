internal import Engines
internal import Records
internal import Wire

/// The rest of what a scanned site, its authority and its name servers say, and of what an engine kept of it.
enum SiteEntrances {
  private static let now = Timestamp(seconds: 1_795_000_000)
  private static let here = Target(scheme: "https", host: "site.test", port: 443, path: "/a/b.html?c")

  /// Runs of bytes, each behind its length in two bytes.
  private static func runs(_ input: inout FuzzInput) -> [[UInt8]] {
    var runs: [[UInt8]] = []
    while !input.isAtEnd, runs.count < 64 { runs.append(input.take(Int(input.word()))) }
    return runs
  }

  static func handshake(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    switch input.byte() % 3 {
    case 0:
      let text = EngineReading.fingerprint(flights: runs(&input))
      precondition(text.utf8.count <= 62, "a fingerprint is no longer than JARM's")
    case 1:
      let pieces = runs(&input)
      let whole = EngineReading.reaction([pieces.flatMap(\.self)])
      precondition(whole == EngineReading.reaction(pieces), "a reaction does not depend on how the stream is cut")
    default: _ = EngineReading.encrypted(for: input.rest())
    }
  }

  /// An OCSP response, a list, the certificate, its issuer, and the text of a place.
  static func revocation(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let runs = runs(&input)
    guard runs.count >= 5 else { return }
    _ = EngineReading.revocation(response: runs[0], list: runs[1], leaf: runs[2], issuer: runs[3], now: now)
    guard let place = EngineReading.place(runs[4].text) else { return }
    precondition(place.port > 0 && place.path.hasPrefix("/") && isPlain(place.path), "a place is one request line")
    precondition(place.host.utf8.allSatisfy { isPlain($0) && $0 != UInt8(ascii: "@") }, "a host is a name")
  }

  static func links(_ bytes: [UInt8]) {
    let text = bytes.text
    if let next = EngineReading.redirect(text, from: here) {
      precondition(next.host == here.host && next.address == here.address, "a redirect stays on the host")
      precondition(next.path.hasPrefix("/") && isPlain(next.path), "a path is one word: \(next.path)")
    }
    if let next = EngineReading.link(text, on: here) {
      precondition(next.path.hasPrefix("/") && isPlain(next.path), "a path is one word: \(next.path)")
      precondition(["http", "https"].contains(next.scheme), "only the web is asked")
    }
  }

  static func records(_ bytes: [UInt8]) {
    guard let lines = EngineReading.records(bytes) else { return }
    precondition(lines.count <= 8 * bytes.count, "records have their bytes")
  }

  private static let engines = ["availability", "dns", "ports", "certificate", "content"]

  /// What comes back of a memory is what went in, as far as it is one at all.
  static func memory(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let engine = engines[Int(input.byte()) % engines.count]
    guard let once = EngineReading.memory(engine, input.rest().text, now: now) else { return }
    guard engine != "availability" else { return }
    precondition(EngineReading.memory(engine, once, now: now) == once, "a memory comes back as it went: \(once)")
  }

  private static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy(isPlain) }
  private static func isPlain(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7f }
}
