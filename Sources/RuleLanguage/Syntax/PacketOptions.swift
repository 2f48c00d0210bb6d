/// `flow`
package struct FlowMatch: OptionSet, Hashable, Sendable {
  package var rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }
  /// Also written `from_client`.
  package static let toServer = FlowMatch(rawValue: 1)
  /// Also written `from_server`.
  package static let toClient = FlowMatch(rawValue: 2)
  package static let established = FlowMatch(rawValue: 4)
  package static let notEstablished = FlowMatch(rawValue: 8)
  package static let stateless = FlowMatch(rawValue: 16)
  package static let onlyStream = FlowMatch(rawValue: 32)
  package static let noStream = FlowMatch(rawValue: 64)
  package static let onlyFrag = FlowMatch(rawValue: 128)
  package static let noFrag = FlowMatch(rawValue: 256)
}

/// `tcp.flags` (`flags`): which bits are looked at, which must be set, how.
package struct TCPFlagsMatch: Hashable, Sendable {
  package enum Mode: Sendable {
    /// The flags, and no others but the ignored ones.
    case exact
    /// `+`: the flags, and any others.
    case all
    /// `*`: any of the flags.
    case any
    /// `!`: none of the flags.
    case not
  }
  package var mode: Mode
  /// As in the TCP header: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128; 0 for `0` (none).
  package var flags: UInt8
  package var ignored: UInt8
}

/// `fragbits`: M more fragments, D do not fragment, R reserved.
package struct FragBitsMatch: Hashable, Sendable {
  package var mode: TCPFlagsMatch.Mode
  /// M 1, D 2, R 4.
  package var bits: UInt8
}

/// `ip_proto`: a number or a name known from IANA's list.
package struct IPProtocolMatch: Hashable, Sendable {
  package enum Operator: String, Sendable {
    case equal = ""
    case not = "!"
    case less = "<"
    case greater = ">"
  }
  package var comparison: Operator
  package var number: UInt8
}

/// `geoip:src,RU,CN`
package struct GeoIPMatch: Hashable, Sendable {
  package enum Side: String, Sendable { case source = "src", destination = "dst", both, any }
  package var side: Side
  package var countries: [String]
  package var isNegated: Bool
}

/// `iprep:side,category,operator,value`
package struct IPReputationMatch: Hashable, Sendable {
  package enum Side: String, Sendable { case any, source = "src", destination = "dst", both }
  package var side: Side
  package var category: String
  /// Nil for `isset` and `isnotset`.
  package var comparison: IntegerComparison?
  package var isSet = true
}

/// `stream_size:side,operator,size`
package struct StreamSizeMatch: Hashable, Sendable {
  package enum Side: String, Sendable { case server, client, both, either }
  package var side: Side
  package var comparison: IntegerComparison
}

/// `app-layer-protocol:[!]name[,mode]`
package struct AppLayerProtocolMatch: Hashable, Sendable {
  package enum Mode: String, Sendable {
    /// Either direction's protocol as detected.
    case any = ""
    case final
    case original
    case either
    case toServer = "to_server"
    case toClient = "to_client"
    case direction
  }
  package var name: String
  package var isNegated: Bool
  package var mode: Mode
}

/// An event keyword and the event's name as written: `app-layer-event:http.request_header_too_long`.
package struct EventMatch: Hashable, Sendable {
  package enum Source: String, Sendable {
    case appLayer = "app-layer-event"
    case decode = "decode-event"
    case stream = "stream-event"
    case engine = "engine-event"
  }
  package var source: Source
  package var name: String
}
