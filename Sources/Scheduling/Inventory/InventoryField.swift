internal import Documents
internal import Records
internal import Wire

/// Fields of an inventory's entries, each from its text.
enum InventoryField {
  /// A day means its first moment (UTC), or for an end its last.
  static func time(_ value: DocumentValue, isEnd: Bool = false) throws(DocumentError) -> Timestamp {
    let text = try value.string()
    if let time = Timestamp(text: text) { return time }
    if let day = Timestamp(text: text + "T00:00:00Z") { return isEnd ? day.advanced(seconds: 86_400) : day }
    throw DocumentError(
      .badValue, value.position, "\"\(text.prefix(40))\" is no date",
      hint: "write 2026-12-31 or 2026-12-31T16:00:00+08:00")
  }

  static func address(_ value: DocumentValue) throws(DocumentError) -> SiteAddress {
    let text = try value.string()
    do { return try SiteAddress(parsing: text) } catch {
      throw DocumentError(.badValue, value.position, error.description)
    }
  }

  static func network(_ value: DocumentValue) throws(DocumentError) -> IPPrefix {
    let text = try value.string()
    if let network = IPPrefix(text) { return network }
    throw DocumentError(
      .badValue, value.position, "\"\(text.prefix(60))\" is no network", hint: "write 192.0.2.0/24")
  }

  /// Whoever comes from it is believed about his clients: half the Internet is no proxy.
  static func proxy(_ value: DocumentValue) throws(DocumentError) -> IPPrefix {
    let network = try network(value)
    let shortest = network.address.isV6 ? 16 : 8
    guard network.length >= shortest else {
      throw DocumentError(
        .badValue, value.position, "\(network) is too wide for a network of proxies",
        hint: "at least /\(shortest): everybody in it is believed about clients")
    }
    return network
  }

  static func ipAddress(_ value: DocumentValue) throws(DocumentError) -> IPAddress {
    guard let address = IPAddress(try value.string()) else {
      throw DocumentError(.badValue, value.position, "\(value.kind) is no address")
    }
    return address
  }

  /// A host name, or `*.` and one.
  static func pattern(_ value: DocumentValue) throws(DocumentError) -> String {
    let text = try value.string()
    let star = text.hasPrefix("*.")
    let name: String
    do { name = try HostName.normal(star ? text.dropFirst(2) : text[...]) } catch {
      throw DocumentError(.badValue, value.position, error.description)
    }
    guard !star || name.contains(".") else {
      throw DocumentError(.badValue, value.position, "\"\(text)\" would permit a whole top-level domain")
    }
    return (star ? "*." : "") + name
  }

  static func seconds(cadence value: DocumentValue) throws(DocumentError) -> Int {
    let seconds = try value.seconds()
    guard seconds >= 60, seconds < 1e9 else {
      throw DocumentError(
        .badValue, value.position, "\"\(try value.string().prefix(40))\" is no cadence: at least 60s",
        hint: "12h or 7d")
    }
    return Int(seconds)
  }

  static func rate(_ value: DocumentValue) throws(DocumentError) -> Double {
    let rate = try value.double()
    guard rate > 0, rate <= 10_000 else {
      throw DocumentError(.badValue, value.position, "a limit per second is more than 0 and at most 10000")
    }
    return rate
  }

  static func window(_ value: DocumentValue) throws(DocumentError) -> MaintenanceWindow {
    let hint = "write \"sat,sun 22:00-06:00 +08:00\", or two moments with a / between them"
    if case .map = value.content { return try window(map: value, hint) }
    let text = try value.string()
    guard let window = MaintenanceWindow(text) else {
      throw DocumentError(
        .badValue, value.position, "\"\(text.prefix(60))\" is no maintenance window", hint: hint)
    }
    return window
  }

  private static func window(map: DocumentValue, _ hint: String) throws(DocumentError) -> MaintenanceWindow {
    let zone = try map["zone"]?.string() ?? "UTC"
    let (from, until) = (try map.required("from").string(), try map.required("until").string())
    let days = try map["days"].map { value throws(DocumentError) in try value.strings().joined(separator: ",") }
    let text = days.map { "\($0) \(from)-\(until) \(zone)" } ?? "\(from)/\(until)"
    guard let window = MaintenanceWindow(text) else {
      throw DocumentError(.badValue, map.position, "this is no maintenance window", hint: hint)
    }
    return window
  }

  /// One of a closed set, in any case.
  static func choice<T>(_ value: DocumentValue, _: T.Type, _ noun: String) throws(DocumentError) -> T
  where T: RawRepresentable & CaseIterable, T.RawValue == String {
    let text = try value.string()
    if let known = T(rawValue: text.lowercased()) { return known }
    throw DocumentError(
      .badValue, value.position, "\"\(text.prefix(40))\" is no \(noun)",
      hint: T.allCases.map(\.rawValue).joined(separator: ", "))
  }

  /// Each item of a list, read by `read`; one text stands for a list of one.
  static func list<T>(
    _ value: DocumentValue?, limit: Int = InventoryLimits.listItems,
    _ read: (DocumentValue) throws(DocumentError) -> T
  ) throws(DocumentError) -> [T] {
    guard let value else { return [] }
    var items = [value]
    if case .list(let list) = value.content { items = list }
    guard items.count <= limit else {
      throw DocumentError(.tooManyValues, value.position, "the list has \(items.count) items, more than \(limit)")
    }
    var result: [T] = []
    result.reserveCapacity(items.count)
    for item in items { result.append(try read(item)) }
    return result
  }
}
