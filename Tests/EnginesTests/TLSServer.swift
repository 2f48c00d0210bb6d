import COpenSSL
import Dispatch
import Glibc

/// A certificate and its key, made for a test.
@safe final class Identity: @unchecked Sendable {
  enum Key { case rsa(UInt32), ec, ed25519 }
  let certificate: OpaquePointer
  let key: OpaquePointer

  /// Signed by `issuer`, else by itself.
  init(
    _ name: String, key kind: Key = .ec, names: [String] = [], from: Int = -86_400, until: Int = 90 * 86_400,
    digest: String = "SHA256", isAuthority: Bool = false, issuer: Identity? = nil,
    extensions: [(name: String, value: String)] = [], organisation: String? = nil
  ) throws {
    let made: OpaquePointer? =
      switch kind {
      case .rsa(let bits): unsafe vigil_rsa_key(bits)
      case .ec: unsafe vigil_ec_key("P-256")
      case .ed25519: unsafe vigil_ed25519_key()
      }
    guard let key = unsafe made, let certificate = unsafe X509_new() else { throw ServerFailure() }
    unsafe (self.key, self.certificate) = unsafe (key, certificate)
    unsafe X509_set_version(certificate, 2)
    unsafe ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int.random(in: 1...1_000_000_000))
    unsafe X509_gmtime_adj(X509_getm_notBefore(certificate), from)
    unsafe X509_gmtime_adj(X509_getm_notAfter(certificate), until)
    unsafe X509_set_pubkey(certificate, key)
    let subject = unsafe X509_get_subject_name(certificate)
    unsafe X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, name, -1, -1, 0)
    if let organisation {
      unsafe X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, organisation, -1, -1, 0)
    }
    let authority = unsafe issuer?.certificate ?? certificate
    unsafe X509_set_issuer_name(certificate, X509_get_subject_name(authority))
    var context = unsafe X509V3_CTX()
    unsafe vigil_x509v3_no_db(&context)
    unsafe X509V3_set_ctx(&context, issuer?.certificate ?? certificate, certificate, nil, nil, 0)
    func add(_ nid: Int32, _ value: String) {
      guard let made = unsafe X509V3_EXT_conf_nid(nil, &context, nid, value) else { return }
      unsafe X509_add_ext(certificate, made, -1)
      unsafe X509_EXTENSION_free(made)
    }
    add(NID_basic_constraints, isAuthority ? "critical,CA:TRUE" : "CA:FALSE")
    if !names.isEmpty {
      add(
        NID_subject_alt_name, names.map { $0.first?.isNumber == true ? "IP:\($0)" : "DNS:\($0)" }.joined(separator: ",")
      )
    }
    for item in extensions {
      guard let made = unsafe X509V3_EXT_nconf(nil, &context, item.name, item.value) else { throw ServerFailure() }
      unsafe X509_add_ext(certificate, made, -1)
      unsafe X509_EXTENSION_free(made)
    }
    let method =
      if case .ed25519 = (issuer == nil ? kind : .ec) { unsafe OpaquePointer?.none } else {
        unsafe EVP_get_digestbyname(digest)
      }
    guard unsafe X509_sign(certificate, issuer?.key ?? key, method) > 0 else { throw ServerFailure() }
  }

  var pem: String {
    guard let bio = unsafe BIO_new(BIO_s_mem()) else { return "" }
    defer { unsafe BIO_free(bio) }
    unsafe PEM_write_bio_X509(bio, certificate)
    var bytes = [UInt8](repeating: 0, count: 16384)
    let count = unsafe BIO_read(bio, &bytes, 16384)
    return String(decoding: bytes.prefix(Int(max(count, 0))), as: UTF8.self)
  }
}

/// OpenSSL as a server, with the versions and suites of the test.
@safe final class TLSServer: @unchecked Sendable {
  private let context: OpaquePointer
  private let choices: ServerChoices
  let server: LoopbackServer
  var port: UInt16 { server.port }

  struct Settings {
    var versions = TLS1_2_VERSION...TLS1_3_VERSION
    /// OpenSSL's names, below TLS 1.3.
    var suites = "ECDHE+AESGCM"
    var prefersOwn = true
    /// What is answered to a request line; nil: nothing.
    var response: String?
    /// A certificate for another kind of key beside the first, under the same chain.
    var second: Identity?
    /// What is shown to those who send no server name.
    var nameless: Identity?
    /// Whoever sends no server name is turned away.
    var needsName = false
    /// An OCSP response for those who ask.
    var staple: [UInt8] = []
    /// The body of the signed_certificate_timestamp extension.
    var timestamps: [UInt8] = []
    /// OpenSSL's SSL_OP_ALLOW_CLIENT_RENEGOTIATION.
    var renegotiates = false
    /// Below TLS 1.3: by ticket and by id.
    var givesSessions = true
    /// Serves one connection at a time, each until the client ends it.
    var isSerial = false
  }

  init(_ identity: Identity, chain: [Identity] = [], _ settings: Settings = .init()) throws {
    guard let context = unsafe SSL_CTX_new(TLS_server_method()) else { throw ServerFailure() }
    unsafe self.context = unsafe context
    unsafe SSL_CTX_set_security_level(context, 0)
    _ = unsafe vigil_ssl_ctx_set_min_version(context, settings.versions.lowerBound)
    _ = unsafe vigil_ssl_ctx_set_max_version(context, settings.versions.upperBound)
    guard unsafe SSL_CTX_set_cipher_list(context, settings.suites + ":@SECLEVEL=0") == 1,
      unsafe SSL_CTX_use_certificate(context, identity.certificate) == 1,
      unsafe SSL_CTX_use_PrivateKey(context, identity.key) == 1
    else { throw ServerFailure() }
    for link in chain { _ = unsafe vigil_ssl_ctx_add_chain(context, link.certificate) }
    if settings.prefersOwn { unsafe SSL_CTX_set_options(context, 1 << 22) }
    if let second = settings.second {
      unsafe SSL_CTX_use_certificate(context, second.certificate)
      unsafe SSL_CTX_use_PrivateKey(context, second.key)
      for link in chain { _ = unsafe vigil_ssl_ctx_add_chain(context, link.certificate) }
    }
    if !settings.timestamps.isEmpty {
      // SERVERINFOV2: the places (ClientHello, TLS 1.2 ServerHello, TLS 1.3 Certificate), type 18, length, body.
      let count = settings.timestamps.count
      let record: [UInt8] = [0, 0, 0x11, 0x80, 0, 18, UInt8(count >> 8), UInt8(count & 255)] + settings.timestamps
      guard unsafe SSL_CTX_use_serverinfo_ex(context, 2, record, record.count) == 1 else { throw ServerFailure() }
    }
    choices = ServerChoices(settings)
    unsafe choices.install(in: context)
    if settings.renegotiates { unsafe SSL_CTX_set_options(context, 1 << 8) }
    unsafe SSL_CTX_set_num_tickets(context, 0)
    if !settings.givesSessions {
      unsafe SSL_CTX_set_options(context, vigil_no_ticket_option())
      unsafe SSL_CTX_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE, 0, nil)
    }
    let (raw, response, isSerial) = (UInt(bitPattern: context), settings.response, settings.isSerial)
    let turn = DispatchSemaphore(value: 1)
    server = try LoopbackServer { peer in
      if isSerial { turn.wait() }
      defer { if isSerial { turn.signal() } }
      guard let context = unsafe OpaquePointer(bitPattern: raw), let ssl = unsafe SSL_new(context) else { return }
      defer { unsafe SSL_free(ssl) }
      var limit = timeval(tv_sec: 4, tv_usec: 0)
      unsafe setsockopt(peer.descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
      unsafe SSL_set_fd(ssl, peer.descriptor)
      guard unsafe SSL_accept(ssl) == 1 else { return }
      var buffer = [UInt8](repeating: 0, count: 4096)
      guard let response, unsafe SSL_read(ssl, &buffer, 4096) > 0 else { return }
      unsafe SSL_write(ssl, response, Int32(response.utf8.count))
      while isSerial, unsafe SSL_read(ssl, &buffer, 4096) > 0 {}
      unsafe SSL_shutdown(ssl)
    }
  }

  /// Handshakes that came to their end, and those among them that resumed a session.
  var handshakes: Int { unsafe SSL_CTX_ctrl(context, SSL_CTRL_SESS_ACCEPT_GOOD, 0, nil) }
  var resumptions: Int { unsafe SSL_CTX_ctrl(context, SSL_CTRL_SESS_HIT, 0, nil) }

  func settle() { server.settle() }
  func stop() { server.stop() }
}
