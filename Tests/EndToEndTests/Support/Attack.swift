import Foundation
import TestSupport
import Wire

/// Requests that each make one alert and can be told apart.
enum Attack {
  static let rule =
    "alert http any any -> any any (msg:\"E2E attack\"; flow:established,to_server; "
    + "http.uri; content:\"/attack-\"; classtype:web-application-attack; sid:7700001; rev:1;)\n"

  /// The frames of one whole conversation; `extra` goes into the request's head, `body` behind it.
  static func frames(
    _ number: Int, path: String? = nil, extra: String = "", body: String = "", answer: String = "ok",
    answerHead: String = ""
  ) -> [[UInt8]] {
    let address = IPAddress("198.18.\(number / 250 % 250).\(number % 250 + 1)")
    guard let address else { return [] }
    var talk = ConversationBuilder(
      from: PacketEnd(address, UInt16(20000 + number % 40000)), to: PacketEnd("10.99.0.1", 80))
    talk.handshake()
    let method = body.isEmpty ? "GET" : "POST"
    let length =
      body.isEmpty
      ? "" : "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.utf8.count)\r\n"
    talk.client("\(method) \(path ?? name(number)) HTTP/1.1\r\nHost: city.test\r\n\(extra)\(length)\r\n\(body)")
    talk.server("HTTP/1.1 200 OK\r\n\(answerHead)Content-Length: \(answer.utf8.count)\r\n\r\n\(answer)")
    talk.close()
    return talk.packets.map(\.bytes)
  }

  static func name(_ number: Int) -> String { "/attack-" + String(format: "%06d", number) }

  /// Which attack a line of `vigil tail --json` or of EVE is about; nil for any other line.
  static func number(in line: String) -> Int? {
    guard let item = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
      let alert = item["alert"],
      let bytes = try? JSONSerialization.data(withJSONObject: item["event_type"] == nil ? alert : item)
    else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.contains("E2E attack"), let place = text.range(of: "attack-") else { return nil }
    return Int(text[place.upperBound...].prefix(6))
  }
}

/// Delays and the like, to be printed.
struct Figures {
  private let sorted: [Double]
  init(_ values: [Double]) { sorted = values.sorted() }
  func share(_ part: Double) -> Double {
    sorted.isEmpty ? .nan : sorted[min(Int(Double(sorted.count) * part), sorted.count - 1)]
  }
  var most: Double { sorted.last ?? .nan }
  var milliseconds: String {
    func text(_ seconds: Double) -> String { String(format: "%.0f", seconds * 1000) }
    return "p50 \(text(share(0.5))) ms, p99 \(text(share(0.99))) ms, most \(text(most)) ms"
  }
}
