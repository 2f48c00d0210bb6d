/// What a captured packet begins with: a LINKTYPE_ number of the tcpdump.org registry, as capture files carry it.
@frozen public struct LinkType: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt16
  @inlinable @inline(__always) public init(rawValue: UInt16) { self.rawValue = rawValue }

  @inlinable public static var null: Self { Self(rawValue: 0) }
  @inlinable public static var ethernet: Self { Self(rawValue: 1) }
  @inlinable public static var ppp: Self { Self(rawValue: 9) }
  /// Raw IP as some systems number it in files (DLT_RAW of BSD/OS and OpenBSD).
  @inlinable public static var rawBSD: Self { Self(rawValue: 12) }
  @inlinable public static var rawOpenBSD: Self { Self(rawValue: 14) }
  @inlinable public static var pppHDLC: Self { Self(rawValue: 50) }
  @inlinable public static var pppEthernet: Self { Self(rawValue: 51) }
  @inlinable public static var raw: Self { Self(rawValue: 101) }
  @inlinable public static var ciscoHDLC: Self { Self(rawValue: 104) }
  @inlinable public static var loop: Self { Self(rawValue: 108) }
  @inlinable public static var linuxCooked: Self { Self(rawValue: 113) }
  @inlinable public static var ipv4: Self { Self(rawValue: 228) }
  @inlinable public static var ipv6: Self { Self(rawValue: 229) }
  @inlinable public static var linuxCooked2: Self { Self(rawValue: 276) }

  /// The registry's name without its prefix, as EVE's `packet_info.linktype_name`; nil for one not in this list.
  public var name: String? {
    switch self {
    case .null: "NULL"
    case .ethernet: "EN10MB"
    case .ppp: "PPP"
    case .rawBSD, .rawOpenBSD, .raw: "RAW"
    case .pppHDLC: "PPP_SERIAL"
    case .pppEthernet: "PPP_ETHER"
    case .ciscoHDLC: "C_HDLC"
    case .loop: "LOOP"
    case .linuxCooked: "LINUX_SLL"
    case .ipv4: "IPv4"
    case .ipv6: "IPv6"
    case .linuxCooked2: "LINUX_SLL2"
    default: nil
    }
  }
}
