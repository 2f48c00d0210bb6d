internal import COpenSSL
internal import Glibc

/// A certificate and its key, made in this process. Owns both.
@safe final class Identity: @unchecked Sendable {
  // Sendable: nothing is changed after `init`, and OpenSSL counts references by itself.
  enum Key {
    case rsa(UInt32)
    case ec
  }

  struct Request {
    var name: String
    var key = Key.ec
    var names: [String] = []
    /// Seconds from now.
    var from = -86_400
    var until = 365 * 86_400
    var digest = "SHA256"
    var isAuthority = false
    /// In place of what such a certificate usually says, as OpenSSL's configuration writes it.
    var usage: String?
    var purposes: String?
    /// That a staple must come with it (RFC 7633).
    var demandsStaple = false
  }

  let certificate: OpaquePointer
  let key: OpaquePointer

  /// Takes both over.
  init(certificate: OpaquePointer, key: OpaquePointer) {
    unsafe self.certificate = unsafe certificate
    unsafe self.key = unsafe key
  }

  /// Signed by `issuer`, else by itself. `pair` lends its key, which is what costs.
  convenience init(_ request: Request, issuer: Identity? = nil, pair: Identity? = nil) throws(DemoError) {
    guard let key = unsafe Identity.key(request.key, pair) else { throw Identity.failure(request.name) }
    guard let certificate = unsafe X509_new() else {
      unsafe EVP_PKEY_free(key)
      throw Identity.failure(request.name)
    }
    unsafe self.init(certificate: certificate, key: key)
    try fill(request, issuer)
  }

  /// The caller's to free.
  private static func key(_ kind: Key, _ pair: Identity?) -> OpaquePointer? {
    if let pair { return unsafe EVP_PKEY_up_ref(pair.key) == 1 ? pair.key : nil }
    return switch kind {
    case .rsa(let bits): unsafe vigil_rsa_key(bits)
    case .ec: unsafe vigil_ec_key("P-256")
    }
  }

  deinit {
    unsafe X509_free(certificate)
    unsafe EVP_PKEY_free(key)
  }

  private func fill(_ request: Request, _ issuer: Identity?) throws(DemoError) {
    unsafe X509_set_version(certificate, 2)
    unsafe ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int.random(in: 1...Int(Int32.max)))
    unsafe X509_gmtime_adj(X509_getm_notBefore(certificate), request.from)
    unsafe X509_gmtime_adj(X509_getm_notAfter(certificate), request.until)
    unsafe X509_set_pubkey(certificate, key)
    let subject = unsafe X509_get_subject_name(certificate)
    unsafe X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, "Vigil demonstration", -1, -1, 0)
    unsafe X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, request.name, -1, -1, 0)
    unsafe X509_set_issuer_name(certificate, X509_get_subject_name(issuer?.certificate ?? certificate))
    unsafe addExtensions(request, issuer?.certificate ?? certificate)
    let digest = unsafe EVP_get_digestbyname(request.digest)
    guard unsafe X509_sign(certificate, issuer?.key ?? key, digest) > 0 else { throw Identity.failure(request.name) }
  }

  private func addExtensions(_ request: Request, _ authority: OpaquePointer) {
    var context = unsafe X509V3_CTX()
    unsafe vigil_x509v3_no_db(&context)
    unsafe X509V3_set_ctx(&context, authority, certificate, nil, nil, 0)
    var wanted = [(NID_basic_constraints, request.isAuthority ? "critical,CA:TRUE" : "CA:FALSE")]
    let usual = request.isAuthority ? "keyCertSign,cRLSign" : "digitalSignature,keyEncipherment"
    wanted.append((NID_key_usage, request.usage ?? usual))
    if let purposes = request.purposes { wanted.append((NID_ext_key_usage, purposes)) }
    if request.demandsStaple { wanted.append((NID_tlsfeature, "status_request")) }
    if !request.names.isEmpty {
      wanted.append((NID_subject_alt_name, request.names.map { "DNS:\($0)" }.joined(separator: ",")))
    }
    for (nid, value) in wanted {
      guard let made = unsafe X509V3_EXT_conf_nid(nil, &context, nid, value) else { continue }
      unsafe X509_add_ext(certificate, made, -1)
      unsafe X509_EXTENSION_free(made)
    }
  }

  private static func failure(_ name: String) -> DemoError {
    ERR_clear_error()
    return DemoError("no certificate could be made for \(name)", hint: "see whether OpenSSL 3 is installed whole")
  }

  // MARK: text

  var certificatePEM: String { unsafe Identity.text { unsafe PEM_write_bio_X509($0, certificate) } }
  var keyPEM: String { unsafe Identity.text { unsafe PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) } }

  var der: [UInt8] {
    let count = unsafe i2d_X509(certificate, nil)
    guard count > 0 else { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, filled in
      var place = buffer.baseAddress
      filled = Int(max(unsafe i2d_X509(certificate, &place), 0))
    }
  }

  /// Nil where the text holds no certificate and key that belong together.
  convenience init?(pem: String) {
    guard let bio = unsafe BIO_new(BIO_s_mem()) else { return nil }
    defer { unsafe BIO_free(bio) }
    unsafe BIO_write(bio, pem, Int32(clamping: pem.utf8.count))
    guard let certificate = unsafe PEM_read_bio_X509(bio, nil, nil, nil) else { return nil }
    guard let key = unsafe PEM_read_bio_PrivateKey(bio, nil, nil, nil) else {
      unsafe X509_free(certificate)
      return nil
    }
    unsafe self.init(certificate: certificate, key: key)
    guard unsafe X509_check_private_key(certificate, key) == 1 else { return nil }
  }

  /// Whether it lasts longer than `seconds` from now.
  func isValid(forSeconds seconds: Int) -> Bool {
    var moment = time(nil) + seconds
    return unsafe X509_cmp_time(X509_get0_notAfter(certificate), &moment) > 0
  }

  private static func text(_ write: (OpaquePointer) -> Int32) -> String {
    guard let bio = unsafe BIO_new(BIO_s_mem()) else { return "" }
    defer { unsafe BIO_free(bio) }
    guard unsafe write(bio) == 1 else { return "" }
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = unsafe BIO_read(bio, &bytes, Int32(bytes.count))
    return String(decoding: bytes.prefix(Int(max(count, 0))), as: UTF8.self)
  }
}
