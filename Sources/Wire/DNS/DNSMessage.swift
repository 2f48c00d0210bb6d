/// A whole DNS message (RFC 1035 section 4), read strictly up to where it breaks: what was read before stays.
public struct DNSMessage: Sendable {
  public let header: DNSHeader
  public private(set) var questions: [DNSQuestion] = []
  /// All sections in order; `section` tells them apart.
  public private(set) var records: [DNSRecord] = []
  /// What is wrong with it; empty when the message is whole and nothing was left over.
  public private(set) var faults: DNSFaults = []
  /// Names are runs of these bytes: labels joined by dots, unescaped, case kept, the root empty.
  public private(set) var text: [UInt8] = []

  /// Nil when there is no header.
  public init?(_ bytes: RawSpan) {
    guard let header = DNSHeader(bytes) else { return nil }
    self.header = header
    text.reserveCapacity(bytes.byteCount)
    var offset = DNSHeader.length
    for _ in 0..<header.questionCount where faults.isEmpty { readQuestion(bytes, &offset) }
    readSection(bytes, &offset, .answer, header.answerCount)
    readSection(bytes, &offset, .authority, header.authorityCount)
    readSection(bytes, &offset, .additional, header.additionalCount)
  }

  public func name(_ range: Range<Int>) -> [UInt8] { Array(text[range]) }
  public func records(_ section: DNSSection) -> [DNSRecord] { records.filter { $0.section == section } }

  /// With the upper bits of an OPT record (RFC 6891).
  public var extendedResponseCode: UInt16 {
    let low = UInt16(header.flags & 15)
    guard let opt = records.first(where: { $0.type == .opt }) else { return low }
    return UInt16(opt.timeToLive >> 24) << 4 | low
  }

  private mutating func readQuestion(_ bytes: RawSpan, _ offset: inout Int) {
    guard let name = readName(bytes, &offset) else { return }
    guard offset + 4 <= bytes.byteCount else { return fail(.truncated) }
    questions.append(
      DNSQuestion(
        name: name, type: DNSType(rawValue: bytes.u16(offset)), dnsClass: bytes.u16(offset + 2),
        isTruncated: nameIsTruncated))
    offset += 4
  }

  private mutating func readSection(_ bytes: RawSpan, _ offset: inout Int, _ section: DNSSection, _ count: Int) {
    for _ in 0..<count where faults.isDisjoint(with: .stopping) {
      guard offset < bytes.byteCount else { return failSection(section) }
      guard let name = readName(bytes, &offset) else { return failSection(section) }
      let isTruncated = nameIsTruncated
      guard offset + 10 <= bytes.byteCount else { return failSection(section) }
      let type = DNSType(rawValue: bytes.u16(offset))
      let end = offset + 10 + Int(bytes.u16(offset + 8))
      guard end <= bytes.byteCount else { return failSection(section) }
      let data = readRecordData(bytes, type, offset + 10, end)
      records.append(
        DNSRecord(
          section: section, name: name, type: type, dnsClass: bytes.u16(offset + 2),
          timeToLive: bytes.u32(offset + 4), data: data, isNameTruncated: isTruncated))
      offset = end
    }
  }

  private mutating func fail(_ fault: DNSFaults) { faults.insert(fault) }
  private mutating func failSection(_ section: DNSSection) {
    faults.insert(section == .answer ? .truncated : section == .authority ? .badAuthorities : .badAdditionals)
    faults.insert(.incomplete)
  }

  private var nameIsTruncated = false

  /// Moves `offset` behind the name. Nil, with a fault, when it cannot be read.
  mutating func readName(_ bytes: RawSpan, _ offset: inout Int) -> Range<Int>? {
    nameIsTruncated = false
    let start = text.count
    var at = offset
    var jumps = 0
    var labels = 0
    var hasJumped = false
    while true {
      guard at < bytes.byteCount else {
        fail(.truncated)
        return nil
      }
      let length = Int(bytes.byte(at))
      if length == 0 {
        if !hasJumped { offset = at + 1 }
        return start..<text.count
      }
      switch length & 0xc0 {
      case 0:
        guard at + 1 + length <= bytes.byteCount else {
          fail(.truncated)
          return nil
        }
        labels += 1
        guard labels <= DNSMessage.labelLimit else {
          fail(.tooManyLabels)
          return nil
        }
        appendLabel(bytes, at + 1, length, start)
        at += 1 + length
      case 0xc0:
        guard at + 2 <= bytes.byteCount else {
          fail(.truncated)
          return nil
        }
        if !hasJumped { offset = at + 2 }
        hasJumped = true
        jumps += 1
        let target = Int(bytes.u16(at) & 0x3fff)
        guard jumps <= DNSMessage.jumpLimit, target != at else {
          fail(.loop)
          return nil
        }
        at = target
      default:
        fail(.badLabel)
        return nil
      }
    }
  }

  /// A name over the limit is cut there and told.
  private mutating func appendLabel(_ bytes: RawSpan, _ at: Int, _ length: Int, _ start: Int) {
    guard !nameIsTruncated else { return }
    if text.count > start { text.append(UInt8(ascii: ".")) }
    let room = min(length, DNSMessage.nameLimit - (text.count - start))
    for index in 0..<max(room, 0) { text.append(bytes.byte(at + index)) }
    guard room < length else { return }
    nameIsTruncated = true
    faults.insert(.nameTooLong)
  }

  /// RFC 1035 gives a name 255 bytes; whoever sends more is shown up to here, as Suricata does.
  public static let nameLimit = 1025
  /// 127 labels of one byte fill a name.
  public static let labelLimit = 255
  /// Real messages jump once or twice; a loop never ends.
  public static let jumpLimit = 16

  mutating func discardText(from mark: Int) { text.removeLast(text.count - mark) }

  mutating func append(text span: RawSpan) -> Range<Int> {
    let start = text.count
    for index in 0..<span.byteCount { text.append(span.byte(index)) }
    return start..<text.count
  }
}

public enum DNSSection: UInt8, Sendable { case answer, authority, additional }

public struct DNSFaults: OptionSet, Sendable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }
  public static let truncated = DNSFaults(rawValue: 1)
  public static let badLabel = DNSFaults(rawValue: 2)
  public static let loop = DNSFaults(rawValue: 4)
  public static let tooManyLabels = DNSFaults(rawValue: 8)
  public static let nameTooLong = DNSFaults(rawValue: 16)
  public static let badAuthorities = DNSFaults(rawValue: 32)
  public static let badAdditionals = DNSFaults(rawValue: 64)
  /// A section ended before its count.
  public static let incomplete = DNSFaults(rawValue: 128)
  static let stopping: DNSFaults = [.truncated, .badLabel, .loop, .tooManyLabels, .badAuthorities, .badAdditionals]
}

public struct DNSQuestion: Sendable {
  public let name: Range<Int>
  public let type: DNSType
  public let dnsClass: UInt16
  public let isTruncated: Bool
}

public struct DNSRecord: Sendable {
  public let section: DNSSection
  public let name: Range<Int>
  public let type: DNSType
  public let dnsClass: UInt16
  public let timeToLive: UInt32
  public let data: DNSRecordContent
  public let isNameTruncated: Bool
}
