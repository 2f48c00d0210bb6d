internal import Wire

/// Words of EVE's `dns`: record types and response codes (IANA "Domain Name System Parameters"), record data as text.
enum DNSNames {
  static func type(_ type: DNSType) -> String { types[type.rawValue] ?? "UNKNOWN" }

  static func responseCode(_ code: UInt16) -> String {
    codes.indices.contains(Int(code)) ? codes[Int(code)] : otherCodes[code] ?? "UNKNOWN"
  }

  /// Data that EVE gives as one text; nil for what it gives as an object, and for what cannot be read.
  static func text(_ data: DNSRecordContent, _ message: DNSMessage) -> [UInt8]? {
    switch data {
    case .address(let address): Array(eveText(address).utf8)
    case .name(let name): message.name(name)
    case .mx(_, let exchange): message.name(exchange)
    case .txt(let parts): parts.first.map { message.name($0) }
    case .bytes(let range) where !range.isEmpty: message.name(range)
    default: nil
    }
  }

  /// IPv6 in full, as all of EVE has it.
  private static func eveText(_ address: IPAddress) -> String {
    guard address.isV6 else { return address.description }
    return stride(from: 0, to: 16, by: 2).map { index in
      let bytes = address.bytes
      let group = UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
      let text = String(group, radix: 16)
      return String(repeating: "0", count: 4 - text.count) + text
    }.joined(separator: ":")
  }

  private static let types: [UInt16: String] = [
    1: "A", 2: "NS", 3: "MD", 4: "MF", 5: "CNAME", 6: "SOA", 7: "MB", 8: "MG", 9: "MR", 10: "NULL", 11: "WKS",
    12: "PTR", 13: "HINFO", 14: "MINFO", 15: "MX", 16: "TXT", 17: "RP", 18: "AFSDB", 19: "X25", 20: "ISDN", 21: "RT",
    22: "NSAP", 23: "NSAPPTR", 24: "SIG", 25: "KEY", 26: "PX", 27: "GPOS", 28: "AAAA", 29: "LOC", 30: "NXT",
    33: "SRV", 34: "ATMA", 35: "NAPTR", 36: "KX", 37: "CERT", 38: "A6", 39: "DNAME", 41: "OPT", 42: "APL", 43: "DS",
    44: "SSHFP", 45: "IPSECKEY", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 49: "DHCID", 50: "NSEC3", 51: "NSEC3PARAM",
    52: "TLSA", 55: "HIP", 59: "CDS", 60: "CDNSKEY", 64: "SVCB", 65: "HTTPS", 99: "SPF", 249: "TKEY", 250: "TSIG",
    252: "AXFR", 253: "MAILB", 254: "MAILA", 255: "ANY", 256: "URI", 257: "CAA",
  ]

  private static let codes = [
    "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH",
    "NOTZONE",
  ]
  private static let otherCodes: [UInt16: String] = [
    16: "BADVERS/BADSIG", 17: "BADKEY", 18: "BADTIME", 19: "BADMODE", 20: "BADNAME", 21: "BADALG", 22: "BADTRUNC",
  ]
}
