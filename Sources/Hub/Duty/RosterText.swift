internal import Records

/// A roster as YAML that `RosterReader` reads to the same.
enum RosterText {
  static func text(_ roster: Roster) -> String {
    var lines = [
      "id: \(roster.id)", "name: {en: \(quoted(roster.name.en)), zh: \(quoted(roster.name.zh))}",
      "zone: \(roster.zone)", "layers:",
    ]
    for layer in roster.layers { lines += self.layer(layer) }
    if !roster.overrides.isEmpty { lines.append("overrides:") }
    for override in roster.overrides {
      lines.append(
        "  - {step: \(override.step), people: [\(override.people.joined(separator: ", "))], from: \"\(override.from.text)\", "
          + "until: \"\(override.until.text)\", reason: \(quoted(override.reason))}")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func layer(_ layer: Roster.Layer) -> [String] {
    let day = LocalMoment(seconds: layer.from.day * 86_400).text.prefix(10)
    var lines = [
      "  - name: \(quoted(layer.name))", "    step: \(layer.step)",
      "    people: [\(layer.people.joined(separator: ", "))]", "    rotation: \(rotation(layer.turnHours))",
      "    from: \"\(day)\"", "    handover: \"\(clock(layer.from.secondOfDay))\"",
    ]
    if let hours = layer.hours { lines.append("    hours: \"\(clock(hours.from))-\(clock(hours.until))\"") }
    if !layer.days.isEmpty {
      let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
      lines.append("    days: [\(layer.days.map { names[min(max($0 - 1, 0), 6)] }.joined(separator: ", "))]")
    }
    return lines
  }

  private static func rotation(_ hours: Int) -> String {
    hours == 24 ? "daily" : hours == 168 ? "weekly" : "\(hours)h"
  }

  private static func clock(_ seconds: Int64) -> String {
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(two(seconds / 3600)):\(two(seconds / 60 % 60))"
  }

  /// A JSON string is a YAML string.
  private static func quoted(_ text: String) -> String { (try? RecordJSON.text(text)) ?? "\"\"" }
}
