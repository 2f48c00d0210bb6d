internal import Wire

/// Address and port groups by name, and what expressions come to with them. Built once, then only read.
package struct RuleVariables: Sendable {
  private var addresses = GroupTable<AddressExpression>()
  private var ports = GroupTable<PortExpression>()

  /// What is wrong with a group, for the operator.
  package struct Problem: Error, Hashable, Sendable {
    package var sentence: String
  }

  /// No groups at all.
  package init() {}

  /// The groups that rule sets expect, as a home network of private addresses.
  package static let standardAddresses: [(name: String, value: String)] = [
    ("HOME_NET", "[192.168.0.0/16,10.0.0.0/8,172.16.0.0/12]"), ("EXTERNAL_NET", "!$HOME_NET"),
    ("HTTP_SERVERS", "$HOME_NET"), ("SMTP_SERVERS", "$HOME_NET"), ("SQL_SERVERS", "$HOME_NET"),
    ("DNS_SERVERS", "$HOME_NET"), ("TELNET_SERVERS", "$HOME_NET"), ("AIM_SERVERS", "$EXTERNAL_NET"),
    ("DC_SERVERS", "$HOME_NET"), ("DNP3_SERVER", "$HOME_NET"), ("DNP3_CLIENT", "$HOME_NET"),
    ("MODBUS_CLIENT", "$HOME_NET"), ("MODBUS_SERVER", "$HOME_NET"), ("ENIP_CLIENT", "$HOME_NET"),
    ("ENIP_SERVER", "$HOME_NET"),
  ]
  package static let standardPorts: [(name: String, value: String)] = [
    ("HTTP_PORTS", "80"), ("SHELLCODE_PORTS", "!80"), ("ORACLE_PORTS", "1521"), ("SSH_PORTS", "22"),
    ("DNP3_PORTS", "20000"), ("MODBUS_PORTS", "502"), ("FILE_DATA_PORTS", "[$HTTP_PORTS,110,143]"),
    ("FTP_PORTS", "21"), ("GENEVE_PORTS", "6081"), ("VXLAN_PORTS", "4789"), ("TEREDO_PORTS", "3544"),
    ("SIP_PORTS", "[5060,5061]"),
  ]

  /// The standard groups, with those given in their place or beside them.
  package static func standard(
    addresses: [(name: String, value: String)] = [], ports: [(name: String, value: String)] = []
  ) throws(Problem) -> RuleVariables {
    var variables = RuleVariables()
    for (name, value) in standardAddresses + addresses { try variables.setAddresses(name, value) }
    for (name, value) in standardPorts + ports { try variables.setPorts(name, value) }
    try variables.resolve()
    return variables
  }

  package mutating func setAddresses(_ name: String, _ text: String) throws(Problem) {
    do { addresses[name] = try ExpressionParser.addresses(Array(text.utf8)[...]) } catch {
      throw Problem(sentence: "the address group \(name) is wrong: \(error.sentence)")
    }
  }

  package mutating func setPorts(_ name: String, _ text: String) throws(Problem) {
    do { ports[name] = try ExpressionParser.ports(Array(text.utf8)[...]) } catch {
      throw Problem(sentence: "the port group \(name) is wrong: \(error.sentence)")
    }
  }

  /// Works out every group; to be called after the last `set`. Throws for cycles, unknown names and empty groups.
  package mutating func resolve() throws(Problem) {
    try addresses.resolve()
    try ports.resolve()
  }

  /// The addresses of a rule's end.
  package func addresses(of expression: AddressExpression) throws(Problem) -> AddressSet {
    let ranges = try RuleVariables.ranges(of: expression, addresses)
    return AddressSet(ranges: ranges, isAny: ranges == IntervalSet<IPAddress>.everything)
  }

  package func ports(of expression: PortExpression) throws(Problem) -> PortSet {
    let ranges = try RuleVariables.ranges(of: expression, ports)
    return PortSet(ranges: ranges, isAny: ranges == IntervalSet<UInt16>.everything)
  }

  /// Without a copy of the table for what nearly all rules name: any, or one group.
  private static func ranges<Expression: GroupExpression>(
    of expression: Expression, _ table: GroupTable<Expression>
  ) throws(Problem) -> [ClosedRange<Expression.Bound>] {
    if case .variable(let name) = expression.shape, let known = table.resolved[name] { return known }
    var copy = table
    return try copy.ranges(of: expression)
  }

  /// The rules whose variables are all known and come to something; a diagnostic for each of the others.
  package func check(_ rules: [Rule], file: String) -> (rules: [Rule], diagnostics: [RuleDiagnostic]) {
    var kept: [Rule] = []
    var diagnostics: [RuleDiagnostic] = []
    for rule in rules {
      do throws(Problem) {
        _ = try addresses(of: rule.source)
        _ = try addresses(of: rule.destination)
        _ = try ports(of: rule.sourcePorts)
        _ = try ports(of: rule.destinationPorts)
        kept.append(rule)
      } catch {
        diagnostics.append(
          RuleDiagnostic(
            severity: .error, code: .undefinedVariable, file: rule.file.isEmpty ? file : rule.file, line: rule.line,
            column: 1, sid: rule.sid,
            sentence: error.sentence))
      }
    }
    return (kept, diagnostics)
  }
}
