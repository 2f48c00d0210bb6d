import ControlAPI
import Records
import Wire

/// The first line: who, traffic, scans, time; and a second one when something must be said whatever is on screen.
enum HeaderView {
  /// The pieces of the line; the higher the rank, the sooner a narrow screen goes without.
  private struct Segment {
    var line: Line
    var rank: Int
  }

  static func draw(_ model: Model, _ canvas: inout Canvas) {
    let columns = canvas.grid.size.columns
    let clock = Figures.clock(model.now, canvas.look)
    let room = max(columns - clock.count - 1, 0)
    var x = 0
    for line in fitting(segments(model, canvas.look), room, canvas.look) {
      x += canvas.put(line, x: x, y: 0, columns: max(room - x, 0)) + 2
    }
    canvas.put(right: clock, model.isOld ? .warning : .title, x: 0, y: 0, columns: columns)
    if model.hasBanner { banner(model, &canvas) }
  }

  /// Those that have room, the most needed first; in their own order.
  private static func fitting(_ segments: [Segment], _ room: Int, _ look: Look) -> [Line] {
    var kept: Set<Int> = []
    var left = room + 2
    for index in segments.indices.sorted(by: { (segments[$0].rank, $0) < (segments[$1].rank, $1) }) {
      let width = segments[index].line.runs.reduce(2) { $0 + look.columns($1.text) }
      guard width <= left || kept.isEmpty else { continue }
      kept.insert(index)
      left -= width
    }
    return segments.indices.filter { kept.contains($0) }.map { segments[$0].line }
  }

  /// Below the screens' titles.
  private static func banner(_ model: Model, _ canvas: inout Canvas) {
    let (columns, y) = (canvas.grid.size.columns, model.body.y - 1)
    if case .lost(let since, let reason, let again) = model.link {
      canvas.put(lost(model, since, reason, again, columns, canvas.look), .error, x: 0, y: y, columns: columns)
      canvas.select(x: 0, y: y, columns: columns)
    } else if let (text, more) = model.banner {
      let rest = more > 0 ? " (+\(more) \(Label.more.text(canvas.look.language)))" : ""
      let room = columns - canvas.look.columns(rest)
      let used = canvas.put(Line("! \(text.text(canvas.look.language))", .warning), x: 0, y: y, columns: room)
      canvas.put(rest, .dim, x: used, y: y, columns: columns - used)
    }
  }

  /// The first of these that has room: all of it; of the reason what to do, which stands last; that without the clock.
  private static func lost(
    _ model: Model, _ since: Timestamp, _ reason: BilingualText, _ again: Timestamp, _ columns: Int, _ look: Look
  ) -> String {
    let (language, wait) = (look.language, max(Model.seconds(again, since: model.now).rounded(.up), 0))
    let age = Figures.age(Model.seconds(model.now, since: since), language)
    let retry = wait > 0 ? "\(Label.retry.text(language)) \(Figures.plain(wait)) s" : Label.tryingAgain.text(language)
    let reason = reason.text(language)
    let end = ["; ", "；"].lazy.compactMap { reason.firstRange(of: $0) }.first
    let cure = end.map { String(reason[$0.upperBound...]) } ?? reason
    let start = " \(Label.disconnected.text(language)) ("
    let whole = start + "\(Figures.clock(since, look)), \(age)), \(retry): "
    let short = start + "\(age)), \(retry): " + cure
    return [whole + reason, whole + cure].first { look.columns($0) <= columns } ?? short
  }

  private static func segments(_ model: Model, _ look: Look) -> [Segment] {
    var result = [Segment(line: Line("Vigil", .focus), rank: 0)]
    guard let overview = model.overview else {
      let waits = Run(Label.connecting.text(look.language), .warning)
      return result + (model.link == .connecting ? [Segment(line: Line([waits]), rank: 1)] : [])
    }
    result.append(Segment(line: Line(overview.city, .title), rank: 4))
    result.append(hours(overview, look))
    result.append(Segment(line: queue(overview.queue, look.language), rank: 2))
    let isWell = !overview.sensors.isEmpty && overview.sensors.allSatisfy { $0.state == .seeing }
    result.append(Segment(line: sensors(overview.sensors, look.language), rank: isWell ? 3 : 1))
    if overview.scans.sites > 0 || !overview.scans.stops.isEmpty {
      result.append(Segment(line: scans(overview.scans, look.language), rank: 5))
    }
    if model.isReadOnly { result.append(Segment(line: Line(Label.readOnly.text(look.language), .warning), rank: 2)) }
    if let watch = overview.watch {
      result.append(Segment(line: Line("\(Label.watch.text(look.language)): \(watch.name)"), rank: 7))
    }
    if model.isOld {
      return result.map { Segment(line: Line($0.line.runs.map { Run($0.text, .dim) }), rank: $0.rank) }
    }
    return result
  }

  private static func hours(_ overview: Overview, _ look: Look) -> Segment {
    let sums = HourEntry.all(overview).map { $0.counts.values.reduce(0, &+) }
    let graph = Graph(look.capabilities).sparkline(sums, columns: 8)
    return Segment(line: Line([Run("\(Label.hours.text(look.language)) "), Run(graph, .low)]), rank: 6)
  }

  /// What waits, whatever list is on screen.
  private static func queue(_ counts: QueueCounts, _ language: Language) -> Line {
    var runs = [Run("\(Figures.grouped(counts.new)) \(TriageState.new.title.text(language))")]
    if counts.overdue > 0 {
      let more = counts.overdueIsMore == true ? "+" : ""
      runs.append(Run(", \(Figures.grouped(counts.overdue))\(more) \(Label.overdue.text(language))", .error))
    }
    return Line(runs)
  }

  private static func sensors(_ sensors: [SensorItem], _ language: Language) -> Line {
    let name = Label.sensor.text(language)
    guard !sensors.isEmpty else { return Line(Label.noSensor.text(language), .warning) }
    let ill = sensors.filter { $0.state != .seeing }
    if let first = ill.first {
      let which = sensors.count == 1 ? name : "\(name) \(ill.count)/\(sensors.count)"
      return Line("\(which) \(StateLines.label(first.state).text(language))", .error)
    }
    let rate = sensors.reduce(0) { $0 + $1.bitsPerSecond }
    let dropped = sensors.reduce(UInt64(0)) { $0 &+ $1.dropped }
    return Line([
      Run("\(name) \(Figures.bits(rate))  "),
      Run("\(Figures.grouped(dropped)) \(Label.dropped.text(language))", dropped > 0 ? .warning : .text),
    ])
  }

  private static func scans(_ scans: ScanOverview, _ language: Language) -> Line {
    let text = "\(Figures.grouped(scans.fresh))/\(Figures.grouped(scans.sites)) \(Label.fresh.text(language))"
    if !scans.stops.isEmpty {
      return Line([Run("\(Label.scans.text(language)) "), Run(Label.scansStopped.text(language), .error)])
    }
    return Line("\(Label.scans.text(language)) \(text)", scans.fresh < scans.sites ? .text : .good)
  }
}
