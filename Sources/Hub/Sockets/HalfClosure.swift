internal import NIOCore

/// The first handler of a connection: one whose other side has said that nothing more comes is served like any other.
///
/// SwiftNIO reads nothing unasked, but for this one case: then all that the kernel holds is read at once, which before
/// there are other handlers would be nobody's. And it ends such a connection together with the output, whatever waits to
/// be written.
final class HalfClosure: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// At most what the kernel holds of a connection.
  private var early: [ByteBuffer] = []
  private var isEnded = false
  private var isBegun = false
  private var context: ChannelHandlerContext?

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }
  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  // MARK: before anybody reads

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isBegun { context.fireChannelRead(data) } else { early.append(unwrapInboundIn(data)) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if isBegun { context.fireChannelReadComplete() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard !isBegun, event as? ChannelEvent == .inputClosed else { return context.fireUserInboundEventTriggered(event) }
    isEnded = true
  }

  /// To the handlers that are in place now; from here on nothing is kept.
  func handOver() {
    isBegun = true
    guard let context, !early.isEmpty || isEnded else { return }
    for bytes in early { context.fireChannelRead(wrapInboundOut(bytes)) }
    early = []
    context.fireChannelReadComplete()
    if isEnded { context.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
  }

  // MARK: until all is written

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .output else { return context.close(mode: mode, promise: promise) }
    let here = NIOLoopBound(context, eventLoop: context.eventLoop)
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.whenComplete { _ in here.value.close(mode: .output, promise: promise) }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
  }
}
