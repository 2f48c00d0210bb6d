import ControlAPI
import Dashboard
import Records
import Wire

/// `vigil scans`: the day at a glance.
struct ScanStatusLines {
  let scans: ScanOverview
  let style: Ink

  func print() {
    Console.out.line(
      "\(scans.fresh) of \(scans.sites) sites fresh, \(scans.never) never tested, "
        + "\(scans.notAuthorised) not authorised, \(scans.running) jobs running, \(scans.due) due")
    for stop in scans.stops {
      Console.out.line("stopped: \(stop.site ?? "all sites"), by \(stop.by) since \(stop.since.text)")
    }
    for period in scans.guards { Console.out.line(ScanStatusLines.words(period)) }
    if scans.sites > 0 { classes() }
    for hold in scans.held { Console.out.line("held: \(hold.jobs) jobs, \(hold.reason)") }
    if !scans.jobs.isEmpty { running() }
  }

  private func classes() {
    var table = Table([
      .init("CLASS"), .init("JOBS", isRight: true), .init("RUNNING", isRight: true), .init("DUE", isRight: true),
      .init("LAG", isRight: true),
    ])
    for row in scans.classes {
      table.add([
        row.name, "\(row.jobs)", "\(row.running)", "\(row.due)", row.due == 0 ? "-" : "\(Int(row.lagSeconds)) s",
      ])
    }
    table.print(style)
  }

  private func running() {
    var table = Table([.init("SITE"), .init("ENGINE"), .init("SCANNER"), .init("LEASED UNTIL")])
    for job in scans.jobs { table.add([job.site, job.engine, job.scanner, Moment.short(job.until)]) }
    table.print(style)
    if scans.running > scans.jobs.count { Console.out.line("and \(scans.running - scans.jobs.count) more") }
  }

  static func words(_ period: GuardPeriod) -> String {
    let whom = (period.sites + period.tags.map { "tag \($0)" } + period.organisations.map { "organisation \($0)" })
    let frozen = period.frozenEngines.isEmpty ? "" : ", without \(period.frozenEngines.joined(separator: ", "))"
    return "guard period \(period.id)\(period.name.isEmpty ? "" : " (\(Table.harmless(period.name)))"): "
      + "\(period.from.text) to \(period.until.text), \(whom.isEmpty ? "all sites" : whom.joined(separator: ", ")), "
      + "intervals times \(period.cadenceFactor)\(frozen)"
  }
}
