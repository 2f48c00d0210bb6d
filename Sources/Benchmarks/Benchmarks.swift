import Glibc

/// # Benchmarks: what a packet costs, stage by stage
///
/// Reads one capture (its own, generated anew and always the same, or a file) through a bare libpcap loop, then
/// through each stage of the passive wing and all before it, and prints packets/s, Gbit/s, nanoseconds and
/// instructions a packet, and the ratio to libpcap. Documentation/benchmarks.md says how to read it.
@main
struct Benchmarks {
  static func main() {
    do {
      let options = try Options(Array(CommandLine.arguments.dropFirst()))
      if let entries = options.auditEntries { return try WalkOfTheAudit.run(entries: entries) }
      if let dashboards = options.dashboards { return try DrawnScreens.run(folder: dashboards) }
      if let days = options.scheduledDays { return YearOfScheduling.run(days: days) }
      if let alerts = options.queuedAlerts {
        let queue = FullQueue(
          alerts: alerts, rows: options.rows, folder: options.folder ?? "/tmp/vigil-queue-\(getpid())")
        return try queue.run()
      }
      let folder = "/tmp/vigil-benchmark-\(getpid())"
      unsafe mkdir(folder, 0o700)
      defer {
        unsafe unlink("\(folder)/generated.pcap")
        unsafe rmdir(folder)
      }
      let path =
        try options.capture ?? GeneratedCapture.write(to: "\(folder)/generated.pcap", megabytes: options.megabytes)
      try run(path, options)
    } catch {
      print("Benchmarks: \(error)")
      exit(2)
    }
  }

  private static func run(_ path: String, _ options: Options) throws {
    let rules = try Stage.load(options.rules)
    let baseline = try Stage.libpcap.measure(path, rounds: options.rounds, rules: nil)
    print(
      "\(path): \(baseline.packets) packets, \(baseline.bytes >> 20) MiB, best of \(options.rounds) rounds, one thread")
    print(Measurement.heading)
    print(baseline.line("libpcap", against: baseline))
    for stage in Stage.allCases where stage != .libpcap {
      if stage == .lineWithRules, rules == nil { continue }
      let measured = try stage.measure(path, rounds: options.rounds, rules: rules)
      print(measured.line(stage.rawValue, against: baseline))
    }
  }
}

struct Options {
  var megabytes = 64
  var rounds = 3
  var capture: String?
  var rules: [String] = []
  /// Not packets but the schedule, for so many days.
  var scheduledDays: Int?

  /// Not packets but the dashboard, with the definitions of a folder.
  var dashboards: String?
  /// Not packets but the audit log, with so many entries.
  var auditEntries: Int?
  /// Not packets but a queue of so many alerts, in so many rows, in a folder (it is filled where it is not).
  var queuedAlerts: Int?
  var rows = 300_000
  var folder: String?

  private static let known = """
    --megabytes N --rounds N --capture FILE --rules FILE --schedule DAYS --audit ENTRIES --queue ALERTS --rows N
      --folder PATH --dashboard FOLDER
    """

  init(_ words: [String]) throws(Mistake) {
    var words = words[...]
    while let word = words.popFirst() {
      switch word {
      case "--megabytes": megabytes = try Options.number(words.popFirst(), word)
      case "--rounds": rounds = try Options.number(words.popFirst(), word)
      case "--capture": capture = words.popFirst()
      case "--rules": rules.append(words.popFirst() ?? "")
      case "--queue": queuedAlerts = try Options.number(words.popFirst(), word)
      case "--rows": rows = try Options.number(words.popFirst(), word)
      case "--folder": folder = words.popFirst()
      case "--schedule": scheduledDays = try Options.number(words.popFirst(), word)
      case "--dashboard": dashboards = words.popFirst() ?? "Dashboards"
      case "--audit": auditEntries = try Options.number(words.popFirst(), word)
      default: throw Mistake("\"\(word)\" is not known; known: \(Options.known)")
      }
    }
  }

  private static func number(_ text: String?, _ option: String) throws(Mistake) -> Int {
    guard let text, let value = Int(text), value > 0 else { throw Mistake("\(option) wants a number over 0") }
    return value
  }
}

struct Mistake: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
