internal import HummingbirdCore
internal import Logging
internal import NIOCore

/// A connection that was accepted and is not yet served.
///
/// SwiftNIO ends the process when a `NIOAsyncChannel` is dropped unused, which a server's end does to what it has
/// accepted and not yet handed over. A plain channel may be dropped; so it is wrapped only by the task that serves it,
/// and what comes until then is kept for it.
struct AcceptedChannel: ServerChildChannelValue {
  let channel: any Channel

  /// On the channel's loop, before anything was read.
  static func accepted(_ channel: any Channel) -> EventLoopFuture<AcceptedChannel> {
    channel.setOption(.autoRead, value: false).flatMapThrowing {
      try channel.pipeline.syncOperations.addHandler(HalfClosure())
      return AcceptedChannel(channel: channel)
    }
  }

  /// Puts `setup`'s handlers in place, then lets the bytes come.
  func begin<Value: Sendable>(
    _ setup: @escaping @Sendable (any Channel) throws -> EventLoopFuture<Value>
  ) async throws -> Value {
    let channel = channel
    let value = try await channel.eventLoop.flatSubmit {
      do { return try setup(channel) } catch { return channel.eventLoop.makeFailedFuture(error) }
    }.get()
    try? await channel.eventLoop.submit {
      try channel.pipeline.syncOperations.handler(type: HalfClosure.self).handOver()
    }.get()
    try? await channel.setOption(.autoRead, value: true).get()
    return value
  }
}

/// HTTP/1 on connections that are begun when they are served.
struct LateHTTP1: ServerChildChannel {
  let http: HTTP1Channel

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<AcceptedChannel> {
    AcceptedChannel.accepted(channel)
  }

  func handle(value: AcceptedChannel, logger: Logger) async {
    do {
      let begun = try await value.begin { http.setup(channel: $0, logger: logger) }
      await http.handle(value: begun, logger: logger)
    } catch {
      value.channel.close(promise: nil)
    }
  }
}
