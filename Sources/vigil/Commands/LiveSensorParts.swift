import ContentBundle
import ControlAPI
import Dispatch
import Documents
import Glibc
import Hub
import Records
import Seam
import Sensor
import Wire

/// The key of masks: one per installation, beside the store and not in it, made at the first start.
enum MaskingKey {
  static func read(folder: String) throws(OperatorMistake) -> [UInt8] {
    let path = folder + "/masking.key"
    if let key = existing(path) { return key }
    var source = SystemRandomNumberGenerator()
    let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &source) }
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      if errno == EEXIST, let key = existing(path) { return key }
      throw refused(path)
    }
    defer { close(descriptor) }
    guard unsafe write(descriptor, key, key.count) == key.count, fsync(descriptor) == 0 else { throw refused(path) }
    return key
  }

  private static func existing(_ path: String) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var key = [UInt8](repeating: 0, count: 32)
    return unsafe Glibc.read(descriptor, &key, key.count) == key.count ? key : nil
  }

  private static func refused(_ path: String) -> OperatorMistake {
    OperatorMistake(
      "masking.key", at: path,
      unsafe "the key of masks cannot be kept: \(String(cString: strerror(errno)).lowercased())",
      hint: "let Vigil write its data folder")
  }
}

/// Rule files by name, by pattern, or those that come with Vigil.
enum RuleFiles {
  static func own(_ places: ContentPlaces) -> [String] {
    places.path(.rules).map { expand([$0 + "/*.rules"]) } ?? []
  }

  /// Patterns of glob(7) to the files that they match, in order; a name without a match stays, to be complained of.
  static func expand(_ names: [String]) -> [String] {
    names.flatMap { name -> [String] in
      var found = unsafe glob_t()
      defer { unsafe globfree(&found) }
      guard unsafe glob(name, 0, nil, &found) == 0, let paths = unsafe found.gl_pathv else { return [name] }
      return unsafe (0..<Int(found.gl_pathc)).compactMap { index in
        unsafe paths[index].map { unsafe String(cString: $0) }
      }
    }
  }
}

/// What a sensor answers to its hub.
enum SensorAnswers {
  static func handle(_ event: SeamClient.Event, _ client: SeamClient, _ requests: RequestFlags) {
    switch event {
    case .connected: break
    case .disconnected(let error): Console.error.line("the hub is away: \(error); records wait in the spool")
    case .message(.command(let command)): client.send(.reply(answer(command, requests)))
    case .message: break
    }
  }

  private static func answer(_ command: SeamMessage.Command, _ requests: RequestFlags) -> SeamMessage.CommandReply {
    switch command.name {
    case .reopenLogs: requests.raise(.reopenLogs)
    case .drain: requests.raise(.stop)
    case .takeContent:
      guard ParentWatch.isSupervised else {
        return SeamMessage.CommandReply(
          id: command.id, succeeded: false, text: "no supervisor starts it again: do that by hand")
      }
      requests.raise(.stop)
    default:
      return SeamMessage.CommandReply(
        id: command.id, succeeded: false, text: "a sensor does not know \(command.name.rawValue)")
    }
    return SeamMessage.CommandReply(id: command.id, succeeded: true, text: "asked")
  }
}

/// A sensor that cannot see, and says why before it ends; the supervisor starts it again.
struct BlindSensor {
  let configuration: Configuration
  let interface: String?

  /// Waits two seconds for the hub at most: without one there is no screen to tell.
  func tell(_ reason: String, spool folder: String) throws {
    let now = WallClock.system.now()
    let boot = UInt64(bitPattern: now.nanoseconds)
    let status = SensorStatus(
      sensor: configuration.sensor.name, boot: boot, time: now, started: now,
      interface: interface ?? configuration.sensor.interface, blind: reason)
    let connected = DispatchSemaphore(value: 0)
    let client = try SeamClient(
      configuration: SeamClient.Configuration(socketPath: configuration.data.ingestSocket, role: .sensor),
      spool: try Spool(directory: folder, source: configuration.sensor.name, boot: boot)
    ) { client, event in
      guard case .connected = event else { return }
      client.send(.sensorStatus(status))
      connected.signal()
    }
    try client.start()
    _ = connected.wait(timeout: .now() + 2)
    client.stop(drainMilliseconds: 1000)
  }
}

/// Signals of a live sensor: SIGHUP reopens the EVE file, SIGTERM and SIGINT end it in order.
enum SensorSignals {
  /// Set once before the handlers are, and never changed: a handler only reads it.
  nonisolated(unsafe) private static var requests: RequestFlags?

  static func arm(_ flags: RequestFlags) {
    unsafe requests = flags
    for number in [SIGTERM, SIGINT, SIGHUP] { _ = signal(number, sensorSignalArrived) }
  }

  fileprivate static func arrived(_ number: Int32) {
    unsafe requests?.raise(number == SIGHUP ? .reopenLogs : .stop)
  }
}

/// Runs in the signal's context: one atomic store.
private func sensorSignalArrived(_ number: Int32) { SensorSignals.arrived(number) }
