package import Wire

/// A rule matched traffic at a time. Immutable, about traffic; it comes as one EVE line of ours or of Suricata's.
package struct AlertRecord: Codable, Sendable, Hashable {
  package var timestamp: Timestamp
  package var flowID: UInt64
  package var source: IPAddress?
  package var destination: IPAddress?
  package var sourcePort: UInt16
  package var destinationPort: UInt16
  /// As EVE has it: `TCP`, `UDP`, `ICMP`, ...
  package var transport: String
  /// As EVE has it: `http`, `tls`, ...; nil where it is not known.
  package var appProtocol: String?
  package var signature: Signature
  /// `allowed` or `blocked`.
  package var action: String
  package var context: Context
  /// The whole EVE line as it came, masked, cut at `rawLimit` bytes; nil where it was not kept.
  package var raw: String?
  /// The client that a declared proxy spoke for; `source` is the proxy then. Not of the line: the hub knows the proxies.
  package var client: IPAddress?

  /// A line that is longer is kept without its raw form: it would not be JSON after a cut.
  package static let rawLimit = 16 * 1024

  package init(
    timestamp: Timestamp, flowID: UInt64 = 0, source: IPAddress?, destination: IPAddress?, sourcePort: UInt16 = 0,
    destinationPort: UInt16 = 0, transport: String = "TCP", appProtocol: String? = nil, signature: Signature,
    action: String = "allowed", context: Context = Context(), raw: String? = nil
  ) {
    self.timestamp = timestamp
    self.flowID = flowID
    self.source = source
    self.destination = destination
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.transport = transport
    self.appProtocol = appProtocol
    self.signature = signature
    self.action = action
    self.context = context
    self.raw = raw
  }

  /// The rule that matched, as the alert carries it.
  package struct Signature: Codable, Sendable, Hashable {
    package var gid: UInt32
    package var sid: UInt32
    package var rev: UInt32
    package var message: String
    package var category: String
    package var severity: Severity
    package init(
      gid: UInt32 = 1, sid: UInt32, rev: UInt32 = 1, message: String, category: String = "", severity: Severity
    ) {
      self.gid = gid
      self.sid = sid
      self.rev = rev
      self.message = message
      self.category = category
      self.severity = severity
    }
    /// `gid:sid`, the rule's name in keys, filters and on screen.
    package var id: String { "\(gid):\(sid)" }
  }

  /// What little of the transaction a watch officer needs at a glance; already masked.
  package struct Context: Codable, Sendable, Hashable {
    package var hostname: String?
    package var url: String?
    package var method: String?
    package var status: Int?
    package var userAgent: String?
    package var serverName: String?
    package var ja4: String?
    package var queryName: String?
    /// The sensor that saw it (`host` of the EVE line, or the source of the batch).
    package var sensor: String?
    /// Bytes of the answer's body.
    package var responseLength: Int64?
    /// Whether the packet that the rule matched went to the client (the server's answer); nil where it is not said.
    package var isToClient: Bool?
    /// What the rule's author says it aims at (`attack_target` of its metadata).
    package var attackTarget: String?
    package var flow: FlowFacts?
    /// `X-Forwarded-For` and `Forwarded` as they came: anybody can write them.
    package var forwardedFor: String?
    package var forwarded: String?
    /// Names of files that the request carried, without their folders.
    package var files: [String]?
    package init(
      hostname: String? = nil, url: String? = nil, method: String? = nil, status: Int? = nil,
      userAgent: String? = nil, serverName: String? = nil, ja4: String? = nil, queryName: String? = nil,
      sensor: String? = nil, responseLength: Int64? = nil, isToClient: Bool? = nil, attackTarget: String? = nil,
      flow: FlowFacts? = nil, forwardedFor: String? = nil, forwarded: String? = nil, files: [String]? = nil
    ) {
      self.responseLength = responseLength
      self.isToClient = isToClient
      self.attackTarget = attackTarget
      self.flow = flow
      self.forwardedFor = forwardedFor
      self.forwarded = forwarded
      self.files = files
      self.hostname = hostname
      self.url = url
      self.method = method
      self.status = status
      self.userAgent = userAgent
      self.serverName = serverName
      self.ja4 = ja4
      self.queryName = queryName
      self.sensor = sensor
    }
  }

  /// What the alert tells of its flow: so far, when the rule matched.
  package struct FlowFacts: Codable, Sendable, Hashable {
    package var packetsToServer: Int64
    package var packetsToClient: Int64
    package var bytesToServer: Int64
    package var bytesToClient: Int64
    /// Who opened it.
    package var initiator: IPAddress?
    /// The other side reset it.
    package var isReset: Bool
    package init(
      packetsToServer: Int64 = 0, packetsToClient: Int64 = 0, bytesToServer: Int64 = 0, bytesToClient: Int64 = 0,
      initiator: IPAddress? = nil, isReset: Bool = false
    ) {
      self.packetsToServer = packetsToServer
      self.packetsToClient = packetsToClient
      self.bytesToServer = bytesToServer
      self.bytesToClient = bytesToClient
      self.initiator = initiator
      self.isReset = isReset
    }
  }

  /// The name the traffic asked for: Host, else SNI.
  package var requestedHost: String? { context.hostname ?? context.serverName }

  /// The end that is ours: the destination where it lies in `home` or neither end does, else the source.
  package func protectedEnd(home: [IPPrefix]) -> (address: IPAddress?, port: UInt16) {
    func isHome(_ address: IPAddress?) -> Bool { address.map { a in home.contains { $0.contains(a) } } ?? false }
    return isHome(source) && !isHome(destination) ? (source, sourcePort) : (destination, destinationPort)
  }
}
