internal import COpenSSL
internal import Glibc

struct StreamFailure: Error {
  var sentence: String
}

/// A TCP stream to a receiver, with or without TLS, with one deadline for all that is done on it. It belongs to one thread.
@safe final class OutgoingStream {
  private var descriptor: Int32 = -1
  private var context: OpaquePointer?
  private var session: OpaquePointer?
  private let end: timespec
  private let cancelled: EndFlag
  private static let longestWait: Int32 = 200

  init(seconds: Double, cancelled: EndFlag) {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    end = timespec(tv_sec: now.tv_sec + Int(seconds.rounded(.up)), tv_nsec: now.tv_nsec)
    self.cancelled = cancelled
  }

  deinit {
    unsafe SSL_free(session)
    unsafe SSL_CTX_free(context)
    if descriptor >= 0 { close(descriptor) }
  }

  /// The first of the host's addresses that answers.
  func connect(host: String, port: UInt16) throws(StreamFailure) {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let status = unsafe getaddrinfo(host, String(port), &hints, &list)
    guard status == 0 else { throw unsafe StreamFailure(sentence: "\(host): \(String(cString: gai_strerror(status)))") }
    defer { unsafe freeaddrinfo(list) }
    var failure = StreamFailure(sentence: "\(host) has no address")
    var next = unsafe list
    while let address = unsafe next {
      do throws(StreamFailure) { return try unsafe connect(address.pointee) } catch { failure = error }
      unsafe next = address.pointee.ai_next
    }
    throw failure
  }

  private func connect(_ address: addrinfo) throws(StreamFailure) {
    if descriptor >= 0 { close(descriptor) }
    descriptor = unsafe socket(
      address.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw OutgoingStream.failure(errno) }
    if unsafe Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return }
    guard errno == EINPROGRESS else { throw OutgoingStream.failure(errno) }
    try wait(Int16(POLLOUT))
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0, code == 0 else {
      throw OutgoingStream.failure(code)
    }
  }

  /// TLS 1.2 or better, with a certificate that stands for `host` under the authorities of `ca` or the system's.
  func secure(host: String, ca: String?) throws(StreamFailure) {
    unsafe context = SSL_CTX_new(TLS_client_method())
    _ = unsafe vigil_ssl_ctx_set_min_version(context, TLS1_2_VERSION)
    unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    let loaded =
      unsafe ca.map { unsafe SSL_CTX_load_verify_locations(context, $0, nil) }
      ?? vigil_store_set_default_paths(SSL_CTX_get_cert_store(context))
    guard loaded == 1 else { throw StreamFailure(sentence: "the authorities cannot be read") }
    unsafe session = SSL_new(context)
    guard unsafe session != nil, unsafe SSL_set_fd(session, descriptor) == 1 else {
      throw StreamFailure(sentence: "OpenSSL could not start")
    }
    if unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) != 1 {
      _ = unsafe vigil_ssl_set_host_name(session, host)
      guard unsafe SSL_set1_host(session, host) == 1 else { throw StreamFailure(sentence: "\(host) is no name") }
    }
    try step { unsafe SSL_connect(session) }
  }

  func write(_ bytes: [UInt8]) throws(StreamFailure) {
    if unsafe session != nil {
      return try step {
        unsafe bytes.withUnsafeBytes { unsafe SSL_write(session, $0.baseAddress, Int32(clamping: $0.count)) }
      }
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = unsafe rest.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if sent > 0 {
        rest = rest.dropFirst(sent)
      } else if errno == EAGAIN {
        try wait(Int16(POLLOUT))
      } else if errno != EINTR {
        throw OutgoingStream.failure(errno)
      }
    }
  }

  /// Ends our half and waits for the other: whoever read all that we wrote ends it in order.
  func finish() throws(StreamFailure) {
    if unsafe session != nil { _ = unsafe SSL_shutdown(session) }
    _ = shutdown(descriptor, Int32(SHUT_WR))
    var room = [UInt8](repeating: 0, count: 4096)
    while true {
      let got = unsafe recv(descriptor, &room, room.count, 0)
      if got == 0 { return }
      if got < 0, errno == EAGAIN {
        try wait(Int16(POLLIN))
      } else if got < 0, errno != EINTR {
        throw OutgoingStream.failure(errno)
      }
    }
  }

  /// Until OpenSSL has done it, waiting for what it waits for.
  private func step(_ call: () -> Int32) throws(StreamFailure) {
    while true {
      ERR_clear_error()
      let result = call()
      if result > 0 { return }
      switch unsafe SSL_get_error(session, result) {
      case SSL_ERROR_WANT_READ: try wait(Int16(POLLIN))
      case SSL_ERROR_WANT_WRITE: try wait(Int16(POLLOUT))
      default: throw unsafe StreamFailure(sentence: OutgoingStream.reason(session))
      }
    }
  }

  private static func reason(_ session: OpaquePointer?) -> String {
    let verdict = unsafe SSL_get_verify_result(session)
    if verdict != Int(X509_V_OK) {
      return unsafe "its certificate: \(String(cString: X509_verify_cert_error_string(verdict)))"
    }
    let code = ERR_get_error()
    guard code != 0, let text = unsafe ERR_reason_error_string(code) else { return "the receiver broke TLS off" }
    return unsafe "TLS: \(String(cString: text))"
  }

  private func wait(_ events: Int16) throws(StreamFailure) {
    while true {
      var now = timespec()
      unsafe clock_gettime(CLOCK_MONOTONIC, &now)
      let left = (end.tv_sec - now.tv_sec) * 1000 + (end.tv_nsec - now.tv_nsec) / 1_000_000
      guard left > 0, !cancelled.isSet else { throw StreamFailure(sentence: "the receiver did not answer in time") }
      var entry = pollfd(fd: descriptor, events: events, revents: 0)
      let ready = unsafe poll(&entry, 1, min(Int32(clamping: left), OutgoingStream.longestWait))
      if ready > 0 { return }
      guard ready == 0 || errno == EINTR else { throw OutgoingStream.failure(errno) }
    }
  }

  private static func failure(_ code: Int32) -> StreamFailure {
    unsafe StreamFailure(sentence: String(cString: strerror(code)).lowercased())
  }
}
