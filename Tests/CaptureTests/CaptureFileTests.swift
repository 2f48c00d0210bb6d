import Glibc
import TestSupport
import Testing
import Wire

@testable import Capture

/// A file of the test's own, gone with it.
final class TemporaryFile {
  let path: String
  init(_ bytes: [UInt8]) throws {
    var template = Array("/tmp/vigil-capture-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&template)
    try #require(descriptor >= 0)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let written = unsafe write(descriptor, bytes, bytes.count)
    close(descriptor)
    try #require(written == bytes.count)
  }
  deinit { unsafe unlink(path) }
}

struct Taken: Equatable {
  var packets: [[UInt8]] = []
  var headers: [PacketHeader] = []
  var last: DispatchOutcome = .idle
}

/// Everything that a source has, a few packets at a time.
func drain(_ source: any PacketSource, limit: Int = 3) throws -> Taken {
  var taken = Taken()
  while true {
    let outcome = try source.dispatch(limit: limit) { header, bytes in
      taken.headers.append(header)
      taken.packets.append(bytes.array())
    }
    if case .packets = outcome { continue }
    taken.last = outcome
    return taken
  }
}

func read(_ bytes: [UInt8], filter: String = "") throws -> Taken {
  let file = try TemporaryFile(bytes)
  return try drain(try CaptureFile(path: file.path, filter: filter))
}

private let frames = (0..<5).map { PacketBuilder.udpFrame([UInt8](repeating: UInt8($0), count: 10 * $0 + 1)) }
private let packets = frames.enumerated().map {
  CapturedPacket($1, nanoseconds: 1_700_000_000_123_456_789 + UInt64($0) * 1_000_000_000, wireLength: $1.count + 7)
}

@Suite("Capture files")
struct CaptureFileTests {
  @Test("pcap is read in either byte order and precision", arguments: [true, false], [true, false])
  func pcap(littleEndian: Bool, nanosecond: Bool) throws {
    let builder = PcapBuilder(littleEndian: littleEndian, nanosecond: nanosecond, linkType: 1)
    let taken = try read(builder.file(packets))
    #expect(taken.packets == frames && taken.last == .end)
    #expect(taken.headers.map(\.number) == [1, 2, 3, 4, 5])
    #expect(
      taken.headers[1].timestamp.nanoseconds == (nanosecond ? 1_700_000_001_123_456_789 : 1_700_000_001_123_456_000))
    #expect(taken.headers[2].wireLength == frames[2].count + 7 && taken.headers[2].capturedLength == frames[2].count)
    #expect(taken.headers.allSatisfy { $0.linkType == .ethernet })
  }

  @Test("a header alone is a capture without packets")
  func empty() throws {
    #expect(try read(PcapBuilder().header) == Taken(last: .end))
    #expect(try read(PcapNGBuilder().section) == Taken(last: .end))
  }

  @Test("pcapng is read with several interfaces and every kind of packet block", arguments: [true, false])
  func pcapng(littleEndian: Bool) throws {
    let builder = PcapNGBuilder(littleEndian: littleEndian)
    var file = builder.section + builder.interface(snapLength: 60)
    file += builder.interface(linkType: 101, resolution: 9, secondsOffset: 100)
    file += builder.enhanced([1, 2, 3], ticks: 5_000_000, wireLength: 9)
    file += builder.block(0x0bad, [UInt8](repeating: 7, count: 33))
    file += builder.enhanced([4, 5, 6, 7, 8], interface: 1, ticks: 42)
    file += builder.simple([9, 9]) + builder.obsolete([8], interface: 1, ticks: 7)
    // A second section with its own interfaces and the other byte order.
    let other = PcapNGBuilder(littleEndian: !littleEndian)
    file += other.section + other.interface(linkType: 113) + other.enhanced([5], ticks: 1)
    let taken = try read(file)
    #expect(taken.packets == [[1, 2, 3], [4, 5, 6, 7, 8], [9, 9], [8], [5]] && taken.last == .end)
    #expect(taken.headers.map(\.linkType) == [.ethernet, .raw, .ethernet, .raw, .linuxCooked])
    #expect(taken.headers.map(\.timestamp.nanoseconds) == [5_000_000_000, 100_000_000_042, 0, 100_000_000_007, 1000])
    #expect(taken.headers[0].wireLength == 9 && taken.headers[1].interface == 1)
  }

  @Test("a file cut anywhere gives the packets before the cut, and says so")
  func truncated() throws {
    for (whole, ends) in [(PcapBuilder().file(packets), pcapEnds()), (pcapngFile(), pcapngEnds())] {
      for length in ends[0]..<whole.count {
        let taken = try read(Array(whole.prefix(length)))
        let count = ends.filter { $0 <= length }.count - 1
        #expect(taken.packets == Array(frames.prefix(count)), "cut at \(length)")
        guard !ends.contains(length) else {
          #expect(taken.last == .end)
          continue
        }
        if case .truncated(let sentence) = taken.last {
          #expect(sentence.contains("ends within a packet at byte") && sentence.contains("\(count) packets were read"))
        } else {
          Issue.record("cut at \(length): \(taken.last)")
        }
      }
    }
  }

  private func pcapEnds() -> [Int] { frames.reduce(into: [24]) { $0.append($0[$0.count - 1] + 16 + $1.count) } }
  private func pcapngFile() -> [UInt8] {
    let builder = PcapNGBuilder()
    return frames.reduce(builder.section + builder.interface()) { $0 + builder.enhanced($1, ticks: 1) }
  }
  private func pcapngEnds() -> [Int] {
    let builder = PcapNGBuilder()
    let start = builder.section.count + builder.interface().count
    return frames.reduce(into: [start]) { $0.append($0[$0.count - 1] + builder.enhanced($1, ticks: 1).count) }
  }

  @Test("damage is told with its place, after the packets before it")
  func corrupt() throws {
    var file = PcapBuilder().file(Array(packets.prefix(2)))
    file += [1, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0, 1, 2, 3]
    let taken = try read(file)
    #expect(taken.packets.count == 2)
    guard case .corrupt(let sentence) = taken.last else {
      Issue.record("\(taken.last)")
      return
    }
    #expect(sentence.contains("packet 3 claims 2147483647 bytes, the limit is 262144; 2 packets were read"))
  }

  @Test(
    "pcapng blocks that cannot be are damage, never a trap",
    arguments: [
      [UInt8]([6, 0, 0, 0, 8, 0, 0, 0, 1, 2, 3, 4]), [6, 0, 0, 0, 13, 0, 0, 0, 1, 2, 3, 4],
      [6, 0, 0, 0, 0xfc, 0xff, 0xff, 0x7f, 1, 2, 3, 4], [6, 0, 0, 0, 12, 0, 0, 0, 12, 0, 0, 0],
      [6, 0, 0, 0, 16, 0, 0, 0, 1, 2, 3, 4, 20, 0, 0, 0], [1, 0, 0, 0, 12, 0, 0, 0, 12, 0, 0, 0],
      [10, 13, 13, 10, 28, 0, 0, 0, 1, 2, 3, 4], [3, 0, 0, 0, 12, 0, 0, 0, 12, 0, 0, 0],
    ])
  func impossibleBlocks(block: [UInt8]) throws {
    let builder = PcapNGBuilder()
    let taken = try read(builder.section + builder.interface() + builder.enhanced([1], ticks: 1) + block)
    #expect(taken.packets == [[1]])
    guard case .corrupt = taken.last else {
      Issue.record("\(taken.last)")
      return
    }
  }

  @Test("packets larger than the buffer's rest are read whole across its edge")
  func acrossTheBuffer() throws {
    let large = (0..<40).map { CapturedPacket([UInt8](repeating: UInt8($0), count: 100_000 + $0)) }
    let taken = try read(PcapBuilder().file(large))
    #expect(taken.packets == large.map(\.bytes) && taken.last == .end)
  }

  @Test("random bytes behind a right header never trap", arguments: 0..<20)
  func random(seed: Int) throws {
    let noise = (0..<4000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761 &+ seed &* 40_503) >> 9) }
    _ = try read(PcapBuilder().header + noise)
    _ = try read(PcapNGBuilder().section + PcapNGBuilder().interface() + noise)
  }

  @Test("what is no capture is refused with a sentence and a hint")
  func refusals() throws {
    #expect(
      throws: CaptureError(
        .fileMissing, "there is no file /nowhere/x.pcap", hint: "check the path; \"-\" reads from standard input")
    ) { _ = try CaptureFile(path: "/nowhere/x.pcap") }
    let codes: [([UInt8], CaptureError.Code)] = [
      ([], .notACapture), (Array("hello, this is a plain text".utf8), .notACapture),
      ([0x1f, 0x8b, 8, 0] + [UInt8](repeating: 0, count: 30), .unsupportedCapture),
      (Array(PcapBuilder().header.dropLast()), .notACapture),
    ]
    for (bytes, code) in codes {
      let error = #expect(throws: CaptureError.self) { _ = try read(bytes) }
      #expect(error?.code == code)
    }
    let folder = #expect(throws: CaptureError.self) { _ = try CaptureFile(path: "/tmp") }
    #expect(folder?.sentence == "/tmp is a folder, not a capture file")
  }

  @Test("a stopped source says so")
  func stop() throws {
    let file = try TemporaryFile(PcapBuilder().file(packets))
    let source = try CaptureFile(path: file.path)
    source.stop()
    #expect(try source.dispatch(limit: 10) { _, _ in } == .stopped)
  }
}
