package import ControlAPI
internal import Foundation
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import Records
internal import ServiceLifecycle
package import Services
internal import Store
internal import Wire

/// The hub, whole: opens the store, binds both sockets, runs until a signal or the caller's cancellation.
package struct HubProcess: Sendable {
  private let configuration: Configuration
  private let engines: [EngineItem]
  private let tree: IndicatorTree
  private let content: HubContent?
  private let clock: WallClock
  private let signals: Bool

  /// `signals`: SIGTERM and SIGINT end it gracefully. Tests end it by cancelling instead.
  package init(
    configuration: Configuration, engines: [EngineItem] = [], tree: IndicatorTree, content: HubContent? = nil,
    clock: WallClock = .system, signals: Bool = true
  ) {
    self.content = content
    self.configuration = configuration
    self.engines = engines
    self.tree = tree
    self.clock = clock
    self.signals = signals
  }

  /// `ready` is called once, with the API's socket, when all sockets answer.
  package func run(ready: @escaping @Sendable (String) -> Void) async throws {
    let data = configuration.data
    try data.make()
    let logger = HubProcess.logger()
    let guide = try GradingGuideReader.installed(configuration)
    let notices = try NoticeRulesReader.read(configuration)
    let store: Store
    do {
      store = try Store(folder: data.path, rules: .standard)
    } catch {
      throw OperatorMistake("hub.\(error.code.rawValue)", error.sentence, hint: error.hint.isEmpty ? nil : error.hint)
    }
    defer { store.close() }
    try SocketFile.free(data.apiSocket)
    let core = try HubCore(
      configuration: configuration, store: store, engines: engines, tree: tree, guide: guide, content: content,
      notices: notices, clock: clock, logger: logger)
    try await core.loadConfigured()
    try await core.beginDuty()
    let network = try configuration.api.listener.map { try NetworkEntrance($0, core: core, logger: logger) }
    let doors = 2 + (network == nil ? 0 : 1) + (configuration.delivery.page == nil ? 0 : 1)
    let gate = ReadyGate(count: doors) { ready(data.apiSocket) }
    let group = ServiceGroup(configuration: try lifecycle(core, store, network, gate, logger))
    let endings = signals ? EndSignals { Task { await group.triggerGracefulShutdown() } } : nil
    defer { endings?.cancel() }
    do { try await HubProcess.run(group) } catch let error as IOError where network != nil {
      throw OperatorMistake(
        "api.listen", "the API's port cannot be opened: \(error)", hint: "choose another with the key api.listen")
    }
  }

  /// A task that is cancelled ends in order too.
  private static func run(_ group: ServiceGroup) async throws {
    let running = Task { try await group.run() }
    try await withTaskCancellationHandler {
      try await running.value
    } onCancel: {
      Task { await group.triggerGracefulShutdown() }
    }
  }

  /// Ended in reverse order: first the streams, then the roles' socket, then the API, last the clock.
  private func lifecycle(
    _ core: HubCore, _ store: Store, _ network: NetworkEntrance?, _ gate: ReadyGate, _ logger: Logger
  ) throws -> ServiceGroupConfiguration {
    var services: [any Service] = [TickService(core: core), delivery(core, store, logger)]
    let (socket, data, api) = (configuration.data.apiSocket, configuration.data, configuration.api)
    let application = Application(
      router: Routes(core: core, entrance: .socket).router(logger),
      server: HTTPServerBuilder { LateHTTP1(http: HTTP1Channel(responder: $0)) },
      configuration: ApplicationConfiguration(address: .unixDomainSocket(path: socket), serverName: "vigil"),
      onServerRunning: { _ in
        SocketFile.close(toOthers: socket)
        HubProcess.open(data, to: api.group, logger)
        gate.passed()
      }, logger: logger)
    services.append(application)
    if let network { services.append(network.application { gate.passed() }) }
    services.append(
      IngestServer(
        path: configuration.data.ingestSocket, sensorUser: configuration.sensor.user, core: core, logger: logger,
        ready: { gate.passed() }))
    if let listener = configuration.delivery.page {
      let page = OwnerPage(desk: core, clock: clock, language: configuration.language == .zh ? .zh : .en)
      var owners = OwnerListener(page: page, configuration: listener, logger: logger)
      owners.ready = { _ in gate.passed() }
      services.append(try owners.application())
    }
    services.append(EndService(core: core))
    var group = ServiceGroupConfiguration(
      services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
      gracefulShutdownSignals: [], logger: logger)
    group.maximumGracefulShutdownDuration = .seconds(5)
    return group
  }

  /// Without the group the socket stays its owner's.
  private static func open(_ data: DataFolder, to name: String, _ logger: Logger) {
    guard !name.isEmpty else { return }
    guard let group = Peer.number(ofGroup: name) else {
      if name != Configuration.API.usualGroup {
        logger.warning("api.group: there is no group \(name); the API's socket is its owner's alone")
      }
      return
    }
    guard SocketFile.open(data.apiSocket, toGroup: group, folders: data.apiFolders) else {
      SocketFile.close(toOthers: data.apiSocket)
      return logger.warning("api.group: the hub's user cannot give the API's socket to \(name)")
    }
  }

  private func delivery(_ core: HubCore, _ store: Store, _ logger: Logger) -> DeliveryService {
    let ending = EndFlag()
    let lanes = DeliveryLanes(
      configuration: configuration, store: store, clock: clock, board: core.laneBoard,
      bounced: { await core.contactBounced($0, $1, $2) }, logger: logger, ending: ending)
    return DeliveryService(
      lanes: lanes.runners, store: store, clock: clock, rule: lanes.rule, logger: logger, ending: ending)
  }

  /// Lines on standard error, which the supervisor prefixes.
  private static func logger() -> Logger {
    var logger = Logger(label: "hub") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .notice
    return logger
  }
}

/// Calls once, when all have passed.
final class ReadyGate: Sendable {
  private let left: Locked
  private let body: @Sendable () -> Void
  init(count: Int, _ body: @escaping @Sendable () -> Void) {
    left = Locked(count)
    self.body = body
  }
  func passed() {
    if left.decrement() == 0 { body() }
  }
}

/// The passing seconds.
struct TickService: Service {
  let core: HubCore
  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await core.tick()
        try? await Task.sleep(for: .seconds(1))
      }
    }
  }
}

/// The first to hear of the end: lets the streams go, so that the API's connections can close.
struct EndService: Service {
  let core: HubCore
  func run() async throws {
    try? await gracefulShutdown()
    await core.end()
  }
}
