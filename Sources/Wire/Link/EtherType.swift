/// What an Ethernet frame carries (IEEE "EtherType"); unknown ones are kept.
@frozen public struct EtherType: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt16
  @inlinable @inline(__always) public init(rawValue: UInt16) { self.rawValue = rawValue }

  @inlinable public static var ipv4: Self { Self(rawValue: 0x0800) }
  @inlinable public static var arp: Self { Self(rawValue: 0x0806) }
  @inlinable public static var erspanIII: Self { Self(rawValue: 0x22eb) }
  @inlinable public static var transparentEthernet: Self { Self(rawValue: 0x6558) }
  @inlinable public static var vlan: Self { Self(rawValue: 0x8100) }
  @inlinable public static var ipv6: Self { Self(rawValue: 0x86dd) }
  @inlinable public static var ppp: Self { Self(rawValue: 0x880b) }
  @inlinable public static var mpls: Self { Self(rawValue: 0x8847) }
  @inlinable public static var mplsMulticast: Self { Self(rawValue: 0x8848) }
  @inlinable public static var pppoeDiscovery: Self { Self(rawValue: 0x8863) }
  @inlinable public static var pppoeSession: Self { Self(rawValue: 0x8864) }
  @inlinable public static var providerBridging: Self { Self(rawValue: 0x88a8) }
  @inlinable public static var erspan: Self { Self(rawValue: 0x88be) }
  @inlinable public static var providerBackbone: Self { Self(rawValue: 0x88e7) }
  @inlinable public static var fabricPath: Self { Self(rawValue: 0x8903) }
  @inlinable public static var vntag: Self { Self(rawValue: 0x8926) }
  @inlinable public static var nsh: Self { Self(rawValue: 0x894f) }
  @inlinable public static var oldQinQ: Self { Self(rawValue: 0x9100) }
  /// Below 0x0600 the field is an 802.3 length, and LLC follows.
  @inlinable public var isLength: Bool { rawValue < 0x0600 }
}
