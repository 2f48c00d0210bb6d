import Testing

@testable import DemoCity

@Suite("Requests to the planned city")
struct PlannedRequestTests {
  private let whole = Array(
    "GET /a/b?c HTTP/1.1\r\nHost: Site.Test:9443\r\nOrigin: null\r\nConnection: Close\r\n\r\n".utf8)

  @Test("a head is read as far as the city listens to it")
  func read() throws {
    let request = try #require(PlannedRequest(whole))
    #expect(request.method == "GET" && request.path == "/a/b")
    #expect(request.host == "site.test" && request.origin == "null" && request.closes)
  }

  @Test("a head ends at its empty line, and what is cut before has no end")
  func end() {
    for count in 0..<whole.count { #expect(PlannedRequest.end(of: Array(whole.prefix(count))) == nil) }
    #expect(PlannedRequest.end(of: whole + whole) == whole.count)
  }

  @Test("whatever bytes stand in place of a head, it is a request or none")
  func anything() {
    var random = CityRandom(seed: drawnSeed)
    for _ in 0..<2000 {
      var bytes = Array(whole.prefix(random.below(whole.count + 1)))
      for _ in 0..<random.below(6) where !bytes.isEmpty {
        bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
      }
      if let request = PlannedRequest(bytes) { #expect(request.head == bytes, "seed \(drawnSeed)") }
    }
    #expect(PlannedRequest([]) == nil)
    #expect(PlannedRequest(Array("GET / SIP/2.0\r\n\r\n".utf8)) == nil)
  }
}
