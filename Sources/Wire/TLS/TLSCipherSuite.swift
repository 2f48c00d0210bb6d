/// Cipher suites (IANA "TLS Cipher Suites"); unknown numbers are kept.
@frozen public struct TLSCipherSuite: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let fallbackSCSV = TLSCipherSuite(rawValue: 0x5600)
  public static let renegotiationSCSV = TLSCipherSuite(rawValue: 0x00ff)

  /// Every suite with a name here, ascending; SCSVs are not suites and not among them.
  public static let named: [TLSCipherSuite] = table.keys.sorted().filter { $0 != 0x5600 && $0 != 0xff }.map {
    TLSCipherSuite(rawValue: $0)
  }
  /// The registry's name, `0x1234` where there is none.
  public var description: String {
    if let name = Self.table[rawValue] { return name }
    let digits = String(rawValue, radix: 16)
    return "0x" + String(repeating: "0", count: 4 - digits.count) + digits
  }
  public init?(name: String) {
    guard let number = Self.numbers[name] else { return nil }
    rawValue = number
  }

  static let numbers: [String: UInt16] = Dictionary(
    table.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
  static let table: [UInt16: String] = Dictionary(
    (part0 + part1 + part2 + part3 + part4), uniquingKeysWith: { first, _ in first })
}
