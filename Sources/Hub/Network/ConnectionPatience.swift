internal import NIOCore
internal import NIOHTTPTypes

/// Closes a connection that takes too long to say what it wants, however busily it drips bytes: only a whole head, then a
/// whole body, ends a wait. While a request is answered nothing is waited for, so a stream may last.
final class ConnectionPatience: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let limits: NetworkLimits
  private var deadline: Scheduled<Void>?
  /// Requests whose answer has not ended.
  private var open = 0

  init(_ limits: NetworkLimits) { self.limits = limits }

  func handlerAdded(context: ChannelHandlerContext) { wait(limits.head, context) }
  func handlerRemoved(context: ChannelHandlerContext) { rest() }
  func channelInactive(context: ChannelHandlerContext) {
    rest()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      open += 1
      wait(limits.body, context)
    case .body: break
    // Who was answered before the body had ended (a refusal) is waited for again.
    case .end: open > 0 ? rest() : wait(limits.head, context)
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) {
      open -= 1
      if open <= 0 { wait(limits.head, context) }
    }
    context.write(data, promise: promise)
  }

  private func wait(_ time: TimeAmount, _ context: ChannelHandlerContext) {
    rest()
    let channel = context.channel
    deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
  }

  private func rest() {
    deadline?.cancel()
    deadline = nil
  }
}
