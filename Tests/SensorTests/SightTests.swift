import Capture
import Flow
import Records
import TestSupport
import Testing
import Wire

@testable import Sensor

@Suite("What a sensor could see of the flows that ended")
struct SightTests {
  private func bytes(_ packets: [CapturedPacket]) -> UInt64 { packets.reduce(0) { $0 + UInt64($1.bytes.count) } }

  private func seen(_ packets: [CapturedPacket]) throws -> Worker {
    let worker = try Tap().worker()
    worker.feed(packets)
    worker.finish()
    return worker
  }

  @Test("Cleartext of a known protocol is seen; TLS is encrypted")
  func encrypted() throws {
    let http = try seen(Talks.http()).trafficSight
    #expect(http.flows == 1 && http.bytes == bytes(Talks.http()))
    #expect(http.encryptedBytes == 0 && http.oneSidedBytes == 0 && http.unknownBytes == 0)
    let tls = try seen(Talks.tls()).trafficSight
    #expect(tls.encryptedBytes == bytes(Talks.tls()) && tls.bytes == tls.encryptedBytes)
  }

  @Test("A flow of which one direction was seen is one-sided; an unknown protocol is unknown; a ping is neither")
  func sides() throws {
    let all = Talks.dns()
    let half = try seen([all[0]]).trafficSight
    #expect(half.oneSidedBytes == bytes([all[0]]) && half.bytes == half.oneSidedBytes)
    var talk = ConversationBuilder(to: PacketEnd("198.51.100.20", 9000))
    talk.handshake()
    talk.client("\u{1}\u{2}\u{3} no protocol at all that anybody would know here")
    talk.server("\u{4}\u{5}\u{6} nor is this")
    talk.close()
    let unknown = try seen(talk.packets).trafficSight
    #expect(unknown.unknownBytes == bytes(talk.packets) && unknown.oneSidedBytes == 0)
    #expect(try seen(Talks.ping()).trafficSight.unknownBytes == 0)
  }

  @Test("A flow counts once, when it ends")
  func once() throws {
    let worker = try Tap().worker()
    worker.feed(Talks.http(close: false))
    #expect(worker.trafficSight.flows == 0)
    worker.finish()
    worker.finish()
    #expect(worker.trafficSight.flows == 1)
  }

  @Test("Ends are told once a minute, under the name that was asked for, else under the address; then anew")
  func ends() throws {
    let worker = try Tap().worker()
    let start = Timestamp(nanoseconds: Int64(Talks.start))
    #expect(worker.takeTrafficEnds(at: start) == nil)
    worker.feed(Talks.http() + Talks.tls() + Talks.dns())
    worker.finish()
    #expect(worker.takeTrafficEnds(at: start.advanced(seconds: 59)) == nil)
    let told = try #require(worker.takeTrafficEnds(at: start.advanced(seconds: 60)))
    #expect(told.from == start && told.restBytes == 0 && told.ends.count == 3)
    #expect(told.ends.reduce(0) { $0 + $1.bytes } == worker.trafficSight.bytes)
    #expect(told.ends.first { $0.port == 80 }?.name == "portal.example.test")
    #expect(told.ends.first { $0.port == 53 }?.name == nil)
    #expect(told.ends.first { $0.port == 53 }?.address == IPAddress("2001:db8::53"))
    let next = try #require(worker.takeTrafficEnds(at: start.advanced(seconds: 120)))
    #expect(next.ends.isEmpty && next.from == told.until)
  }

  @Test("More ends than are told singly are the rest; more than are held too; nothing is lost or counted twice")
  func rest() throws {
    let worker = try Tap().worker()
    let start = Timestamp(nanoseconds: Int64(Talks.start))
    _ = worker.takeTrafficEnds(at: start)
    let packets = (0..<SightTally.endLimit + 100).map { index in
      let payload = [UInt8](repeating: 7, count: 20 + index % 7)
      return CapturedPacket(
        PacketBuilder.udpFrame(
          from: PacketEnd("192.0.2.1", 999), to: PacketEnd("198.51.100.1", UInt16(2000 + index)), payload),
        nanoseconds: Talks.start)
    }
    worker.feed(packets)
    worker.finish()
    let told = try #require(worker.takeTrafficEnds(at: start.advanced(seconds: 60)))
    #expect(told.ends.count == TrafficEnds.told)
    #expect(told.ends.reduce(told.restBytes) { $0 + $1.bytes } == bytes(packets))
    let most = try #require(packets.map(\.bytes.count).max())
    #expect(told.ends.allSatisfy { $0.bytes == UInt64(most) })
  }
}
