import Records
import Sensor
import TestSupport
import Testing

@Suite("What a live sensor writes holds no secret")
struct RecordMaskingTests {
  /// Planted in traffic; none of them may be found in any record.
  private static let secrets = [
    "hunter2-password", "c2Vzc2lvbi1jb29raWU", "YWRtaW46bGV0bWVpbg", "11010519491231002X", "13800138000",
    "4111111111111111", "tok-9f8e7d6c5b4a",
  ]

  private func packets() -> [CapturedPacket] {
    var talk = ConversationBuilder()
    talk.handshake()
    talk.client(
      MessageBuilder.httpRequest(
        "POST", "/login?password=hunter2-password&token=tok-9f8e7d6c5b4a",
        headers: [
          "Cookie: session=c2Vzc2lvbi1jb29raWU", "Authorization: Basic YWRtaW46bGV0bWVpbg==",
          "Referer: http://portal.example.test/?id=11010519491231002X",
        ], body: "password=hunter2-password&mobile=13800138000&card=4111111111111111"))
    talk.server(
      MessageBuilder.httpResponse(
        headers: ["Set-Cookie: session=c2Vzc2lvbi1jb29raWU"], body: Array("11010519491231002X".utf8)))
    talk.close()
    return talk.packets
  }

  private func lines(masked: Bool) throws -> [String] {
    var tap = Tap {
      $0.eve.alert.payload = true
      $0.eve.alert.payloadPrintable = true
      $0.eve.alert.packet = true
      $0.eve.alert.httpBody = true
      $0.eve.alert.httpBodyPrintable = true
      $0.eve.http.dumpAllHeaders = (true, true)
      $0.eve.anomaly.packetHeader = true
    }
    tap.rules = try Tap.compile(
      #"alert http any any -> any any (msg:"login"; flow:to_server; http.uri; content:"/login"; sid:1;)"#)
    if masked { tap.masking = Masking(key: Array("sixteen bytes or more".utf8)) }
    return try tap.lines(packets())
  }

  @Test("not in clear, and not behind Base64", arguments: secrets)
  func masked(secret: String) throws {
    let plain = try lines(masked: false)
    let text = try lines(masked: true).joined(separator: "\n")
    #expect(plain.contains { $0.contains(secret) }, "the secret is in the traffic, or the test shows nothing")
    #expect(!text.contains(secret))
    for shift in 0..<3 { #expect(!text.contains(Self.core(of: secret, shift))) }
  }

  @Test("the records are all there, and say that something was masked")
  func kept() throws {
    let (plain, masked) = (try lines(masked: false), try lines(masked: true))
    #expect(plain.count == masked.count)
    #expect(masked.contains { $0.contains("\"event_type\":\"alert\"") && $0.contains("[masked:") })
    #expect(masked.contains { $0.contains("/login") })
  }

  /// What Base64 makes of the secret's inner bytes when it begins at that place of a group of three.
  private static func core(of secret: String, _ shift: Int) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let bytes = Array(secret.utf8.dropFirst(shift))
    return stride(from: 0, to: bytes.count - 2, by: 3).map { start in
      let word = Int(bytes[start]) << 16 | Int(bytes[start + 1]) << 8 | Int(bytes[start + 2])
      return String([18, 12, 6, 0].map { alphabet[word >> $0 & 63] })
    }.joined()
  }
}
