import ArgumentParser
import ControlAPI
import Engines
import Hub
import Records
import Scanner
import Scheduling
import Synchronization
import Wire

struct ScanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan", abstract: "Scans targets now and prints what was found; the queue is not touched.",
    discussion: """
      A target that the inventory knows is scanned under its authorisation. Any other is scanned only on loopback,
      unless --authorised-by says by whose word; the audit log keeps that.

      Exit status: 0 it ran; 1 --fail-on found something; 2 an operator's mistake.
      """)
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @OptionGroup(title: "What is asked") var question: ScanQuestion
  @OptionGroup(title: "How targets are reached") var reach: ScanReach
  @OptionGroup(title: "Comparing") var file: BaselineFile
  @Option(name: .customLong("fail-on"), help: "Status 1 when anything of this severity or worse is found.")
  var failOn: Severity?
  @Flag(name: [.customShort("v"), .customLong("facts")], help: "Facts too, and lines whole.") var facts = false
  @Option(help: "en or zh: titles; else the configuration's.") var lang: ScanTable.Language?
  @Option(
    name: .customLong("targets-file"),
    help: ArgumentHelp("Targets, one a line; - is standard input.", valueName: "file"))
  var targetsFile: String?
  @Argument(help: "URLs or hosts.") var targets: [String] = []

  func run() async throws {
    let configuration = try ConfigurationFile.read(hub.config)
    let templates = try TemplateChoice(configuration, question).engine()
    let engines = try ScanPlan.engines(question, reach, ExternalSettings(configuration.scan), templates)
    let settings = try settings(configuration)
    var scanning = try TargetList(starttls: question.starttls).read(targets, file: targetsFile)
    for index in scanning.indices {
      if let ip = reach.ip { scanning[index].address = ip }
      if reach.noSNI { scanning[index].serverName = nil }
    }
    try checkFamily(scanning)
    let baseline = try file.read()
    let grants = try await ScanPermission(hub: hub, reach: reach).grants(for: scanning)
    let plan = try await ScanPlan(
      scanning, grants, engines: engines, options: try options(), reach: reach,
      memories: baseline?.memoryByTarget ?? [:])
    let language = lang ?? (configuration.language == .zh ? .zh : .en)
    let table = ScanTable(
      style: look.ink(language == .zh ? .zh : .en), columns: Console.out.columns, language: language,
      showsFacts: facts)
    let tally = try scan(plan, settings, table, baseline)
    try finish(tally, table, baseline)
  }

  private func scan(
    _ plan: ScanPlan, _ settings: Scanner.Configuration, _ table: ScanTable, _ baseline: ScanBaseline?
  ) throws -> ScanTally {
    let screen = ScanScreen(
      plan, table: table, ink: ProgressBar.ink(table.language == .zh ? .zh : .en), isJSON: look.json,
      isQuiet: file.diff && baseline != nil)
    if look.json {
      try look.objects([
        ScanLine.Scan(
          started: WallClock.system.now(), targets: plan.groups, jobs: plan.jobs.count,
          engines: plan.engines.map(\.name), baseline: baseline == nil ? nil : file.baseline)
      ])
    }
    EndFlag.arm()
    let watch = ScanWatch(screen)
    Scanner.scan(
      jobs: plan.jobs, engines: plan.engines, configuration: settings, begun: watch.begin, onReport: screen.add)
    watch.end()
    return screen.tally
  }

  /// The comparison, the sum, the baseline, the status.
  private func finish(_ tally: ScanTally, _ table: ScanTable, _ baseline: ScanBaseline?) throws {
    let now = WallClock.system.now()
    let comparison = file.baseline == nil ? nil : ScanComparison(baseline, tally.targets)
    if let comparison, file.diff, baseline != nil {
      if look.json {
        try look.objects(comparison.changes.map(ScanLine.Changed.init))
      } else {
        table.comparison(comparison).forEach(Console.out.line)
      }
    }
    if look.json {
      try look.objects([ScanSum.line(tally, baseline == nil ? nil : comparison, at: now)])
    } else {
      Console.out.line(ScanSum.sentence(tally, baseline == nil ? nil : comparison))
    }
    guard !tally.isStopped else {
      throw OperatorMistake("scan.stopped", "the scan was stopped before its end", hint: "no baseline was written")
    }
    try file.write(tally.targets, over: baseline, at: now)
    let worst = file.diff ? comparison?.worstNew : tally.worst
    if let failOn, let worst, worst >= failOn { throw ExitCode(1) }
  }

  // MARK: from options to settings

  private func settings(_ configuration: Configuration) throws -> Scanner.Configuration {
    var result = Scanner.Configuration()
    result.vantage = "vigil scan"
    result.jobs = configuration.scan.concurrency
    result.settings.policy = AddressPolicy(allowed: configuration.scan.allow + ScanPermission.loopback)
    result.settings.userAgent = configuration.scan.userAgent
    result.settings.family = reach.family
    if reach.lab { result.settings.limits = .lab }
    let configured = try configuration.scannerConfiguration().settings
    result.settings.tables = configured.tables
    result.settings.resolver = configured.resolver
    result.settings.secondResolver = configured.secondResolver
    result.settings.trustStores = reach.ca.isEmpty ? configured.trustStores : try TrustOption.read(reach.ca)
    result.settings.asksRevocation = reach.revocation || configured.asksRevocation
    result.settings.proxy = try ProxyOption.read(reach.proxy)
    return result
  }

  private func options() throws -> ScanOptions {
    ScanOptions(
      ports: try question.ports.map(PortList.parse) ?? [], pages: question.pages, startTLS: question.starttls?.rawValue,
      omitsServerName: reach.noSNI, isSlow: reach.slow, wantsJARM: question.jarm)
  }

  private func checkFamily(_ targets: [Target]) throws {
    guard let family = reach.family else { return }
    for target in targets {
      guard let address = target.address, !family.holds(address) else { continue }
      throw OperatorMistake(
        "scan.family", at: "\(address)", "the address is not \(family.rawValue), which alone was asked for",
        hint: "leave -\(family == .v4 ? 4 : 6) away")
    }
  }
}

extension ScanTable.Language: ExpressibleByArgument {}
