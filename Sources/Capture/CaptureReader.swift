internal import Glibc
internal import Wire

/// The format of a capture file, as far as reading packets needs it. State of one file; no copies.
struct CaptureReader: ~Copyable {
  enum Step {
    /// The packet lies at this offset of the window, whole.
    case packet(PacketHeader, offset: Int)
    case nothing(DispatchOutcome)
  }
  enum Format {
    case pcap(PcapHeader)
    case pcapng
  }

  let name: String
  let stop: StopSignal
  let format: Format
  var buffer: ReadBuffer
  var number: UInt64 = 0
  /// What the packet handed out last takes of the window; consumed by the next step.
  var behind = 0
  /// Sticky once the file has ended.
  var ended = false
  // pcapng: the section at hand.
  var littleEndian = false
  var interfaces: [PcapNGInterface] = []

  /// Interfaces in one section: more is taken for damage.
  static let maximumInterfaces = 4096
  static let waitMilliseconds: Int32 = 100

  /// Takes the descriptor over and reads the file's header; on a pipe it waits for it.
  init(_ descriptor: Int32, name: String, _ stop: StopSignal) throws(CaptureError) {
    self.name = name
    self.stop = stop
    var buffer = ReadBuffer(descriptor)
    CaptureReader.await(PcapHeader.byteCount, &buffer, stop)
    format = try CaptureReader.format(of: buffer.window, name: name)
    if case .pcap = format { buffer.consume(PcapHeader.byteCount) }
    self.buffer = buffer
  }

  /// Of a pcapng file, whose interfaces come later: Ethernet, until they have.
  var firstLinkType: LinkType {
    if case .pcap(let header) = format { return header.linkType }
    return .ethernet
  }

  private static func await(_ count: Int, _ buffer: inout ReadBuffer, _ stop: StopSignal) {
    while true {
      guard case .idle = buffer.fill(count, stop, waitMilliseconds: waitMilliseconds) else { return }
    }
  }

  private static func format(of head: RawSpan, name: String) throws(CaptureError) -> Format {
    if head.byteCount >= 12, head.u32(0) == PcapNGBlockType.section.rawValue { return .pcapng }
    if let header = PcapHeader(head) { return .pcap(header) }
    throw notACapture(name, head)
  }

  private static func notACapture(_ name: String, _ head: RawSpan) -> CaptureError {
    let file = name == "-" ? "standard input" : name
    guard head.byteCount >= 4 else {
      return CaptureError(
        .notACapture, "\(file) holds \(head.byteCount) bytes, too few for a capture file",
        hint: "write it anew with: tcpdump -w \(name == "-" ? "FILE" : name)")
    }
    if head.u16(0) == 0x1f8b {
      return CaptureError(
        .unsupportedCapture, "\(file) is compressed with gzip", hint: "run: zcat \(name) | vigil read - ...")
    }
    return CaptureError(
      .notACapture, "\(file) is neither a pcap nor a pcapng capture (its first bytes are \(hex(head.u32(0))))",
      hint: "name a file that tcpdump, dumpcap or Wireshark wrote")
  }

  private static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The bytes of the packet that `next` found.
  @_lifetime(borrow self)
  func packet(at offset: Int, _ count: Int) -> RawSpan { buffer.window.clamped(offset, offset &+ count) }

  @inline(__always)
  mutating func next() -> Step {
    buffer.consume(behind)
    behind = 0
    guard !ended else { return .nothing(.end) }
    switch format {
    case .pcap(let header): return nextRecord(header)
    case .pcapng: return nextBlock()
    }
  }

  // MARK: pcap

  private mutating func nextRecord(_ file: PcapHeader) -> Step {
    let headerLength = file.recordHeaderLength
    if let outcome = need(headerLength) { return .nothing(outcome) }
    guard let record = PcapRecord(buffer.window, in: file) else { return .nothing(end(.end)) }
    guard record.capturedLength <= CaptureFile.maximumPacketSize else {
      return .nothing(
        corrupt("packet \(number &+ 1) claims \(record.capturedLength) bytes, the limit is 262144"))
    }
    if let outcome = need(headerLength &+ record.capturedLength) { return .nothing(outcome) }
    number &+= 1
    behind = headerLength &+ record.capturedLength
    let header = PacketHeader(
      timestamp: record.timestamp, capturedLength: record.capturedLength,
      wireLength: max(record.wireLength, record.capturedLength), linkType: file.linkType, number: number)
    return .packet(header, offset: headerLength)
  }

  // MARK: Ends

  /// Nil when `count` bytes are at hand.
  @inline(__always)
  mutating func need(_ count: Int) -> DispatchOutcome? {
    switch buffer.fill(count, stop, waitMilliseconds: CaptureReader.waitMilliseconds) {
    case .ready: return nil
    case .idle: return .idle
    case .stopped: return .stopped
    case .short:
      guard buffer.available > 0 else { return end(.end) }
      return end(
        .truncated(
          "\(name) ends within a packet at byte \(buffer.position): \(buffer.available) of \(count) bytes are there; "
            + "\(number) packets were read"))
    case .failed(let code):
      let reason = unsafe String(cString: strerror(code))
      return end(.corrupt("\(name) cannot be read beyond byte \(buffer.position): \(reason)"))
    }
  }

  mutating func corrupt(_ what: String) -> DispatchOutcome {
    end(.corrupt("\(name) is damaged at byte \(buffer.position): \(what); \(number) packets were read"))
  }

  mutating func end(_ outcome: DispatchOutcome) -> DispatchOutcome {
    ended = true
    return outcome
  }
}
