import Testing

@testable import AppLayer

@Suite struct RegistryTests {
  @Test("each buffer has its line, in order, under one name")
  func lines() {
    #expect(AppBuffer.registry.map(\.buffer) == AppBuffer.allCases)
    let words = AppBuffer.registry.flatMap { [$0.name] + $0.aliases }
    #expect(Set(words).count == words.count)
    #expect(AppBuffer(name: "http_uri") == .httpURI)
    #expect(AppBuffer(name: "tls.nothing") == nil)
  }
  @Test(
    "event names are those of the rules",
    arguments: [
      (AppEvent.http100ContinueAlreadySeen, "http.100_continue_already_seen", "100_CONTINUE_ALREADY_SEEN"),
      (.httpRequestHeaderInvalid, "http.request_header_invalid", "REQUEST_HEADER_INVALID"),
      (.tlsInvalidSslv2Header, "tls.invalid_sslv2_header", "INVALID_SSLV2_HEADER"),
      (.dnsZFlagSet, "dns.z_flag_set", "z_flag_set"),
      (
        .applayerMismatchProtocolBothDirections, "applayer_mismatch_protocol_both_directions",
        "APPLAYER_MISMATCH_PROTOCOL_BOTH_DIRECTIONS"
      ),
    ])
  func names(event: AppEvent, name: String, eve: String) {
    #expect(event.name == name)
    #expect(event.eveName == eve)
    #expect(AppEvent(name: name) == event)
  }
  @Test("every event fits its set, once")
  func set() {
    var events = AppEventSet()
    for event in AppEvent.allCases {
      let first = events.insert(event)
      let second = events.insert(event)
      #expect(first && !second)
      #expect(events.contains(event))
    }
  }
}
