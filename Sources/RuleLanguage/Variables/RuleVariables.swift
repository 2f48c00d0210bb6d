internal import Wire

/// Address and port groups by name, and what expressions come to with them. Built once, then only read.
package struct RuleVariables: Sendable {
  private var addressGroups: [String: AddressExpression] = [:]
  private var portGroups: [String: PortExpression] = [:]
  private var resolvedAddresses: [String: AddressSet] = [:]
  private var resolvedPorts: [String: PortSet] = [:]

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
    do { addressGroups[name] = try ExpressionParser.addresses(Array(text.utf8)[...]) } catch {
      throw Problem(sentence: "the address group \(name) is wrong: \(error.sentence)")
    }
  }

  package mutating func setPorts(_ name: String, _ text: String) throws(Problem) {
    do { portGroups[name] = try ExpressionParser.ports(Array(text.utf8)[...]) } catch {
      throw Problem(sentence: "the port group \(name) is wrong: \(error.sentence)")
    }
  }

  /// Works out every group; to be called after the last `set`. Throws for cycles, unknown names and empty groups.
  package mutating func resolve() throws(Problem) {
    resolvedAddresses = [:]
    resolvedPorts = [:]
    for name in addressGroups.keys.sorted() { _ = try addressGroup(name, path: []) }
    for name in portGroups.keys.sorted() { _ = try portGroup(name, path: []) }
  }

  /// The addresses of a rule's end.
  package func addresses(of expression: AddressExpression) throws(Problem) -> AddressSet {
    if case .any = expression { return AddressSet(ranges: IntervalSet<IPAddress>.everything, isAny: true) }
    if case .variable(let name) = expression, let known = resolvedAddresses[name] { return known }
    var copy = self
    return try copy.set(expression, path: [])
  }

  package func ports(of expression: PortExpression) throws(Problem) -> PortSet {
    if case .any = expression { return PortSet(ranges: IntervalSet<UInt16>.everything, isAny: true) }
    if case .variable(let name) = expression, let known = resolvedPorts[name] { return known }
    var copy = self
    return try copy.set(expression, path: [])
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

  private mutating func addressGroup(_ name: String, path: [String]) throws(Problem) -> AddressSet {
    if let known = resolvedAddresses[name] { return known }
    guard let expression = addressGroups[name] else { throw unknown(name, "address", addressGroups.keys.sorted()) }
    guard !path.contains(name) else { throw cycle(path + [name]) }
    let set = try set(expression, path: path + [name])
    resolvedAddresses[name] = set
    return set
  }

  private mutating func portGroup(_ name: String, path: [String]) throws(Problem) -> PortSet {
    if let known = resolvedPorts[name] { return known }
    guard let expression = portGroups[name] else { throw unknown(name, "port", portGroups.keys.sorted()) }
    guard !path.contains(name) else { throw cycle(path + [name]) }
    let set = try set(expression, path: path + [name])
    resolvedPorts[name] = set
    return set
  }

  private func unknown(_ name: String, _ kind: String, _ known: [String]) -> Problem {
    let hint = Spelling.nearest(to: name, in: known).map { " (did you mean '$\($0)'?)" } ?? ""
    return Problem(sentence: "the \(kind) group '$\(name)' is not defined\(hint)")
  }

  private func cycle(_ path: [String]) -> Problem {
    Problem(sentence: "the group '$\(path[0])' is defined by itself: \(path.joined(separator: " -> "))")
  }

  private mutating func set(_ expression: AddressExpression, path: [String]) throws(Problem) -> AddressSet {
    let ranges = IntervalSet<IPAddress>.normalised(try intervals(expression, path))
    guard !ranges.isEmpty else { throw Problem(sentence: "'\(expression.text)' leaves no address") }
    return AddressSet(ranges: ranges, isAny: ranges == IntervalSet<IPAddress>.everything)
  }

  private mutating func set(_ expression: PortExpression, path: [String]) throws(Problem) -> PortSet {
    let ranges = IntervalSet<UInt16>.normalised(try intervals(expression, path))
    guard !ranges.isEmpty else { throw Problem(sentence: "'\(expression.text)' leaves no port") }
    return PortSet(ranges: ranges, isAny: ranges == IntervalSet<UInt16>.everything)
  }

  private mutating func intervals(
    _ expression: AddressExpression, _ path: [String]
  ) throws(Problem) -> [ClosedRange<IPAddress>] {
    switch expression {
    case .any: return IntervalSet<IPAddress>.everything
    case .prefix(let prefix): return [prefix.bounds]
    case .range(let range): return [range]
    case .variable(let name): return try addressGroup(name, path: path).ranges
    case .not(let inner):
      return IntervalSet.subtract(try intervals(inner, path), from: IntervalSet<IPAddress>.everything)
    case .list(let items):
      var included: [ClosedRange<IPAddress>] = []
      var excluded: [ClosedRange<IPAddress>] = []
      var positives = false
      for item in items {
        if case .not(let inner) = item {
          excluded += try intervals(inner, path)
        } else {
          included += try intervals(item, path)
          positives = true
        }
      }
      return IntervalSet.subtract(excluded, from: positives ? included : IntervalSet<IPAddress>.everything)
    }
  }

  private mutating func intervals(
    _ expression: PortExpression, _ path: [String]
  ) throws(Problem) -> [ClosedRange<UInt16>] {
    switch expression {
    case .any: return IntervalSet<UInt16>.everything
    case .range(let range): return [range]
    case .variable(let name): return try portGroup(name, path: path).ranges
    case .not(let inner):
      return IntervalSet.subtract(try intervals(inner, path), from: IntervalSet<UInt16>.everything)
    case .list(let items):
      var included: [ClosedRange<UInt16>] = []
      var excluded: [ClosedRange<UInt16>] = []
      var positives = false
      for item in items {
        if case .not(let inner) = item {
          excluded += try intervals(inner, path)
        } else {
          included += try intervals(item, path)
          positives = true
        }
      }
      return IntervalSet.subtract(excluded, from: positives ? included : IntervalSet<UInt16>.everything)
    }
  }
}
