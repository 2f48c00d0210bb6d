/// The texts that JA3, JA3S and JA4 are made of; hashing is the caller's. From the published descriptions
/// (salesforce/ja3, FoxIO-LLC/ja4 technical details).
public enum TLSFingerprint {
  /// Version,ciphers,extensions,groups,point formats; GREASE left out.
  public static func ja3(_ hello: TLSClientHello) -> [UInt8] {
    let extensions = hello.extensions
    return fields([
      "\(hello.legacyVersion)", list(hello.cipherSuites), list(extensions.types), list(extensions.groups),
      list(extensions.pointFormats.map(UInt16.init)),
    ])
  }
  /// Version,cipher,extensions.
  public static func ja3s(_ hello: TLSServerHello) -> [UInt8] {
    fields(["\(hello.legacyVersion)", "\(hello.cipherSuite)", list(hello.extensions.types)])
  }

  /// The first part, and the two lists whose SHA-256 (first 12 hexadecimal digits) are the second and the third;
  /// an empty list stands for `000000000000`.
  public static func ja4(_ hello: TLSClientHello, isQUIC: Bool = false) -> (
    head: [UInt8], ciphers: [UInt8], extensions: [UInt8]
  ) {
    let suites = hello.cipherSuites.filter { !TLSNumber.isGREASE($0) }
    let types = hello.extensions.types.filter { !TLSNumber.isGREASE($0) }
    let head =
      (isQUIC ? "q" : "t") + versionMark(hello.highestVersion)
      + (types.contains(TLSNumber.Extension.serverName) ? "d" : "i") + two(suites.count) + two(types.count)
      + protocolMark(hello.extensions.applicationProtocols.first)
    let ciphers = suites.sorted().map(hex).joined(separator: ",")
    var extensions = types.filter { $0 != TLSNumber.Extension.serverName && $0 != TLSNumber.Extension.alpn }.sorted()
      .map(hex).joined(separator: ",")
    let schemes = hello.extensions.signatureSchemes.filter { !TLSNumber.isGREASE($0) }
    if !extensions.isEmpty, !schemes.isEmpty { extensions += "_" + schemes.map(hex).joined(separator: ",") }
    return (Array(head.utf8), Array(ciphers.utf8), Array(extensions.utf8))
  }

  private static func fields(_ parts: [String]) -> [UInt8] { Array(parts.joined(separator: ",").utf8) }
  private static func list(_ values: [UInt16]) -> String {
    values.filter { !TLSNumber.isGREASE($0) }.map { String($0) }.joined(separator: "-")
  }
  private static func hex(_ value: UInt16) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
  private static func two(_ count: Int) -> String { count < 10 ? "0\(count)" : "\(min(count, 99))" }
  private static func versionMark(_ version: TLSVersion) -> String {
    switch version.rawValue {
    case 0x0304: "13"
    case 0x0303: "12"
    case 0x0302: "11"
    case 0x0301: "10"
    case 0x0300: "s3"
    case 0x0002: "s2"
    default: "00"
    }
  }
  /// First and last character of the first protocol; its hexadecimal form's where one is not alphanumeric.
  private static func protocolMark(_ name: [UInt8]?) -> String {
    guard let name, let first = name.first, let last = name.last else { return "00" }
    func isAlphanumeric(_ byte: UInt8) -> Bool {
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
    if isAlphanumeric(first), isAlphanumeric(last) {
      return String(UnicodeScalar(first)) + String(UnicodeScalar(last))
    }
    return String(first >> 4, radix: 16) + String(last & 15, radix: 16)
  }
}
