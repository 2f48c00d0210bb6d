internal import Wire

/// Addresses and ports of rule headers and variables: `any`, `10.0.0.0/8`, `1.1.1.1-1.1.1.9`, `$HOME_NET`,
/// `[10.0.0.0/8, !10.1.0.0/16]`, `!80`, `1024:`.
enum ExpressionParser {
  /// Lists within lists beyond this depth are nobody's network plan, and each level costs a stack frame.
  static let maximumDepth = 16
  /// One list of a block-list rule holds some fifty; a hundred thousand is room, and a bound.
  static let maximumItems = 100_000

  static func addresses(_ text: Text, depth: Int = 0) throws(RuleProblem) -> AddressExpression {
    let text = text.trimmed()
    guard let first = text.first else { throw bad("an address is missing", text) }
    if let bare = try bareList(text) {
      var items: [AddressExpression] = []
      for item in bare { items.append(try addresses(item, depth: try deeper(depth, text))) }
      return .list(items)
    }
    switch first {
    case ASCII.bang: return .not(try addresses(text.dropFirst(), depth: try deeper(depth, text)))
    case ASCII.open:
      var items: [AddressExpression] = []
      for item in try listItems(text) { items.append(try addresses(item, depth: try deeper(depth, text))) }
      return .list(items)
    case UInt8(ascii: "$"): return .variable(try variable(text))
    default: return try address(text)
    }
  }

  static func ports(_ text: Text, depth: Int = 0) throws(RuleProblem) -> PortExpression {
    let text = text.trimmed()
    guard let first = text.first else { throw bad("a port is missing", text) }
    if let bare = try bareList(text) {
      var items: [PortExpression] = []
      for item in bare { items.append(try ports(item, depth: try deeper(depth, text))) }
      return .list(items)
    }
    switch first {
    case ASCII.bang: return .not(try ports(text.dropFirst(), depth: try deeper(depth, text)))
    case ASCII.open:
      var items: [PortExpression] = []
      for item in try listItems(text) { items.append(try ports(item, depth: try deeper(depth, text))) }
      return .list(items)
    case UInt8(ascii: "$"): return .variable(try variable(text))
    default: return try port(text)
    }
  }

  private static func bad(_ sentence: String, _ text: Text, hint: String? = nil) -> RuleProblem {
    RuleProblem(.badHeader, at: text.startIndex, sentence, hint: hint)
  }

  private static func deeper(_ depth: Int, _ text: Text) throws(RuleProblem) -> Int {
    guard depth < maximumDepth else {
      throw RuleProblem(.limit, at: text.startIndex, "lists are nested more than \(maximumDepth) deep")
    }
    return depth + 1
  }

  private static func variable(_ text: Text) throws(RuleProblem) -> String {
    guard text.dropFirst().isName else { throw bad("\(text.quoted) is not the name of a variable", text) }
    return text.dropFirst().string
  }

  private static func listItems(_ text: Text) throws(RuleProblem) -> [Text] {
    guard text.last == ASCII.close, text.count >= 2 else {
      throw bad("the list \(text.quoted) has no closing bracket", text)
    }
    return try items(of: text.dropFirst().dropLast(), in: text)
  }

  /// A list that lacks its brackets (`5800,!445`), as old rules have it; nil where no comma stands outside brackets.
  private static func bareList(_ text: Text) throws(RuleProblem) -> [Text]? {
    guard text.contains(ASCII.comma), text.first != ASCII.open || text.last != ASCII.close else { return nil }
    let found = try items(of: text, in: text)
    return found.count > 1 ? found : nil
  }

  private static func items(of inside: Text, in text: Text) throws(RuleProblem) -> [Text] {
    var items: [Text] = []
    var depth = 0
    var start = inside.startIndex
    for index in inside.indices {
      switch inside[index] {
      case ASCII.open: depth += 1
      case ASCII.close: depth -= 1
      case ASCII.comma where depth == 0:
        items.append(inside[start..<index].trimmed())
        start = index + 1
      default: break
      }
      guard depth >= 0 else { throw bad("the list \(text.quoted) closes a bracket that it has not opened", text) }
    }
    items.append(inside[start...].trimmed())
    guard depth == 0 else { throw bad("the list \(text.quoted) has no closing bracket", text) }
    if items.count > 1, items.last?.isEmpty == true { items.removeLast() }
    guard !items.contains(where: \.isEmpty) else { throw bad("the list \(text.quoted) has an empty item", text) }
    guard items.count <= maximumItems else {
      throw RuleProblem(.limit, at: text.startIndex, "the list has \(items.count) items; the limit is \(maximumItems)")
    }
    return items
  }

  private static func address(_ text: Text) throws(RuleProblem) -> AddressExpression {
    if text.isEqual("any") { return .any }
    if let value = v4(text) { return IPPrefix(IPAddress(v4: value), length: 32).map { .prefix($0) } ?? .any }
    if let slash = text.firstIndex(of: ASCII.slash) {
      if let address = single(text[..<slash]), let length = maskLength(text[(slash + 1)...], address),
        let prefix = IPPrefix(address, length: length)
      {
        return .prefix(prefix)
      }
    } else if let dash = text.firstIndex(of: ASCII.dash) {
      if let low = single(text[..<dash].trimmed()), let high = single(text[(dash + 1)...].trimmed()),
        low.isV6 == high.isV6
      {
        guard low <= high else { throw bad("the range \(text.quoted) ends before it begins", text) }
        return .range(low...high)
      }
    } else if let address = single(text), let prefix = IPPrefix(address, length: address.width) {
      return .prefix(prefix)
    }
    throw bad(
      "\(text.quoted) is not an address, a network, a range or 'any'", text,
      hint: text.isName && !(text.first.map(ASCII.isDigit) ?? false) ? "variables begin with '$'" : nil)
  }

  private static func single(_ text: Text) -> IPAddress? {
    if let value = v4(text) { return IPAddress(v4: value) }
    return text.contains(ASCII.colon) ? IPAddress(text.string) : nil
  }

  private static func maskLength(_ text: Text, _ address: IPAddress) -> Int? {
    if let length = text.number(as: Int.self) { return length }
    guard !address.isV6, let mask = v4(text), (~mask &+ 1) & ~mask == 0 else { return nil }
    return mask.nonzeroBitCount
  }

  /// A dotted quad, without the arrays that the general reader makes: block lists hold thousands.
  private static func v4(_ text: Text) -> UInt32? {
    guard (7...15).contains(text.count) else { return nil }
    var value: UInt32 = 0
    var octet: UInt32 = 0
    var digits = 0
    var dots = 0
    for byte in text {
      if byte == 46 {
        guard digits > 0, dots < 3 else { return nil }
        value = value << 8 | octet
        octet = 0
        digits = 0
        dots += 1
      } else {
        guard ASCII.isDigit(byte), digits < 3, digits == 0 || octet > 0 else { return nil }
        octet = octet * 10 + UInt32(byte - 48)
        guard octet <= 255 else { return nil }
        digits += 1
      }
    }
    return dots == 3 && digits > 0 ? value << 8 | octet : nil
  }

  private static func port(_ text: Text) throws(RuleProblem) -> PortExpression {
    if text.isEqual("any") { return .any }
    if let colon = text.firstIndex(of: ASCII.colon) {
      let low = text[..<colon].trimmed()
      let high = text[(colon + 1)...].trimmed()
      if let from = low.isEmpty ? 0 : low.number(as: UInt16.self),
        let to = high.isEmpty ? .max : high.number(as: UInt16.self), !low.isEmpty || !high.isEmpty
      {
        guard from <= to else { throw bad("the port range \(text.quoted) ends before it begins", text) }
        return .range(from...to)
      }
    } else if let port = text.number(as: UInt16.self) {
      return .range(port...port)
    }
    throw bad(
      "\(text.quoted) is not a port (0 to 65535), a range or 'any'", text,
      hint: text.contains(ASCII.dash) ? "port ranges are written with a colon: 1024:2048" : nil)
  }
}
