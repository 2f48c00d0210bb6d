import Records
import Wire

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
    let text = whole ? "\(Int(rest.rounded()))" : "\((rest * 10).rounded() / 10)"
    return "\(text) \(prefix)\(unit)"
  }

  /// `12:04:31`
  static func clock(_ time: Timestamp, _ look: Look) -> String { String(local(time, look).dropFirst(11).prefix(8)) }

  /// `12:03` today, else `11-21`.
  static func short(_ time: Timestamp, now: Timestamp, _ look: Look) -> String {
    let (text, today) = (local(time, look), local(now, look))
    return String(text.prefix(10) == today.prefix(10) ? text.dropFirst(11).prefix(5) : text.dropFirst(5).prefix(5))
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
  var letter: String {
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
