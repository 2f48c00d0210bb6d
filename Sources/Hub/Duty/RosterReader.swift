internal import Documents
internal import Records
internal import Wire

/// A roster out of a file (YAML or JSON); the first mistake ends it, with its line and column.
struct RosterReader {
  /// A roster of a thousand overrides has a tenth of it.
  static let limits = {
    var limits = DocumentLimits()
    limits.bytes = 1 << 20
    return limits
  }()

  static func read(_ text: String, name: String) throws(DocumentError) -> Roster {
    let root =
      name.lowercased().hasSuffix(".json")
      ? try JSONDocument.parse(text, file: name, limits: limits)
      : try YAMLDocument.parse(text, file: name, limits: limits)
    try known(root, ["id", "name", "zone", "layers", "overrides"])
    let id = try root.required("id")
    let zone = try root.required("zone")
    let zoneName = try zone.string()
    guard ZoneRules.zone(zoneName, around: Timestamp(nanoseconds: 0)) != nil else {
      throw refused(zone, "\(zone.kind) is no time zone", hint: "an IANA name such as Asia/Shanghai")
    }
    let layers = try root.required("layers")
    return Roster(
      id: try identifier(id), name: try title(root, id),
      zone: try zone.string(),
      layers: try all(layers, most: Roster.mostLayers, "layers", layer),
      overrides: try optional(root["overrides"]) { value throws(DocumentError) in
        try all(value, most: Roster.mostOverrides, "overrides", override)
      } ?? [])
  }

  private static func optional<T>(
    _ value: DocumentValue?, _ read: (DocumentValue) throws(DocumentError) -> T
  ) throws(DocumentError) -> T? {
    guard let value else { return nil }
    return try read(value)
  }

  private static func all<T>(
    _ list: DocumentValue, most: Int, _ what: String, _ read: (DocumentValue) throws(DocumentError) -> T
  ) throws(DocumentError) -> [T] {
    let values = try list.list()
    guard values.count <= most else {
      throw refused(list, "there are \(values.count) \(what), at most \(most) are read")
    }
    var result: [T] = []
    for value in values { result.append(try read(value)) }
    return result
  }

  private static func title(_ root: DocumentValue, _ id: DocumentValue) throws(DocumentError) -> BilingualText {
    guard let name = root["name"] else { return BilingualText(try id.string()) }
    return try bilingual(name)
  }

  // MARK: layers

  private static func layer(_ value: DocumentValue) throws(DocumentError) -> Roster.Layer {
    try known(value, ["name", "step", "people", "rotation", "from", "handover", "hours", "days"])
    let handover = try optional(value["handover"], timeOfDay) ?? 8 * 3600
    let place = try value.required("from")
    let text = try place.string()
    guard text.utf8.count == 10, let day = LocalMoment(text: text) else {
      throw refused(
        place, "\(place.kind) is no date", hint: "the first turn's day, as 2026-11-02; its time is handover")
    }
    let people = try value.required("people")
    let step = try step(value)
    return Roster.Layer(
      name: try optional(value["name"]) { value throws(DocumentError) in try value.string() } ?? "step \(step)",
      step: step,
      people: try names(people, least: 1), turnHours: try rotation(value.required("rotation")),
      from: LocalMoment(seconds: day.seconds + handover), hours: try optional(value["hours"], hours),
      days: try optional(value["days"], days) ?? [])
  }

  private static func step(_ value: DocumentValue) throws(DocumentError) -> Int {
    try value.required("step").int(in: 1...Roster.steps)
  }

  private static func rotation(_ value: DocumentValue) throws(DocumentError) -> Int {
    let text = try value.string()
    if text == "daily" { return 24 }
    if text == "weekly" { return 168 }
    guard text.hasSuffix("h"), let hours = Int(text.dropLast()), (1...8784).contains(hours) else {
      throw refused(value, "\(value.kind) is no rotation", hint: "daily, weekly, or hours such as 12h (1h to 8784h)")
    }
    return hours
  }

  private static func hours(_ value: DocumentValue) throws(DocumentError) -> Roster.DayHours {
    let text = try value.string()
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let from = seconds(parts[0]), let until = seconds(parts[1]), from != until else {
      throw refused(value, "\(value.kind) are no hours", hint: "for example 20:00-08:00")
    }
    return Roster.DayHours(from: from, until: until)
  }

  private static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  private static func days(_ value: DocumentValue) throws(DocumentError) -> [Int] {
    var result: [Int] = []
    for day in try value.list() {
      let text = try day.string()
      guard let place = weekdays.firstIndex(of: text) else {
        throw DocumentError(
          .badValue, day.position, "\(day.kind) is no day of the week",
          hint: DocumentError.suggestion(for: text, among: weekdays))
      }
      result.append(place + 1)
    }
    return result
  }

  private static func timeOfDay(_ value: DocumentValue) throws(DocumentError) -> Int64 {
    let text = try value.string()
    guard let seconds = seconds(Substring(text)), seconds < 86_400 else {
      throw refused(value, "\(value.kind) is no time of day", hint: "in quotes: \"08:00\"")
    }
    return seconds
  }

  /// `08:00`; `24:00` is the day's end.
  private static func seconds(_ text: Substring) -> Int64? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int64(parts[0]),
      let minute = Int64(parts[1]), (0..<60).contains(minute), (0...24).contains(hour), hour < 24 || minute == 0
    else { return nil }
    return hour * 3600 + minute * 60
  }

  // MARK: overrides

  private static func override(_ value: DocumentValue) throws(DocumentError) -> Roster.Override {
    try known(value, ["step", "people", "from", "until", "reason"])
    let from = try moment(value.required("from"))
    let place = try value.required("until")
    let until = try moment(place)
    guard from < until else { throw refused(place, "the override ends before it begins") }
    return Roster.Override(
      step: try step(value),
      people: try optional(value["people"]) { value throws(DocumentError) in try names(value, least: 0) } ?? [],
      from: from, until: until, reason: try value["reason"]?.string() ?? "override")
  }

  private static func moment(_ value: DocumentValue) throws(DocumentError) -> LocalMoment {
    let text = try value.string()
    guard let moment = LocalMoment(text: text) else {
      throw refused(value, "\(value.kind) is no local time", hint: "2026-10-01T08:00, by the roster's own clock")
    }
    return moment
  }

  // MARK: words

  private static func names(_ value: DocumentValue, least: Int) throws(DocumentError) -> [String] {
    let values = try value.list()
    guard (least...Roster.mostPeople).contains(values.count) else {
      throw refused(value, "there are \(values.count) people, and \(least) to \(Roster.mostPeople) may be")
    }
    var result: [String] = []
    for value in values { result.append(try identifier(value)) }
    return result
  }

  private static func identifier(_ value: DocumentValue) throws(DocumentError) -> String {
    let text = try value.string()
    let isPlain = text.utf8.allSatisfy { byte in
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "._-".utf8.contains(byte)
    }
    guard isPlain, (1...64).contains(text.utf8.count) else {
      throw refused(value, "\(value.kind) is no id", hint: "1 to 64 letters, digits, points, dashes and underscores")
    }
    return text
  }

  private static func bilingual(_ value: DocumentValue) throws(DocumentError) -> BilingualText {
    if case .scalar(let text, plain: _) = value.content { return BilingualText(text) }
    try known(value, ["en", "zh"])
    return BilingualText(en: try value.required("en").string(), zh: try value.required("zh").string())
  }

  private static func known(_ value: DocumentValue, _ keys: [String]) throws(DocumentError) {
    _ = try value.map()
    if let first = value.unknownKeys(besides: keys).first { throw first }
  }

  private static func refused(_ value: DocumentValue, _ sentence: String, hint: String? = nil) -> DocumentError {
    DocumentError(.badValue, value.position, sentence, hint: hint)
  }
}
