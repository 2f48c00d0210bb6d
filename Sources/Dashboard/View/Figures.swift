package import Records
import Wire

extension Int {
  /// The whole number that a figure is near, of any figure: none is nought, and none is too large.
  init(bounded figure: Double) { self = figure.isNaN ? 0 : Int(Swift.min(Swift.max(figure, -1e15), 1e15)) }
}

/// Numbers and times as officers read them.
enum Figures {
  /// `1,912`
  static func grouped(_ value: some BinaryInteger) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// `812 Mbit/s`
  static func bits(_ perSecond: Double) -> String { scaled(perSecond, "bit/s") }
  static func packets(_ perSecond: Double) -> String { scaled(perSecond, "pkt/s") }

  private static func scaled(_ value: Double, _ unit: String) -> String {
    guard value.isFinite, value >= 0 else { return "? \(unit)" }
    var (rest, prefix) = (value, "")
    for next in ["k", "M", "G", "T"] where rest >= 1000 { (rest, prefix) = (rest / 1000, next) }
    let whole = rest >= 10 || rest == rest.rounded()
    let text = whole ? "\(Int(bounded: rest.rounded()))" : "\((rest * 10).rounded() / 10)"
    return "\(text) \(prefix)\(unit)"
  }

  /// `1,912`, `3.5`: at most one decimal.
  static func plain(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "?" }
    let tenths = (value * 10).rounded()
    if tenths.truncatingRemainder(dividingBy: 10) == 0 { return grouped(Int64(tenths / 10)) }
    return "\(tenths / 10)"
  }

  /// `420 ms`, `12 s`, `5 min`, `3 h`, `2 d`: the largest unit alone.
  static func span(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "?" }
    if seconds < 1 { return "\(Int((seconds * 1000).rounded())) ms" }
    for (size, unit) in [(86_400.0, "d"), (3600, "h"), (60, "min")] where seconds >= size {
      return "\(plain((seconds / size).rounded(.down))) \(unit)"
    }
    return "\(plain(seconds < 10 ? seconds : seconds.rounded(.down))) s"
  }

  /// `12 s old`, `12 秒前`.
  static func age(_ seconds: Double, _ language: Language) -> String {
    let whole = span(max(seconds, 0).rounded(.down))
    guard language == .zh else { return whole == "0 ms" ? "0 s old" : "\(whole) old" }
    let units = ["ms": "毫秒", "s": "秒", "min": "分钟", "h": "小时", "d": "天"]
    let parts = whole.split(separator: " ").map(String.init)
    guard parts.count == 2, let unit = units[parts[1]] else { return whole }
    return whole == "0 ms" ? "0 秒前" : "\(parts[0]) \(unit)前"
  }

  /// `12:04:31`
  static func clock(_ time: Timestamp, _ look: Look) -> String { String(local(time, look).dropFirst(11).prefix(8)) }

  /// `12:03` today, else `11-21`.
  static func short(_ time: Timestamp, now: Timestamp, _ look: Look) -> String {
    let (text, today) = (local(time, look), local(now, look))
    return String(text.prefix(10) == today.prefix(10) ? text.dropFirst(11).prefix(5) : text.dropFirst(5).prefix(5))
  }

  /// `12:03` where it is of the other's day, else `11-21 12:03`.
  static func minute(_ time: Timestamp, after other: Timestamp, _ look: Look) -> String {
    let (text, day) = (local(time, look), local(other, look).prefix(10))
    let minute = text.dropFirst(11).prefix(5)
    return text.prefix(10) == day ? String(minute) : "\(text.dropFirst(5).prefix(5)) \(minute)"
  }

  /// `11-22 12:04:31`
  static func moment(_ time: Timestamp, _ look: Look) -> String {
    let text = local(time, look)
    return "\(text.dropFirst(5).prefix(5)) \(text.dropFirst(11).prefix(8))"
  }

  private static func local(_ time: Timestamp, _ look: Look) -> String {
    time.advanced(seconds: Double(look.offset)).text
  }
}

extension Severity {
  /// As it stands before everything that has a severity.
  package var letter: String {
    switch self {
    case .critical: "C"
    case .high: "H"
    case .medium: "M"
    case .low: "L"
    case .info: "I"
    }
  }
  var role: Role {
    switch self {
    case .critical: .critical
    case .high: .high
    case .medium: .medium
    case .low: .low
    case .info: .info
    }
  }
  var label: Label {
    switch self {
    case .critical: .critical
    case .high: .high
    case .medium: .medium
    case .low: .low
    case .info: .info
    }
  }
}

extension Outcome {
  /// Nil where nothing is known: shown as `-`.
  var label: Label? {
    switch self {
    case .notDetermined: nil
    case .failed: .failed
    case .attempted: .attempted
    case .succeeded: .succeeded
    case .compromised: .compromised
    }
  }
  var role: Role {
    switch self {
    case .compromised: .critical
    case .succeeded: .high
    case .attempted: .text
    case .failed, .notDetermined: .dim
    }
  }
}

extension BilingualText {
  func text(_ language: Language) -> String { language == .zh && !zh.isEmpty ? zh : en }
}
