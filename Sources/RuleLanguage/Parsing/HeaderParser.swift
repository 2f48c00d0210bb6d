/// Protocol names of rule headers.
package enum RuleProtocols {
  package static let packet: Set<String> = [
    "ip", "ipv4", "ipv6", "tcp", "udp", "icmp", "icmpv4", "icmpv6", "sctp", "esp", "gre", "tcp-pkt", "tcp-stream",
    "pkthdr",
  ]
  package static let application: Set<String> = [
    "http", "http1", "http2", "tls", "dns", "doh2", "mdns", "smb", "dcerpc", "ftp", "ftp-data", "ssh", "smtp", "imap",
    "pop3", "modbus", "dnp3", "enip", "nfs", "ike", "krb5", "ntp", "dhcp", "rfb", "rdp", "snmp", "tftp", "sip", "sdp",
    "bittorrent-dht", "mqtt", "quic", "telnet", "websocket", "ldap", "pgsql", "rpc", "irc", "arp", "ether",
  ]
  static let aliases = ["ssl": "tls", "ip4": "ipv4", "ip6": "ipv6", "ikev2": "ike", "tcpstream": "tcp-stream"]

  static let hooks: [String: Set<String>] = [
    "tcp": ["flow_start", "all"], "udp": ["flow_start", "all"], "ip": ["flow_start", "all"],
    "http1": [
      "request_started", "request_line", "request_headers", "request_body", "request_trailer", "request_complete",
      "response_started", "response_line", "response_headers", "response_body", "response_trailer",
      "response_complete",
    ],
    "tls": [
      "client_in_progress", "client_hello_done", "client_cert_done", "client_handshake_done", "client_finished",
      "server_in_progress", "server_hello", "server_cert_done", "server_hello_done", "server_handshake_done",
      "server_finished",
    ],
  ]
  static let anyHooks: Set<String> = [
    "request_started", "request_complete", "response_started", "response_complete",
  ]

  static func knows(hook: String, of name: String) -> Bool {
    let own = hooks[name == "http" ? "http1" : name] ?? []
    return own.contains(hook) || (!packet.contains(name) && anyHooks.contains(hook))
  }
}

/// `alert http $HOME_NET any -> any 80`, and where the options begin.
enum HeaderParser {
  /// Reads the header from `text`; returns the rule so far and the text between the parentheses.
  static func parse(_ text: Text) throws(RuleProblem) -> (Rule, options: Text) {
    let text = text.trimmed()
    var rest = text
    guard let action = RuleAction(rawValue: nextField(&rest).string) else { throw noAction(text) }
    let proto = try proto(nextField(&rest))
    let source = nextField(&rest)
    let sourcePorts = nextField(&rest)
    let arrow = nextField(&rest)
    let destination = nextField(&rest)
    let destinationPorts = nextField(&rest)
    guard let direction = RuleDirection(rawValue: arrow.string) else {
      throw RuleProblem(
        .badHeader, at: arrow.startIndex, "a direction ('->', '<>' or '=>') is needed here, not \(arrow.quoted)",
        hint: arrow.isEqual("<-") ? "swap the two ends and write '->'" : nil)
    }
    rest = rest.trimmed()
    guard rest.first == UInt8(ascii: "("), !destinationPorts.isEmpty else {
      throw RuleProblem(.badHeader, at: rest.startIndex, "the options in parentheses are missing")
    }
    guard rest.last == UInt8(ascii: ")"), rest.count >= 2 else {
      throw RuleProblem(.badOption, at: rest.endIndex - 1, "the rule has no closing parenthesis")
    }
    let rule = Rule(
      action: action, proto: proto, source: try ExpressionParser.addresses(source),
      sourcePorts: try ExpressionParser.ports(sourcePorts), direction: direction,
      destination: try ExpressionParser.addresses(destination),
      destinationPorts: try ExpressionParser.ports(destinationPorts))
    return (rule, rest.dropFirst().dropLast())
  }

  private static func noAction(_ text: Text) -> RuleProblem {
    let word = text.wordAndRest().word
    return RuleProblem(
      .notARule, at: text.startIndex, "a rule begins with alert, pass, drop or reject, not \(word.quoted)",
      hint: Spelling.nearest(to: word.prefix(40).string, in: RuleAction.allCases.map(\.rawValue))
        .map { "did you mean '\($0)'?" })
  }

  /// Up to white space or the options' parenthesis, brackets kept together.
  private static func nextField(_ rest: inout Text) -> Text {
    var index = rest.startIndex
    while index < rest.endIndex, ASCII.isSpace(rest[index]) { index += 1 }
    let start = index
    var depth = 0
    while index < rest.endIndex {
      let byte = rest[index]
      if byte == ASCII.open { depth += 1 }
      if byte == ASCII.close { depth -= 1 }
      if depth <= 0, ASCII.isSpace(byte) || byte == UInt8(ascii: "(") { break }
      index += 1
    }
    let field = rest[start..<index]
    rest = rest[index...]
    return field
  }

  private static func proto(_ text: Text) throws(RuleProblem) -> RuleProtocol {
    let colon = text.firstIndex(of: ASCII.colon) ?? text.endIndex
    let written = text[..<colon].string.lowercased()
    let name = RuleProtocols.aliases[written] ?? written
    guard RuleProtocols.packet.contains(name) || RuleProtocols.application.contains(name) else {
      let known = (RuleProtocols.packet.union(RuleProtocols.application)).sorted()
      throw RuleProblem(
        .unknownProtocol, at: text.startIndex, "unknown protocol \(text.quoted)",
        hint: Spelling.nearest(to: written, in: known).map { "did you mean '\($0)'?" })
    }
    guard colon < text.endIndex else { return RuleProtocol(name: name, hook: nil) }
    let hook = text[(colon + 1)...].string
    guard RuleProtocols.knows(hook: hook, of: name) else {
      throw RuleProblem(.badHeader, at: colon + 1, "the protocol '\(name)' has no hook '\(hook)'")
    }
    return RuleProtocol(name: name, hook: hook)
  }
}
