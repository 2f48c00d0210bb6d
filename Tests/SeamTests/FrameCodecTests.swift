import Records
import Testing
import Wire

@testable import Seam

struct FrameCodecTests {
  static let now = Timestamp(seconds: 1_795_000_000)
  static let messages: [SeamMessage] = [
    .hello(.init(role: .sensor, source: "s1", boot: .max, pid: 7)),
    .welcome(.init(marks: [.init(source: "s1", boot: 1, last: 2)])),
    .refused("no"),
    .batch(
      RecordBatch(
        source: "s1", boot: 3, first: 4,
        records: [
          BatchRecord(kind: .alert, bytes: [1, 2, 3]), BatchRecord(kind: RecordKind(rawValue: 200), bytes: []),
        ])),
    .stored(.init(source: "s1", boot: 3, last: 5)),
    .sensorStatus(SensorStatus(sensor: "s1", boot: 1, time: now, started: now, interface: "eth0")),
    .scannerStatus(ScannerStatus(scanner: "c", boot: 1, time: now, started: now)),
    .leaseRequest(.init(holder: "c", capacity: 4)),
    .leaseRenew([1, 2]), .leaseRevoked([3]),
    .command(.init(id: 9, name: .reloadRules, deadline: now)),
    .reply(.init(id: 9, succeeded: true, text: "done")),
  ]

  private func bytes(_ messages: [SeamMessage]) throws -> [UInt8] {
    var output: [UInt8] = []
    for message in messages { try FrameCodec.encode(message, into: &output) }
    return output
  }

  @Test("Every message comes out as it went in, whole, byte by byte and at every split")
  func roundTrip() throws {
    let stream = try bytes(FrameCodecTests.messages)
    for cut in [1, 2, 3, 7, 64, stream.count] {
      var decoder = FrameDecoder()
      var got: [SeamMessage] = []
      for start in stride(from: 0, to: stream.count, by: cut) {
        decoder.receive(stream[start..<min(start + cut, stream.count)])
        while let message = try decoder.next() { got.append(message) }
      }
      #expect(got == FrameCodecTests.messages)
    }
  }

  @Test("Every truncation of a batch's body is refused in a sentence")
  func truncations() throws {
    let frame = try bytes([FrameCodecTests.messages[3]])
    for end in 5..<frame.count - 1 {
      var cut = Array(frame[..<end])
      cut.replaceSubrange(0..<4, with: Bytes.big(UInt32(end - 4)))
      var decoder = FrameDecoder()
      decoder.receive(cut)
      #expect(throws: SeamError.self) { try decoder.next() }
    }
  }

  @Test(
    "A frame that is too long or empty ends the connection before its bytes are kept",
    arguments: [0, UInt32(FrameCodec.limit + 1), .max])
  func impossibleLengths(length: UInt32) {
    var decoder = FrameDecoder()
    decoder.receive(Bytes.big(length) + [1])
    #expect(throws: SeamError(.frame, "a frame of \(length) bytes is not between 1 and \(FrameCodec.limit)")) {
      try decoder.next()
    }
  }

  @Test("A batch that claims a billion records is refused, not allocated")
  func impossibleCount() throws {
    let body: [UInt8] = [0] + Bytes.big(UInt64(1)) + Bytes.big(UInt64(1)) + Bytes.big(UInt32(1_000_000_000))
    var decoder = FrameDecoder()
    decoder.receive(Bytes.big(UInt32(body.count + 1)) + [4] + body)
    #expect(throws: SeamError.self) { try decoder.next() }
  }

  @Test("A message of a kind that is not known is passed over")
  func unknown() throws {
    var decoder = FrameDecoder()
    decoder.receive(Bytes.big(UInt32(3)) + [99, 1, 2])
    decoder.receive(try bytes([.refused("x")]))
    #expect(try decoder.next() == .refused("x"))
  }
}
