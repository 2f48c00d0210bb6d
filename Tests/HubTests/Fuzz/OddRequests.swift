/// Requests that are odd as HTTP, made of one that is right.
struct OddRequests {
  var method: String
  var path: String
  var body: [UInt8]

  private static let methods = [
    "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "GET", "POST", "get", "PROPFIND", "M-SEARCH", "",
    "G\u{0}T", "POST POST", String(repeating: "A", count: 70_000),
  ]
  private static let paths = [
    "/", "//", "/v1", "/v1/", "/v1//queue", "/v1/queue/", "/v1/queue/%00", "/v1/queue/%2e%2e", "/v1/queue/../sites",
    "/v1/queue/%", "/v1/queue/%zz", "/v1/queue/%ff%fe", "/v1/queue/-1", "/v1/queue/9223372036854775808",
    "/v1/queue/١", "/v1/sites/%F0%9F%98%80", "/V1/QUEUE", "/v2/queue", "*", "http://other/v1/health", "other:443", "",
    "/v1/queue?", "/v1/queue?&&&", "/v1/queue?=", "/v1/queue?limit=1&limit=2", "/v1/queue?limit=%31",
    "/v1/queue?limit=99999999999999999999", "/v1/queue?offset=9223372036854775807", "/v1/queue?after=AAAA",
    "/v1/queue?filter=%00", "/v1/queue?filter=%C0%80", "/v1/queue?filter=((((", "/v1/queue#x", "/v1/queue;x=1",
    "/etc/passwd", "/..", "/v1/report?scope=site/%2e%2e&format=html", "/v1/findings/diff?since=9999-12-31T00:00:00Z",
    "/v1/situation/sites/%2F", "/v1/duty/rosters?weeks=27", "/v1/outbox?before=-1", "/v1/audit/verify?after=-1",
  ]
  private static let lengths = [
    "-1", "0", "1", "+5", " 5", "5 ", "5,5", "0x5", "5.0", "", "a", "4294967296", "9223372036854775808",
    "18446744073709551615", "18446744073709551616", "99999999999999999999999",
  ]
  private static let lines = [
    "Content-Type: text/plain", "Content-Type: application/x-www-form-urlencoded", "Content-Type: multipart/form-data",
    "Content-Type:", "Content-Encoding: gzip", "Expect: 100-continue", "Expect: x",
    "Upgrade: h2c\r\nConnection: Upgrade",
    "Upgrade: websocket\r\nConnection: Upgrade", "Connection: close", "Connection: keep-alive, x", "Host: other",
    "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: identity", "TE: trailers",
    "X: \u{0}", "X: \u{1}\u{7f}", "X:\r\n y", ": x", "X y: z", "X", "X: é网", "Cookie: a=b; a=b", "Authorization:",
    "Authorization: Basic Og==", "Authorization: Bearer", "Authorization: Bearer x\r\nAuthorization: Bearer y",
    "Authorization: bearer vigil_00000000_\u{0}", "Accept: text/event-stream", "Last-Event-ID: a9.r9",
    "Range: bytes=0-0", "If-None-Match: *", "X-Forwarded-For: 127.0.0.1", "X-HTTP-Method-Override: DELETE",
  ]

  func made(_ dice: inout FuzzDice) -> [UInt8] {
    switch dice.below(10) {
    case 0: request(method: OddRequests.methods[dice.below(OddRequests.methods.count)])
    case 1:
      request(method: dice.isOne(in: 3) ? method : "GET", path: OddRequests.paths[dice.below(OddRequests.paths.count)])
    case 2: length(&dice)
    case 3, 4: chunked(&dice)
    case 5: request(lines: (0...dice.size(3)).map { _ in OddRequests.lines[dice.below(OddRequests.lines.count)] })
    case 6: large(&dice)
    case 7: ByteMutations.mutated(request(), with: Array("GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n".utf8), &dice)
    case 8: (0...dice.size(5)).flatMap { _ in request() }
    default: first(&dice)
    }
  }

  func request(
    method: String? = nil, path: String? = nil, version: String = "HTTP/1.1", lines: [String] = [],
    length: String? = nil
  ) -> [UInt8] {
    var head = "\(method ?? self.method) \(path ?? self.path) \(version)\r\nHost: vigil\r\n"
    head += lines.map { $0 + "\r\n" }.joined()
    head += "Content-Length: \(length ?? "\(body.count)")\r\n\r\n"
    return Array(head.utf8) + body
  }

  private func length(_ dice: inout FuzzDice) -> [UInt8] {
    switch dice.below(4) {
    case 0: request(length: "\(body.count + 1 + dice.below(100))")
    case 1: request(length: "\(dice.below(body.count + 1))")
    case 2: request(lines: ["Content-Length: \(dice.below(100))"])
    default: request(length: OddRequests.lengths[dice.below(OddRequests.lengths.count)])
    }
  }

  /// The body in chunks, right or not quite.
  private func chunked(_ dice: inout FuzzDice) -> [UInt8] {
    var bytes = Array("\(method) \(path) HTTP/1.1\r\nHost: vigil\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
    var rest = body[...]
    while !rest.isEmpty {
      let part = rest.prefix(1 + dice.size(4096))
      rest = rest.dropFirst(part.count)
      let size = String(part.count, radix: 16)
      let sizes = [size, size, size, size, "0" + size, size + ";x=\"y\"", size.uppercased()]
      let wrong = ["-1", "", "g", "ffffffffffffffff", "10000000000000000", size + " ", "0x" + size]
      bytes += Array((dice.isOne(in: 8) ? wrong[dice.below(wrong.count)] : sizes[dice.below(sizes.count)]).utf8)
      bytes += [13, 10] + part + (dice.isOne(in: 30) ? [10] : [13, 10])
    }
    let ends = ["0\r\n\r\n", "0\r\n\r\n", "0\r\nX: y\r\n\r\n", "0\r\nContent-Length: 5\r\n\r\n", "0\r\n", ""]
    return bytes + Array(ends[dice.below(ends.count)].utf8)
  }

  private func large(_ dice: inout FuzzDice) -> [UInt8] {
    switch dice.below(4) {
    case 0: request(lines: ["X: " + String(repeating: "a", count: 1 << dice.below(18))])
    case 1: request(lines: Array(repeating: "X: y", count: 1 << dice.below(13)))
    case 2: request(path: path + "/" + String(repeating: "a", count: 1 << dice.below(18)))
    default: request(path: path + "?" + String(repeating: "a=b&", count: 1 << dice.below(15)))
    }
  }

  private func first(_ dice: inout FuzzDice) -> [UInt8] {
    switch dice.below(6) {
    case 0: request(version: ["HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.9", "HTTP/", "", "http/1.1"][dice.below(7)])
    case 1: Array("\r\n\r\n".utf8) + request()
    case 2: Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    case 3: [22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3] + (0..<200).map { _ in UInt8(dice.below(256)) }
    case 4: (0...dice.below(4096)).map { _ in UInt8(dice.below(256)) }
    default: Array(request().prefix(dice.below(200)))
    }
  }
}
