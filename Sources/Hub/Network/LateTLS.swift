internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOSSL

/// HTTP/1 by TLS on connections that are begun when they are served (`AcceptedChannel` says why).
struct LateTLS: ServerChildChannel {
  let context: NIOSSLContext
  let http: HTTP1Channel
  let places: ConnectionPlaces

  init(
    context: NIOSSLContext, responder: @escaping HTTPChannelHandler.Responder, limits: NetworkLimits = NetworkLimits()
  ) {
    self.context = context
    places = ConnectionPlaces(limit: limits.connectionsPerAddress)
    http = HTTP1Channel(
      responder: responder,
      configuration: .init(
        additionalChannelHandlers: [ConnectionPatience(limits)],
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: limits.headerField, maxHeaderListSize: limits.headerList,
          maxHeaderFieldCount: limits.headerCount)))
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<AcceptedChannel> {
    AcceptedChannel.accepted(channel)
  }

  func handle(value: AcceptedChannel, logger: Logger) async {
    let address = value.channel.remoteAddress?.ipAddress ?? "unknown"
    guard places.take(address) else { return value.channel.close(promise: nil) }
    defer { places.leave(address) }
    do {
      let begun = try await value.begin { channel in
        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
        return http.setup(channel: channel, logger: logger)
      }
      await http.handle(value: begun, logger: logger)
    } catch {
      value.channel.close(promise: nil)
    }
  }
}
