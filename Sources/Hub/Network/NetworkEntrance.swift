internal import ControlAPI
internal import Glibc
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOSSL

/// The API on a TCP port: the same routes, by TLS, for tokens only.
struct NetworkEntrance {
  private let listener: Configuration.API.Listener
  private let context: NIOSSLContext
  private let core: HubCore
  private let limits: NetworkLimits
  private let logger: Logger

  /// Throws where the certificate, the key or the port cannot be had.
  init(
    _ listener: Configuration.API.Listener, core: HubCore, limits: NetworkLimits = NetworkLimits(), logger: Logger
  ) throws(OperatorMistake) {
    self.listener = listener
    self.core = core
    self.limits = limits
    self.logger = logger
    context = try Certificate.context(listener)
  }

  func application(ready: @escaping @Sendable () -> Void) -> some ApplicationProtocol {
    let (context, limits, logger) = (context, limits, logger)
    return Application(
      router: Routes(core: core, entrance: .network).router(logger),
      server: HTTPServerBuilder { LateTLS(context: context, responder: $0, limits: limits) },
      configuration: ApplicationConfiguration(
        address: .hostname("\(listener.address)", port: Int(listener.port)), serverName: "vigil",
        availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: logger)),
      onServerRunning: { channel in
        let place = channel.localAddress.map { "\($0.ipAddress ?? ""):\($0.port ?? 0)" } ?? ""
        logger.notice("the API answers by TLS on \(place)")
        ready()
      }, logger: logger)
  }
}
