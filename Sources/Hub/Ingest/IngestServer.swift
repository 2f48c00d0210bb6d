internal import ControlAPI
internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Seam
internal import ServiceLifecycle

/// The ingest socket: a task a connection, messages in order, an answer only after the core has stored.
struct IngestServer: Service {
  let path: String
  /// Who the sensor becomes when root started it; may speak here beside the hub's own user.
  let sensorUser: String
  let core: HubCore
  let logger: Logger
  let ready: @Sendable () -> Void

  func run() async throws {
    try SocketFile.free(path)
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 64)
      .bind(unixDomainSocketPath: path) { AcceptedChannel.accepted($0) }
    SocketFile.close(toOthers: path)
    let allowed = allowedUsers
    if let sensor = allowed.first(where: { $0 != geteuid() }) { SocketFile.open(path, to: sensor) }
    ready()
    try await withGracefulShutdownHandler {
      try await accept(server)
    } onGracefulShutdown: {
      server.channel.close(promise: nil)
    }
  }

  private var allowedUsers: Set<UInt32> {
    let own = geteuid()
    guard own == 0, let sensor = Peer.number(of: sensorUser) else { return [own] }
    return [own, sensor]
  }

  private func accept(_ server: NIOAsyncChannel<AcceptedChannel, Never>) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      try await server.executeThenClose { connections in
        var number = 0
        for try await connection in connections {
          number += 1
          let id = number
          group.addTask { await serve(connection, id) }
        }
      }
      group.cancelAll()
    }
  }

  private func serve(_ accepted: AcceptedChannel, _ id: Int) async {
    guard let user = await Peer.user(of: accepted.channel), allowedUsers.contains(user) else {
      logger.error("a stranger came to the ingest socket")
      return accepted.channel.close(promise: nil)
    }
    do {
      let connection = try await accepted.begin { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
      try await connection.executeThenClose { inbound, outbound in
        var decoder = FrameDecoder()
        var peer: SeamPeer?
        for try await var bytes in inbound {
          decoder.receive(bytes.readBytes(length: bytes.readableBytes) ?? [])
          while let message = try decoder.next() {
            if let known = peer {
              await core.receive(message, from: known)
            } else {
              peer = try await welcome(message, id, outbound)
              guard peer != nil else { return }
            }
          }
        }
      }
    } catch {
      logger.debug("a connection of the ingest socket ended", metadata: ["error": "\(error)"])
    }
    await core.left(id: id)
  }

  /// The first message must be a hello of our version.
  private func welcome(
    _ message: SeamMessage, _ id: Int, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) async throws -> SeamPeer? {
    guard case .hello(let hello) = message else {
      await SeamPeer.write(.refused("the first message must say who speaks"), outbound)
      return nil
    }
    guard hello.version == SeamMessage.version else {
      await SeamPeer.write(.refused("version \(hello.version) is not spoken here, \(SeamMessage.version) is"), outbound)
      return nil
    }
    let peer = SeamPeer(id: id, hello: hello, writer: outbound)
    await SeamPeer.write(.welcome(await core.joined(peer)), outbound)
    return peer
  }
}
