import Glibc
import TestSupport
import Testing
import Wire

@testable import Capture

private let tcp = PacketBuilder.tcpFrame([1])
private let udp = PacketBuilder.udpFrame([2])

@Suite("Filters, faults and interfaces")
struct SourceTests {
  @Test("a filter leaves packets out of a file, and their numbers stay")
  func filter() throws {
    let bytes = PcapBuilder().file([CapturedPacket(tcp), CapturedPacket(udp), CapturedPacket(tcp)])
    let file = try TemporaryFile(bytes)
    let source = try CaptureFile(path: file.path, filter: "udp port 80")
    let taken = try drain(source)
    #expect(taken.packets == [udp] && taken.headers.map(\.number) == [2])
    #expect(source.statistics.filtered == 2 && source.statistics.packets == 1)
    #expect(source.statistics.bytes == UInt64(udp.count))
  }

  @Test("a filter is compiled anew for another link type of the same file")
  func filterByLinkType() throws {
    let builder = PcapNGBuilder()
    let raw = PacketBuilder.ipv4(PacketBuilder.udp([2]), .udp)
    let file =
      builder.section + builder.interface() + builder.interface(linkType: 101) + builder.enhanced(tcp, ticks: 1)
      + builder.enhanced(raw, interface: 1, ticks: 1)
    #expect(try read(file, filter: "udp").packets == [raw])
  }

  @Test("a filter that libpcap refuses is told in its words", arguments: ["tcp prot 80", "host", "port 99999999"])
  func badFilter(expression: String) throws {
    let error = #expect(throws: CaptureError.self) { _ = try read(PcapBuilder().header, filter: expression) }
    #expect(error?.code == .filterRejected)
    #expect(error?.sentence.hasPrefix("the capture filter \"\(expression)\" is not valid: ") == true)
    #expect((error?.sentence.count ?? 0) > 45 + expression.count)
    #expect(error?.hint.contains("man pcap-filter") == true)
  }

  private func source(_ count: Int) throws -> (TemporaryFile, CaptureFile) {
    let packets = (0..<count).map { CapturedPacket([UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: 50)) }
    let file = try TemporaryFile(PcapBuilder().file(packets))
    return (file, try CaptureFile(path: file.path))
  }

  @Test("a fault plan of one kind does that and nothing else")
  func faults() throws {
    func run(_ change: (inout FaultPlan) -> Void) throws -> Taken {
      let (file, base) = try source(200)
      defer { _ = file }
      var plan = FaultPlan()
      plan.seed = 7
      change(&plan)
      return try drain(FaultInjectingSource(base, plan), limit: 16)
    }
    let plain = try run { _ in }
    #expect(plain.packets.count == 200)
    #expect(try run { $0.drop = 1 }.packets.isEmpty)
    #expect((120..<180).contains(try run { $0.drop = 0.25 }.packets.count))
    #expect(try run { $0.duplicate = 1 }.packets.count == 400)
    let corrupt = try run { $0.corrupt = 1 }
    #expect(zip(plain.packets, corrupt.packets).allSatisfy { zip($0, $1).filter { $0 != $1 }.count == 1 })
    let cut = try run { $0.truncate = 1 }
    #expect(
      cut.packets.allSatisfy { $0.count < 50 }
        && zip(cut.packets, cut.headers).allSatisfy { $0.count == $1.capturedLength })
    let reordered = try run { $0.reorder = 0.3 }
    #expect(reordered.headers.map(\.number) != plain.headers.map(\.number))
    #expect(reordered.headers.map(\.number).sorted() == plain.headers.map(\.number))
    #expect(try run { $0.reorder = 0.3 } == reordered)
  }

  @Test("the default route's interface is read from the kernel's tables")
  func defaultRoute() {
    let four = """
      Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
      eth1 0000A8C0 00000000 0001 0 0 0 00FFFFFF 0 0 0
      eth0 00000000 0100A8C0 0003 0 0 0 00000000 0 0 0
      """
    let zero = String(repeating: "0", count: 32)
    let six = """
      \(zero) 00 \(zero) 00 \(zero) ffffffff 00000001 00000000 00200200 lo
      \(zero) 00 \(zero) 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003 wlan0
      """
    #expect(NetworkInterface.defaultRoute(v4Table: four, v6Table: "") == "eth0")
    #expect(NetworkInterface.defaultRoute(v4Table: "", v6Table: six) == "wlan0")
    #expect(NetworkInterface.defaultRoute(v4Table: "", v6Table: "") == nil)
  }

  @Test("loopback is among the interfaces")
  func interfaces() {
    let loopback = NetworkInterface.all().first { $0.isLoopback }
    #expect(loopback?.addresses.contains(IPAddress(v4: 0x7f00_0001)) == true)
  }

  @Test("an interface that is not there is named, with those that are; or the right to capture is")
  func noInterface() {
    let error = #expect(throws: CaptureError.self) { _ = try LiveInterface(interface: "nosuch0") }
    #expect(error?.code == .noSuchInterface || error?.code == .noPermission)
    if error?.code == .noSuchInterface { #expect(error?.sentence == "there is no interface nosuch0") }
  }

  @Test("libpcap's refusals become sentences with the command that mends them")
  func refusals() {
    let denied = LiveInterface.refusal(-8, "eth0", "")
    #expect(denied.sentence == "this user may not capture on eth0")
    #expect(denied.hint.hasPrefix("run: sudo setcap cap_net_raw,cap_net_admin=eip /"))
    #expect(
      LiveInterface.refusal(-9, "eth0", "").description
        == "the interface eth0 is down; run: sudo ip link set eth0 up")
  }
}
