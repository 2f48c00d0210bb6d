import Dispatch
import Glibc
import Synchronization

/// A TCP server on a port that the kernel chose; each connection is served by `serve` on a thread of its own. Every
/// wait is bounded, and `stop` ends it.
final class LoopbackServer: Sendable {
  let port: UInt16
  private let listener: Int32
  private let isOver = Atomic<Bool>(false)
  private let accepted = Atomic<Int>(0)
  private let served = DispatchGroup()
  private let listening = DispatchGroup()
  var connections: Int { accepted.load(ordering: .relaxed) }

  init(_ serve: @escaping @Sendable (Peer) -> Void) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(listener, $0, size) }
    }
    var length = size
    unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = unsafe getsockname(listener, $0, &length) }
    }
    guard bound == 0, listen(listener, 64) == 0 else { throw ServerFailure() }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    listening.enter()
    onThread { [self] in
      defer { listening.leave() }
      while !isOver.load(ordering: .relaxed) {
        var poll = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        guard unsafe Glibc.poll(&poll, 1, 50) > 0 else { continue }
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else { continue }
        let number = accepted.add(1, ordering: .relaxed).newValue
        served.enter()
        onThread { [served] in
          defer { served.leave() }
          let peer = Peer(descriptor: descriptor, number: number)
          serve(peer)
          if !peer.isReset { shutdown(descriptor, Int32(SHUT_RDWR)) }
          close(descriptor)
        }
      }
      close(listener)
    }
  }

  /// Returns when the port is closed: who connects afterwards is refused.
  func stop() {
    isOver.store(true, ordering: .relaxed)
    _ = listening.wait(timeout: .now() + 10)
  }
  /// Returns when every connection that was accepted is served, after ten seconds at most: what a peer did last is
  /// counted then.
  func settle() { _ = served.wait(timeout: .now() + 10) }
  deinit { stop() }
}

struct ServerFailure: Error {}

struct Peer: Sendable {
  let descriptor: Int32
  /// From 1, in the order of arrival.
  let number: Int

  func send(_ bytes: [UInt8]) {
    _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }
  func send(_ text: String) { send(Array(text.utf8)) }

  /// What comes within `milliseconds`; empty at the end or in silence.
  func receive(milliseconds: Int32 = 3000) -> [UInt8] {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard unsafe Glibc.poll(&poll, 1, milliseconds) > 0 else { return [] }
    var buffer = [UInt8](repeating: 0, count: 16384)
    let got = unsafe recv(descriptor, &buffer, buffer.count, 0)
    return Array(buffer.prefix(max(got, 0)))
  }

  /// Returns when the peer has gone, at latest after `milliseconds`.
  func waitForEnd(milliseconds: Int32 = 6000) {
    var left = milliseconds
    while left > 0 {
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if unsafe Glibc.poll(&poll, 1, 100) > 0, receive(milliseconds: 0).isEmpty { return }
      left -= 100
    }
  }

  var isReset: Bool {
    var linger = linger()
    var size = socklen_t(MemoryLayout<Glibc.linger>.size)
    unsafe getsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, &size)
    return linger.l_onoff != 0
  }

  /// The next close sends RST.
  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
  }
}

func onThread(_ body: @escaping @Sendable () -> Void) {
  final class Payload {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var id = pthread_t()
  unsafe pthread_create(
    &id, nil,
    { raw in
      guard let raw = unsafe raw else { return nil }
      unsafe Unmanaged<Payload>.fromOpaque(raw).takeRetainedValue().body()
      return nil
    }, unsafe Unmanaged.passRetained(Payload(body)).toOpaque())
  pthread_detach(id)
}
