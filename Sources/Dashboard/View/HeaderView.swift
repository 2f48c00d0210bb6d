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
    var segments = self.segments(model, canvas.look)
    func width(_ line: Line) -> Int { line.runs.reduce(0) { $0 + canvas.look.columns($1.text) } }
    let room = columns - clock.count - 2
    while segments.count > 1, segments.reduce(0, { $0 + width($1.line) + 2 }) - 2 > room {
      guard let last = segments.indices.max(by: { segments[$0].rank < segments[$1].rank }) else { break }
      segments.remove(at: last)
    }
    var x = 0
    for segment in segments {
      x += canvas.put(segment.line, x: x, y: 0, columns: max(room - x, 0)) + 2
    }
    canvas.put(right: clock, model.isOld ? .warning : .title, x: 0, y: 0, columns: columns)
    if model.hasBanner { banner(model, &canvas) }
  }

  /// Below the screens' titles.
  private static func banner(_ model: Model, _ canvas: inout Canvas) {
    let (columns, y) = (canvas.grid.size.columns, model.body.y - 1)
    if case .lost(let since, let reason, let again) = model.link {
      canvas.put(lost(model, since, reason, again, canvas.look), .error, x: 0, y: y, columns: columns)
      canvas.select(x: 0, y: y, columns: columns)
    } else if let (text, more) = model.banner {
      let rest = more > 0 ? " (+\(more) \(Label.more.text(canvas.look.language)))" : ""
      let room = columns - canvas.look.columns(rest)
      let used = canvas.put(Line("! \(text)", .warning), x: 0, y: y, columns: room)
      canvas.put(rest, .dim, x: used, y: y, columns: columns - used)
    }
  }

  private static func lost(
    _ model: Model, _ since: Timestamp, _ reason: String, _ again: Timestamp, _ look: Look
  ) -> String {
    let (language, wait) = (look.language, max(Model.seconds(again, since: model.now).rounded(.up), 0))
    let age = Figures.age(Model.seconds(model.now, since: since), language)
    return " \(Label.disconnected.text(language)) (\(Figures.clock(since, look)), \(age)), "
      + (wait > 0 ? "\(Label.retry.text(language)) \(Figures.plain(wait)) s" : Label.tryingAgain.text(language))
      + ": \(reason)"
  }

  private static func segments(_ model: Model, _ look: Look) -> [Segment] {
    var result = [Segment(line: Line([Run("Vigil", .focus), Run("  \(city(model))", .title)]), rank: 0)]
    guard let overview = model.overview else {
      let waits = Run(Label.connecting.text(look.language), .warning)
      return result + (model.link == .connecting ? [Segment(line: Line([waits]), rank: 1)] : [])
    }
    result.append(hours(overview, look))
    result.append(Segment(line: queue(overview.queue, look.language), rank: 2))
    result.append(Segment(line: sensors(overview.sensors, look.language), rank: 1))
    if overview.scans.sites > 0 || !overview.scans.stops.isEmpty {
      result.append(Segment(line: scans(overview.scans, look.language), rank: 3))
    }
    if model.isReadOnly { result.append(Segment(line: Line(Label.readOnly.text(look.language), .warning), rank: 2)) }
    if let watch = overview.watch {
      result.append(Segment(line: Line("\(Label.watch.text(look.language)): \(watch.name)"), rank: 5))
    }
    if model.isOld {
      return result.map { Segment(line: Line($0.line.runs.map { Run($0.text, .dim) }), rank: $0.rank) }
    }
    return result
  }

  private static func city(_ model: Model) -> String { model.overview?.city ?? "" }

  private static func hours(_ overview: Overview, _ look: Look) -> Segment {
    let sums = HourEntry.all(overview).map { $0.counts.values.reduce(0, &+) }
    let graph = Graph(look.capabilities).sparkline(sums, columns: 8)
    return Segment(line: Line([Run("\(Label.hours.text(look.language)) "), Run(graph, .low)]), rank: 4)
  }

  /// What waits, whatever list is on screen.
  private static func queue(_ counts: QueueCounts, _ language: Language) -> Line {
    var runs = [Run("\(Figures.grouped(counts.new)) \(Label.new.text(language))")]
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
