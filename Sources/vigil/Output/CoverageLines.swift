import Dashboard
import Records
import Wire

/// What was tested of a site, when, and what was not and why: one line an engine, one a check that is open.
struct CoverageLines {
  let entries: [CoverageEntry]
  let style: Ink

  func print() {
    guard !entries.isEmpty else { return }
    let checks = Dictionary(grouping: entries.filter { $0.check != "*" }, by: \.engine)
    var table = Table([
      .init("ENGINE"), .init("CHECK"), .init("STATE"), .init("SAID"), .init("LAST TESTED"), .init("WHY", yields: true),
    ])
    for whole in entries where whole.check == "*" {
      let all = checks[whole.engine] ?? []
      let tested = all.count { $0.status == .tested }
      table.add(line(whole, check: all.isEmpty ? "all" : "\(tested) of \(all.count)"))
      for check in all where check.status != .tested { table.add(line(check, check: check.check)) }
    }
    table.print(style)
  }

  private func line(_ entry: CoverageEntry, check: String) -> [String] {
    let tested = entry.status == .tested ? entry.time : entry.tested
    return [
      entry.engine, check, entry.status.rawValue, Moment.short(entry.time), tested.map { Moment.short($0) } ?? "never",
      Table.harmless(entry.reason),
    ]
  }
}
