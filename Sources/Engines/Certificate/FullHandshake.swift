internal import COpenSSL

/// One handshake to its end by OpenSSL over memory, carried by a `Connection`, so that deadline, pace and stop hold.
/// Nothing is verified here: the chain is what is wanted, whatever it is worth.
struct FullHandshake {
  private(set) var chain: [[UInt8]] = []
  private(set) var facts: [Fact] = []
  private(set) var failure: String?

  static func run(_ prober: TLSProber) -> FullHandshake {
    var result = attempt(prober)
    if result.chain.isEmpty, result.isTransient, prober.context.pause(milliseconds: 700) { result = attempt(prober) }
    return result
  }

  private var isTransient = false

  /// The most a server may send before the handshake ends: a hostile chain is cut there.
  private static let byteLimit = 512 << 10

  private static func attempt(_ prober: TLSProber) -> FullHandshake {
    var result = FullHandshake()
    guard let session = Session(serverName: prober.serverName) else {
      result.failure = "OpenSSL gave no session"
      return result
    }
    do throws(ConnectionFailure) {
      let connection = try Connection(to: prober.endpoint, prober.context)
      var received = 0
      while true {
        let step = session.step()
        let output = session.takeOutput()
        if !output.isEmpty { try connection.send(output) }
        if step == .done { break }
        guard step == .wantsMore else {
          result.failure = "the handshake failed: \(session.errorText())"
          break
        }
        let bytes = try connection.receive()
        received += bytes.count
        guard !bytes.isEmpty else { throw .closed }
        guard received <= byteLimit else {
          result.failure = "the handshake has more than \(byteLimit >> 10) KiB, the limit"
          break
        }
        session.put(bytes)
      }
    } catch {
      prober.context.countCause(error)
      result.failure = error.sentence
      result.isTransient = error.isTransient
    }
    result.chain = session.chain()
    if result.failure == nil { result.facts = [Fact("negotiated", session.negotiated())] }
    return result
  }
}

/// An SSL object over two memory BIOs.
@safe private final class Session {
  enum Step { case done, wantsMore, failed }
  private let context: OpaquePointer
  private let ssl: OpaquePointer
  private let input: OpaquePointer
  private let output: OpaquePointer

  init?(serverName: String?) {
    guard let context = unsafe SSL_CTX_new(TLS_client_method()) else { return nil }
    unsafe SSL_CTX_set_security_level(context, 0)
    _ = unsafe SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    _ = unsafe vigil_ssl_ctx_set_min_version(context, SSL3_VERSION)
    _ = unsafe SSL_CTX_set_options(context, vigil_legacy_options())
    guard let ssl = unsafe SSL_new(context), let input = unsafe BIO_new(BIO_s_mem()),
      let output = unsafe BIO_new(BIO_s_mem())
    else {
      unsafe SSL_CTX_free(context)
      return nil
    }
    unsafe SSL_set_bio(ssl, input, output)
    unsafe SSL_set_connect_state(ssl)
    if let serverName { _ = unsafe vigil_ssl_set_host_name(ssl, serverName) }
    unsafe (self.context, self.ssl, self.input, self.output) = unsafe (context, ssl, input, output)
  }

  deinit {
    unsafe SSL_free(ssl)
    unsafe SSL_CTX_free(context)
  }

  func step() -> Step {
    ERR_clear_error()
    let result = unsafe SSL_do_handshake(ssl)
    if result == 1 { return .done }
    return unsafe SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ ? .wantsMore : .failed
  }

  func put(_ bytes: [UInt8]) { _ = unsafe BIO_write(input, bytes, Int32(bytes.count)) }

  func takeOutput() -> [UInt8] {
    let count = unsafe BIO_ctrl_pending(output)
    guard count > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: count)
    let got = unsafe BIO_read(output, &bytes, Int32(count))
    return Array(bytes.prefix(Int(max(got, 0))))
  }

  func errorText() -> String {
    let code = ERR_peek_last_error()
    defer { ERR_clear_error() }
    guard let text = unsafe ERR_reason_error_string(code) else { return "no reason given" }
    return unsafe String(cString: text)
  }

  func negotiated() -> String {
    let version = unsafe SSL_get_version(ssl).map { unsafe String(cString: $0) } ?? ""
    let suite = unsafe SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl)).map { unsafe String(cString: $0) } ?? ""
    return "\(version) \(suite)"
  }

  func chain() -> [[UInt8]] {
    let stack = unsafe SSL_get_peer_cert_chain(ssl)
    return unsafe (0..<min(vigil_chain_count(stack), 20)).compactMap { index in
      guard let certificate = unsafe vigil_chain_at(stack, index) else { return nil }
      let length = unsafe i2d_X509(certificate, nil)
      guard length > 0 else { return nil }
      var bytes = [UInt8](repeating: 0, count: Int(length))
      _ = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        var cursor = buffer.baseAddress
        return unsafe i2d_X509(certificate, &cursor)
      }
      return bytes
    }
  }
}
