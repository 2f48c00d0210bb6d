internal import NIOCore
internal import Seam

/// One role's connection, as the core sees it: who it is, and a way to tell it something.
struct SeamPeer: Sendable {
  let id: Int
  let hello: SeamMessage.Hello
  private let writer: NIOAsyncChannelOutboundWriter<ByteBuffer>

  init(id: Int, hello: SeamMessage.Hello, writer: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
    self.id = id
    self.hello = hello
    self.writer = writer
  }

  /// A connection that is gone loses the message: its reader ends and the role comes back.
  func tell(_ message: SeamMessage) async { await SeamPeer.write(message, writer) }

  /// Ends the connection: the role keeps what was not stored, and comes back.
  func close() async { writer.finish() }

  static func write(_ message: SeamMessage, _ writer: NIOAsyncChannelOutboundWriter<ByteBuffer>) async {
    var bytes: [UInt8] = []
    guard (try? FrameCodec.encode(message, into: &bytes)) != nil else { return }
    try? await writer.write(ByteBuffer(bytes: bytes))
  }
}
