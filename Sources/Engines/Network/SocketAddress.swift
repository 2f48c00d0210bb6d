internal import CCurl
internal import COpenSSL
internal import Glibc
internal import Wire

/// An address and port as the sockets' API wants them.
struct SocketAddress {
  private var v4 = sockaddr_in()
  private var v6 = sockaddr_in6()
  private let isV6: Bool

  init(_ address: IPAddress, _ port: UInt16) {
    isV6 = address.isV6
    if let word = address.v4 {
      v4.sin_family = sa_family_t(AF_INET)
      v4.sin_port = port.bigEndian
      v4.sin_addr.s_addr = word.bigEndian
    } else {
      v6.sin6_family = sa_family_t(AF_INET6)
      v6.sin6_port = port.bigEndian
      unsafe withUnsafeMutableBytes(of: &v6.sin6_addr) { unsafe $0.copyBytes(from: address.bytes) }
    }
  }

  mutating func withPointer<T>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
    if isV6 {
      let size = MemoryLayout<sockaddr_in6>.size
      return unsafe withUnsafeMutableBytes(of: &v6) { raw in unsafe SocketAddress.lend(raw, size, body) }
    }
    let size = MemoryLayout<sockaddr_in>.size
    return unsafe withUnsafeMutableBytes(of: &v4) { raw in unsafe SocketAddress.lend(raw, size, body) }
  }

  private static func lend<T>(
    _ raw: UnsafeMutableRawBufferPointer, _ size: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T
  ) -> T {
    guard let base = raw.baseAddress else { preconditionFailure("a socket address has bytes") }
    return unsafe base.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, socklen_t(size)) }
  }

  /// Nil for other families, and for a structure that is too short.
  static func address(of pointer: UnsafePointer<sockaddr>, length: Int = .max) -> IPAddress? {
    let raw = unsafe UnsafeRawPointer(pointer)
    switch Int32(unsafe pointer.pointee.sa_family) {
    case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
      let value = unsafe raw.loadUnaligned(as: sockaddr_in.self)
      return IPAddress(v4: UInt32(bigEndian: value.sin_addr.s_addr))
    case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
      var value = unsafe raw.loadUnaligned(as: sockaddr_in6.self)
      return unsafe withUnsafeBytes(of: &value.sin6_addr) { unsafe IPAddress(bytes: Array($0)) }
    default: return nil
    }
  }
}

extension SocketAddress {
  /// Our own end of a socket; nil where the system does not say.
  static func local(of descriptor: Int32) -> (address: IPAddress, port: UInt16)? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutableBytes(of: &storage) { raw in
      guard let base = raw.baseAddress else { return nil }
      return unsafe base.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        guard unsafe getsockname(descriptor, pointer, &length) == 0,
          let address = unsafe SocketAddress.address(of: UnsafePointer(pointer), length: Int(length))
        else { return nil }
        // Both families have the port behind the family.
        let port = unsafe UnsafeRawPointer(base).loadUnaligned(fromByteOffset: 2, as: UInt16.self)
        return (address, UInt16(bigEndian: port))
      }
    }
  }
}

/// A detached POSIX thread with a closure.
package struct Thread {
  private let body: @Sendable () -> Void
  /// Enough for OpenSSL's and libcurl's frames with room to spare.
  private static let stackBytes = 1 << 20

  package init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  private final class Payload {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// False where the system gives no thread.
  package func start() -> Bool {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, Thread.stackBytes)
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let payload = unsafe Unmanaged.passRetained(Payload(body))
    var id = pthread_t()
    let result = unsafe pthread_create(
      &id, &attributes,
      { raw in
        guard let raw = unsafe raw else { return nil }
        unsafe Unmanaged<Payload>.fromOpaque(raw).takeRetainedValue().body()
        return nil
      }, payload.toOpaque())
    if result != 0 { unsafe payload.release() }
    return result == 0
  }
}
