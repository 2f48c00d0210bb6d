import ContentBundle
import ControlAPI
import Hub
import Records
import Wire

/// How bundles and content look on a terminal.
enum ContentLines {
  static func lines(_ found: ContentFindings, most: Int) -> [String] {
    var lines = [
      "bundle    \(found.bundle), version \(found.version), made \(found.made.text) (\(age(found.made)) ago)",
      "sha256    \(found.digest)",
      "signed    " + (found.signer.map { "by \($0), a trusted key" } ?? "by no trusted key: believed by its hash"),
    ]
    for (verdict, difference) in zip(found.verdicts, found.differences) {
      let counts =
        "\(difference.added.count) files added, \(difference.changed.count) changed, \(difference.removed.count) removed"
      lines.append("\(verdict.kind.rawValue): \(verdict.sentence); \(counts)")
      lines += verdict.problems.map { "    \($0)" }
      lines += listed(difference.added, "+", difference.changed, "~", difference.removed, "-", most: most)
      if verdict.kind == .rules, let rules = found.rules {
        lines.append(
          "    rules: \(rules.new.count) new, \(rules.changed.count) changed, \(rules.gone.count) gone")
        lines += listed(rules.new, "+", rules.changed, "~", rules.gone, "-", most: most)
      }
    }
    return lines.map(Table.harmless)
  }

  private static func listed(
    _ one: [String], _ first: String, _ two: [String], _ second: String, _ three: [String], _ third: String, most: Int
  ) -> [String] {
    let all = one.map { "    \(first) \($0)" } + two.map { "    \(second) \($0)" } + three.map { "    \(third) \($0)" }
    let shown = all.prefix(max(most, 0))
    return shown + (all.count > shown.count ? ["    and \(all.count - shown.count) more"] : [])
  }

  static func age(_ made: Timestamp, now: Timestamp = WallClock.system.now()) -> String {
    Moment.countdown(Timestamp(nanoseconds: now.nanoseconds), now: made)
  }

  static func table(_ items: [ContentItem]) -> Table {
    var table = Table([
      .init("KIND"), .init("VERSION"), .init("MADE"), .init("AGE", isRight: true), .init("INSTALLED"), .init("BY"),
      .init("SIGNED BY"), .init("DIGEST"), .init("SOURCE", yields: true),
    ])
    for item in items {
      let age = item.made.map { self.age($0) + (item.isStale ? " old" : "") } ?? "-"
      table.add([
        item.kind, item.version ?? "-", item.made.map { String($0.text.prefix(10)) } ?? "not determined", age,
        item.installed.map { String($0.text.prefix(16)) } ?? "-", item.by ?? "-",
        item.signer ?? (item.digest == nil ? "-" : "hash"), item.digest.map { String($0.prefix(16)) } ?? "-",
        (item.source ?? "none") + (item.note.map { " (\($0))" } ?? ""),
      ])
    }
    return table
  }
}
