import ControlAPI
import Records
import Wire

/// Sensors, scanners and scans in words: what sees, what does not and why, what was lost and why.
enum StateLines {
  static func all(_ overview: Overview, _ look: Look) -> [Line] {
    let sensors =
      overview.sensors.isEmpty
      ? [Line(Label.noSensor.text(look.language), .warning)] : ordered(overview.sensors).flatMap { sensor($0, look) }
    return sensors + scans(overview, look)
  }

  static func scans(_ overview: Overview, _ look: Look) -> [Line] {
    overview.scans.stops.map { stop($0, look) } + [freshness(overview.scans, look)]
      + overview.scanners.map { scanner($0, look) }
  }

  /// Those that do not see come first.
  private static func ordered(_ sensors: [SensorItem]) -> [SensorItem] {
    sensors.filter { $0.state != .seeing } + sensors.filter { $0.state == .seeing }
  }

  static func label(_ state: SensorItem.State) -> Label {
    switch state {
    case .seeing: .seeing
    case .blind: .blind
    case .late: .late
    case .gone: .gone
    }
  }

  private static func sensor(_ item: SensorItem, _ look: Look) -> [Line] {
    let language = look.language
    let name = "\(Label.sensor.text(language)) \(item.status.sensor)"
    let on =
      item.status.interface.isEmpty || item.status.interface == item.status.sensor ? "" : " \(item.status.interface)"
    var lines: [Line] = []
    if item.state == .seeing {
      let rates = "\(Figures.bits(item.bitsPerSecond)), \(Figures.packets(item.packetsPerSecond))"
      let rules = "\(Figures.grouped(item.status.rulesLoaded)) \(Label.rules.text(language))"
      lines.append(
        Line(
          [Run(name + on + " "), Run(label(item.state).text(language), .good), Run(": \(rates), \(rules)")], indent: 2))
    } else {
      let why = item.reason ?? item.status.blind ?? "?"
      lines.append(
        Line([Run(name + on + " "), Run(label(item.state).text(language), .error), Run(": \(why)")], indent: 2))
    }
    let drops = item.status.drops.filter { $0.count > 0 }
    if !drops.isEmpty {
      let words = drops.map { "\(Figures.grouped($0.count)) \(Label.lost.text(language)): \($0.title.text(language))" }
      lines.append(Line("  " + words.joined(separator: ", "), .warning, indent: 2))
    }
    return lines
  }

  private static func stop(_ stop: ScanStop, _ look: Look) -> Line {
    let which = stop.site ?? "*"
    return Line(
      [
        Run("\(Label.scans.text(look.language)) \(which) "), Run(Label.scansStopped.text(look.language), .error),
        Run(" \(stop.by) \(Figures.moment(stop.since, look))"),
      ], indent: 2)
  }

  private static func freshness(_ scans: ScanOverview, _ look: Look) -> Line {
    let language = look.language
    if scans.sites == 0 { return Line(Label.noScan.text(language), .dim) }
    var parts = ["\(Figures.grouped(scans.fresh))/\(Figures.grouped(scans.sites)) \(Label.fresh.text(language))"]
    for (count, label) in [
      (scans.running, Label.running), (scans.due, .due), (scans.never, .neverTested),
      (scans.notAuthorised, .notAuthorised),
    ] where count > 0 {
      parts.append("\(Figures.grouped(count)) \(label.text(language))")
    }
    return Line("\(Label.scans.text(language)) " + parts.joined(separator: ", "), indent: 2)
  }

  private static func scanner(_ item: ScannerItem, _ look: Look) -> Line {
    let (status, language) = (item.status, look.language)
    let name = "\(Label.scanner.text(language)) \(status.scanner) "
    let state = item.isLate ? Run(Label.late.text(language), .error) : Run(Label.seeing.text(language), .good)
    var text =
      ": \(status.running) \(Label.running.text(language)), \(Figures.grouped(status.jobsCompleted)) \(Label.jobs.text(language))"
    if status.jobsFailed > 0 { text += ", \(Figures.grouped(status.jobsFailed)) \(Label.failed.text(language))" }
    return Line([Run(name), state, Run(text)], indent: 2)
  }
}
