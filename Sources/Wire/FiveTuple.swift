/// What names a flow: both ends and the protocol, as seen from the originator.
@frozen public struct FiveTuple: Hashable, Sendable {
  public var source: IPAddress
  public var destination: IPAddress
  public var sourcePort: UInt16
  public var destinationPort: UInt16
  /// The IP protocol number (IANA "Assigned Internet Protocol Numbers").
  public var transport: TransportProtocol

  @inlinable @inline(__always)
  public init(
    source: IPAddress, destination: IPAddress, sourcePort: UInt16, destinationPort: UInt16, transport: TransportProtocol
  ) {
    self.source = source
    self.destination = destination
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.transport = transport
  }

  /// The same flow as its responder sees it.
  @inlinable public var reversed: FiveTuple {
    FiveTuple(
      source: destination, destination: source, sourcePort: destinationPort, destinationPort: sourcePort,
      transport: transport)
  }
}

/// An IP protocol number; unknown ones are kept.
@frozen public struct TransportProtocol: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt8
  @inlinable @inline(__always) public init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable public static var icmp: Self { Self(rawValue: 1) }
  @inlinable public static var ipInIP: Self { Self(rawValue: 4) }
  @inlinable public static var tcp: Self { Self(rawValue: 6) }
  @inlinable public static var udp: Self { Self(rawValue: 17) }
  @inlinable public static var ipv6InIP: Self { Self(rawValue: 41) }
  @inlinable public static var gre: Self { Self(rawValue: 47) }
  @inlinable public static var esp: Self { Self(rawValue: 50) }
  @inlinable public static var icmpv6: Self { Self(rawValue: 58) }
  @inlinable public static var sctp: Self { Self(rawValue: 132) }
}
