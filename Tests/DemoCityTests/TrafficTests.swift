import Capture
import Decode
import Testing
import Wire

@testable import DemoCity

@Suite("The city's traffic")
struct TrafficTests {
  private struct Seen: Sendable {
    var packet: DecodedPacket
    var payload: [UInt8]
  }

  private static let seen = Result<[Seen], any Error> { try read() }
  private func capture() throws -> [Seen] { try Self.seen.get() }

  /// What clients say to web servers in clear.
  private static let requests = Result<[(packet: DecodedPacket, text: String)], any Error> {
    try seen.get().filter { $0.packet.destinationPort == 80 && !$0.payload.isEmpty }
      .map { ($0.packet, String(decoding: $0.payload, as: UTF8.self)) }
  }

  /// Every packet, decoded; the capture read through the reader of captures.
  private static func read() throws -> [Seen] {
    let parts = try RunningCity.get()
    let file = try CaptureFile(path: CityFolder(path: parts.folder.path).capture)
    var decoder = Decoder()
    var seen: [Seen] = []
    while true {
      let outcome = try file.dispatch(limit: 512) { header, bytes in
        decoder.decode(bytes, header) { packet, data in
          let end = packet.payloadOffset + packet.payloadLength
          seen.append(Seen(packet: copy packet, payload: Array(data.array()[packet.payloadOffset..<end])))
        }
      }
      guard case .packets = outcome else {
        #expect(outcome == .end)
        return seen
      }
    }
  }

  @Test("every packet decodes without an event and with right checksums, in order of time, within a round")
  func clean() throws {
    let seen = try capture()
    #expect(seen.count > 3000)
    #expect(seen.allSatisfy { $0.packet.events.isEmpty })
    #expect(seen.allSatisfy { $0.packet.ipChecksum == .valid && $0.packet.transportChecksum == .valid })
    let times = seen.map(\.packet.timestamp)
    #expect(times == times.sorted())
    #expect((times.last ?? times[0]).nanoseconds(since: times[0]) < 60_000_000_000)
  }

  @Test("each attack is in it, on its way to a site of the city", arguments: WebAttack.all)
  func attack(attack: WebAttack) throws {
    let hits = try Self.requests.get().filter { $0.text.contains(attack.mark) }
    #expect(hits.count >= 1)
    let network = try #require(IPPrefix(CityTable.network))
    #expect(hits.allSatisfy { network.contains($0.packet.destination) })
  }

  @Test("every rule of ours is claimed by an attack or by the traffic between them")
  func rules() {
    let claimed = WebAttack.all.flatMap(\.rules) + CityTraffic.furtherRules
    #expect(Set(claimed).count == claimed.count)
    #expect(claimed.allSatisfy { (9_000_001...9_000_399).contains($0) })
  }

  @Test("scans, tunnels and old versions are there in the numbers that the rules ask for")
  func numbers() throws {
    let seen = try capture()
    let synsBySource = Dictionary(
      grouping: seen.filter { $0.packet.transport == .tcp && $0.packet.tcpFlags & 0x12 == 2 }, by: \.packet.source)
    #expect(synsBySource.values.contains { $0.count > 200 })
    #expect(seen.filter { $0.packet.transport == .icmp && $0.packet.icmpType == 8 }.count > 50)
    let questions = seen.filter { $0.packet.transport == .udp && $0.packet.destinationPort == 53 }
    #expect(questions.filter { $0.payload.count > 120 }.count > 10)
    let hellos = seen.filter { $0.payload.first == 22 && $0.packet.sourcePort == 443 }
    for version in [UInt8](0...3) { #expect(hellos.contains { $0.payload[9] == 3 && $0.payload[10] == version }) }
  }

  @Test("a connection that says something opens once and closes from both sides")
  func connections() throws {
    var ends: [FiveTuple: (opened: Int, closed: Int, said: Int)] = [:]
    for seen in try capture() where seen.packet.transport == .tcp {
      var end = ends[seen.packet.tuple] ?? (0, 0, 0)
      end.opened += Int(seen.packet.tcpFlags >> 1 & 1)
      end.closed += Int(seen.packet.tcpFlags & 1)
      end.said += seen.payload.count
      ends[seen.packet.tuple] = end
    }
    let talking = ends.filter { $0.value.said > 0 }
    #expect(talking.count > 600)
    #expect(talking.allSatisfy { $0.value.opened == 1 && $0.value.closed == 1 })
    #expect(talking.allSatisfy { (ends[$0.key.reversed]?.said ?? 0) > 0 })
  }
}

extension WebAttack: CustomTestStringConvertible {
  public var testDescription: String { name }
}
