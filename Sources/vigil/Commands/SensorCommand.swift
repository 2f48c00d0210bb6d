import ArgumentParser
import Capture
import ContentBundle
import ControlAPI
import Flow
import Glibc
import Hub
import Records
import RuleLanguage
import Seam
import Sensor
import Wire

struct SensorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sensor", abstract: "Captures on an interface: EVE lines to disk, alerts to the hub.")

  @Option(help: "The interface to capture on.") var interface: String?
  @Option(help: "Replay this capture in a loop, as if it were traffic of now, instead of capturing.")
  var replay: String?
  @Option(help: "Vigil's configuration.") var config: String?
  @Option(help: "A rule file; may be given again. Without any: those of the configuration.") var rules: [String] = []
  @Option(help: "A BPF filter (pcap-filter(7)).") var filter: String?
  @Option(help: "The user to become once the interface is open.") var user: String?

  func run() throws {
    let configuration = try config.map { try Configuration.read(path: $0) } ?? Configuration()
    do {
      try LiveRun(command: self, configuration: configuration).run()
    } catch let error as CaptureError {
      throw OperatorMistake("sensor.\(error.code.rawValue)", error.sentence, hint: error.hint)
    } catch let error as SensorError {
      throw OperatorMistake("sensor", error.sentence, hint: error.hint)
    } catch let error as SeamError {
      throw OperatorMistake("sensor.seam", error.description)
    } catch let error as OutputError {
      throw OperatorMistake("sensor.output", error.description)
    }
  }
}

/// A live sensor put together, in the one order that is safe: open as root, become somebody else, start threads.
private struct LiveRun {
  let command: SensorCommand
  let configuration: Configuration

  private static let requests = RequestFlags()

  func run() throws {
    let user = command.user ?? configuration.sensor.user
    let folders = try prepare(for: user)
    let key = try MaskingKey.read(folder: configuration.data.path)
    // Opened first: while the rules are compiled the kernel's ring keeps what passes.
    let source = try openedOrTold(folders)
    let opening = CaptureOpening.now(source.name)
    // The configuration is for its owner's eyes: read while this process is still root.
    let settings = try SensorSettingsReader(config: command.config, overrides: []).settings
    let places = try ContentPlaces(configuration.data)
    let loaded = try load(settings, places, cache: folders.cache)
    try Privileges.drop(to: user)
    Privileges.seal()
    ParentWatch.arm()  // The kernel forgets it with a change of user.
    try Privileges.check(reaches: [folders.eve, folders.spool])
    let mark = named.isEmpty ? places.state.mark(of: .sensor) : nil
    try run(source, opening, settings, loaded, folders, key, content: mark)
  }

  /// A source that cannot be opened is told to the hub, so that the screen says why this sensor is blind.
  private func openedOrTold(_ folders: Folders) throws -> any PacketSource {
    do { return try openSource() } catch {
      try? BlindSensor(configuration: configuration, interface: command.interface).tell(
        "\(error)", spool: folders.spool)
      throw error
    }
  }

  private func openSource() throws -> any PacketSource {
    if let capture = command.replay { return try ReplaySource(path: capture, filter: options.filter) }
    let name = command.interface ?? configuration.sensor.interface
    guard !name.isEmpty else {
      throw SensorError("no interface is named", hint: "add --interface, or sensor.interface to the configuration")
    }
    return try LiveInterface(interface: name, options)
  }

  private var options: LiveOptions {
    var options = LiveOptions()
    options.snapLength = configuration.sensor.snapLength
    options.bufferSize = configuration.sensor.bufferBytes
    options.filter = command.filter ?? configuration.sensor.filter
    return options
  }

  private struct Folders {
    var eve: String
    var spool: String
    var cache: String
  }

  private func prepare(for user: String) throws -> Folders {
    try configuration.data.make()
    let root = configuration.data.path
    let eve = configuration.eve.file.hasPrefix("/") ? configuration.eve.file : "\(root)/\(configuration.eve.file)"
    let sensor = "\(root)/sensor"
    let folders = Folders(
      eve: eve.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/"),
      spool: "\(sensor)/spool", cache: "\(sensor)/cache")
    // Root's: what lies in the cache is trusted by the next start, before it has dropped its rights.
    try DataFolder.makePrivate(sensor, mode: geteuid() == 0 ? 0o711 : 0o700)
    try DataFolder.makePrivate(folders.cache)
    for folder in [folders.spool, folders.eve] { try Privileges.prepare(folder: folder, for: user) }
    return folders
  }

  /// Rules that the operator named, in whose place no bundle comes.
  private var named: [String] { command.rules.isEmpty ? configuration.rules.files : command.rules }

  private func load(
    _ settings: SensorSettings, _ places: ContentPlaces, cache: String
  ) throws -> RuleLoading.Result {
    let files = named.isEmpty ? RuleFiles.own(places) : RuleFiles.expand(named)
    let loaded = try RuleLoading(settings: settings.detection, cacheFolder: cache).load(files)
    for diagnostic in loaded.diagnostics.prefix(20) { Console.error.line(diagnostic.description) }
    if loaded.diagnostics.count > 20 {
      Console.error.line("\(loaded.diagnostics.count - 20) more: see vigil rules check")
    }
    return loaded
  }

  private func run(
    _ source: any PacketSource, _ opening: CaptureOpening, _ settings: SensorSettings, _ loaded: RuleLoading.Result,
    _ folders: Folders, _ key: [UInt8], content: String?
  ) throws {
    let boot = UInt64(bitPattern: WallClock.system.now().nanoseconds)
    let name = configuration.sensor.name
    let spool = try Spool(directory: folders.spool, source: name, boot: boot)
    let seam = try SeamClient(
      configuration: SeamClient.Configuration(socketPath: configuration.data.ingestSocket, role: .sensor), spool: spool
    ) { client, event in SensorAnswers.handle(event, client, Self.requests) }
    let page = try StatusPage(
      path: "\(folders.spool)/status", boot: boot, started: WallClock.system.now())
    var live = LiveSensor.Configuration(name: name, eveFolder: folders.eve)
    live.settings = settings
    live.content = content
    // Nobody outside may aim at one bucket of the flow table, and flow ids do not repeat after a restart.
    var generator = SystemRandomNumberGenerator()
    live.settings.flow.seed = (generator.next(), generator.next())
    live.rotation = OutputFile.Rotation(
      bytes: configuration.eve.rotateBytes, seconds: configuration.eve.rotateSeconds, keep: configuration.eve.keep)
    live.masking = configuration.sensor.rawEvidence ? nil : Masking(key: key)
    let sensor = try LiveSensor(
      configuration: live, source: source, rules: loaded, seam: seam, page: page, boot: boot,
      requests: Self.requests, opening: opening)
    SensorSignals.arm(Self.requests)
    try seam.start()
    Console.out.line("captures on \(source.name) with \(loaded.totals.loaded) rules")
    try sensor.run()
  }
}
