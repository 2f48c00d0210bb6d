/// Numbers of the DNS registries (IANA "Domain Name System (DNS) Parameters"); unknown ones are kept.
public struct DNSType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public var rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let a = DNSType(rawValue: 1)
  public static let ns = DNSType(rawValue: 2)
  public static let cname = DNSType(rawValue: 5)
  public static let soa = DNSType(rawValue: 6)
  public static let null = DNSType(rawValue: 10)
  public static let ptr = DNSType(rawValue: 12)
  public static let mx = DNSType(rawValue: 15)
  public static let txt = DNSType(rawValue: 16)
  public static let aaaa = DNSType(rawValue: 28)
  public static let srv = DNSType(rawValue: 33)
  public static let opt = DNSType(rawValue: 41)
  public static let ds = DNSType(rawValue: 43)
  public static let sshfp = DNSType(rawValue: 44)
  public static let dnskey = DNSType(rawValue: 48)
  public static let tlsa = DNSType(rawValue: 52)
  public static let svcb = DNSType(rawValue: 64)
  public static let https = DNSType(rawValue: 65)
  public static let axfr = DNSType(rawValue: 252)
  public static let any = DNSType(rawValue: 255)
  public static let caa = DNSType(rawValue: 257)

  static let names: [UInt16: String] = [
    1: "A", 2: "NS", 3: "MD", 4: "MF", 5: "CNAME", 6: "SOA", 7: "MB", 8: "MG", 9: "MR", 10: "NULL", 11: "WKS",
    12: "PTR", 13: "HINFO", 14: "MINFO", 15: "MX", 16: "TXT", 17: "RP", 18: "AFSDB", 19: "X25", 20: "ISDN", 21: "RT",
    22: "NSAP", 23: "NSAPPTR", 24: "SIG", 25: "KEY", 26: "PX", 27: "GPOS", 28: "AAAA", 29: "LOC", 30: "NXT",
    33: "SRV", 34: "ATMA", 35: "NAPTR", 36: "KX", 37: "CERT", 38: "A6", 39: "DNAME", 41: "OPT", 42: "APL", 43: "DS",
    44: "SSHFP", 45: "IPSECKEY", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 49: "DHCID", 50: "NSEC3", 51: "NSEC3PARAM",
    52: "TLSA", 55: "HIP", 59: "CDS", 60: "CDNSKEY", 61: "OPENPGPKEY", 62: "CSYNC", 63: "ZONEMD", 64: "SVCB",
    65: "HTTPS", 99: "SPF", 108: "EUI48", 109: "EUI64", 249: "TKEY", 250: "TSIG", 251: "IXFR", 252: "AXFR",
    253: "MAILB", 254: "MAILA", 255: "ANY", 256: "URI", 257: "CAA",
  ]
  static let numbers: [String: UInt16] = Dictionary(
    names.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })

  /// The registry's mnemonic, `TYPE1234` where there is none (RFC 3597).
  public var description: String { Self.names[rawValue] ?? "TYPE\(rawValue)" }
  public init?(name: String) {
    guard let number = Self.numbers[name.uppercased()] else { return nil }
    rawValue = number
  }
}

/// Response codes, extended by EDNS to 12 bits.
public enum DNSResponseCode {
  static let names: [UInt16: String] = [
    0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 6: "YXDOMAIN", 7: "YXRRSET",
    8: "NXRRSET", 9: "NOTAUTH", 10: "NOTZONE", 16: "BADVERS", 17: "BADKEY", 18: "BADTIME", 19: "BADMODE",
    20: "BADNAME", 21: "BADALG", 22: "BADTRUNC", 23: "BADCOOKIE",
  ]
  public static func name(_ code: UInt16) -> String { names[code] ?? "\(code)" }
  public static func number(_ name: String) -> UInt16? { names.first { $0.value == name.uppercased() }?.key }
}
