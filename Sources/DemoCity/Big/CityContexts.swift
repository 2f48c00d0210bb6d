internal import COpenSSL
internal import Synchronization

/// A TLS context for each way in which planned sites speak TLS: some dozens for thousands of sites, whose certificates
/// are set connection by connection. The loops share them, and so the keys of tickets: a session is resumed whichever
/// loop is met.
final class CityContexts: Sendable {
  @safe private final class Made: @unchecked Sendable {
    // Sendable: set once; OpenSSL locks its contexts by itself.
    let context: OpaquePointer
    init(_ context: OpaquePointer) { unsafe self.context = unsafe context }
    deinit { unsafe SSL_CTX_free(context) }
  }
  private let made = Mutex<[Set<SiteTrait>: Made]>([:])

  init() {}

  /// Nil where OpenSSL refuses.
  func context(_ traits: Set<SiteTrait>) -> OpaquePointer? {
    let ways = traits.filter { $0.part == .tls }
    let found = made.withLock { table -> Made? in
      if let known = table[ways] { return known }
      guard let context = unsafe CityContexts.make(ways) else { return nil }
      table[ways] = unsafe Made(context)
      return table[ways]
    }
    return unsafe found?.context
  }

  // OpenSSL's numbers for what are macros in C (ssl.h of 3.0).
  private static let serverOrder: UInt64 = 1 << 22
  private static let noRenegotiation: UInt64 = 1 << 30
  private static let noMasterSecret: UInt64 = 1 << 0
  private static let noReplayGuard: UInt64 = 1 << 24
  private static let (modeCommand, releaseBuffers): (Int32, Int) = (33, 0x10)
  private static let (cacheCommand, cacheOff): (Int32, Int) = (44, 0)
  private static let (signaturesCommand, earlyBytes): (Int32, UInt32) = (98, 4096)
  private static let good = "ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256:ECDSA+SHA384:RSA-PSS+SHA384:RSA+SHA384:RSA+SHA512"

  private static func make(_ traits: Set<SiteTrait>) -> OpaquePointer? {
    guard let context = unsafe SSL_CTX_new(TLS_server_method()) else { return nil }
    unsafe SSL_CTX_set_security_level(context, 0)
    let oldest = traits.isDisjoint(with: [.tlsOld, .tlsOnlyOld]) ? TLS1_2_VERSION : TLS1_VERSION
    let newest =
      traits.contains(.tlsOnlyOld) ? TLS1_1_VERSION : traits.contains(.tlsNo13) ? TLS1_2_VERSION : TLS1_3_VERSION
    _ = unsafe vigil_ssl_ctx_set_min_version(context, oldest)
    _ = unsafe vigil_ssl_ctx_set_max_version(context, newest)
    unsafe SSL_CTX_set_options(context, options(traits))
    unsafe SSL_CTX_ctrl(context, modeCommand, releaseBuffers, nil)
    unsafe SSL_CTX_ctrl(context, cacheCommand, cacheOff, nil)
    unsafe SSL_CTX_set_num_tickets(context, traits.contains(.tlsNoResumption) ? 0 : 1)
    if traits.contains(.tlsEarlyData) { unsafe SSL_CTX_set_max_early_data(context, earlyBytes) }
    let groups = traits.contains(.tlsWeakCurve) ? "X25519:P-256:P-192" : "X25519:P-256:P-384"
    var isReady = unsafe vigil_ssl_ctx_set_groups(context, groups) == 1
    var signatures = Array((good + (traits.contains(.tlsSHA1) ? ":ECDSA+SHA1:RSA+SHA1" : "")).utf8CString)
    isReady = unsafe isReady && SSL_CTX_ctrl(context, signaturesCommand, 0, &signatures) == 1
    isReady = unsafe isReady && SSL_CTX_set_cipher_list(context, suites(traits) + ":@SECLEVEL=0") == 1
    if traits.contains(.tlsWeakGroup) { isReady = unsafe isReady && setShortGroup(context) }
    unsafe vigil_ssl_ctx_set_name_callback(context, cityNameCallback)
    ERR_clear_error()
    if isReady { return unsafe context }
    unsafe SSL_CTX_free(context)
    return nil
  }

  private static func options(_ traits: Set<SiteTrait>) -> UInt64 {
    (traits.contains(.tlsClientOrder) ? 0 : serverOrder) | noRenegotiation | vigil_eof_option()
      | (traits.contains(.tlsNoMasterSecret) ? noMasterSecret : 0)
      | (traits.contains(.tlsEarlyData) ? noReplayGuard : 0)
      | (traits.contains(.tlsNoResumption) ? vigil_no_ticket_option() : 0)
  }

  private static func suites(_ traits: Set<SiteTrait>) -> String {
    var suites = ["ECDHE+AESGCM"]
    if !traits.isDisjoint(with: [.tlsOld, .tlsOnlyOld, .tlsBlockChaining]) { suites.append("ECDHE+AES") }
    if traits.contains(.tlsNoForwardSecrecy) { suites.append("AES128-GCM-SHA256") }
    if traits.contains(.tlsWeakGroup) { suites.append("DHE-RSA-AES128-GCM-SHA256") }
    if traits.contains(.tlsAnonymous) { suites.append("AECDH-AES128-SHA") }
    if traits.contains(.tlsNull) { suites += ["ECDHE-ECDSA-NULL-SHA", "ECDHE-RSA-NULL-SHA"] }
    return suites.joined(separator: ":")
  }

  /// The group of 1024 bits of RFC 5114 section 2.1.
  private static func setShortGroup(_ context: OpaquePointer) -> Bool {
    guard let maker = unsafe EVP_PKEY_CTX_new_from_name(nil, "DHX", nil) else { return false }
    defer { unsafe EVP_PKEY_CTX_free(maker) }
    var name = Array("dh_1024_160".utf8CString)
    return unsafe name.withUnsafeMutableBufferPointer { text in
      var settings = unsafe [
        OSSL_PARAM_construct_utf8_string("group", text.baseAddress, 0), OSSL_PARAM_construct_end(),
      ]
      var group: OpaquePointer?
      guard unsafe EVP_PKEY_paramgen_init(maker) == 1, unsafe EVP_PKEY_CTX_set_params(maker, &settings) == 1,
        unsafe EVP_PKEY_generate(maker, &group) == 1, let made = unsafe group
      else { return false }
      return unsafe SSL_CTX_set0_tmp_dh_pkey(context, made) == 1
    }
  }
}

/// OpenSSL asks which site is meant; the visit behind the connection knows its address's sites.
private func cityNameCallback(_ ssl: OpaquePointer?, _: UnsafeMutablePointer<Int32>?, _: UnsafeMutableRawPointer?)
  -> Int32
{
  guard let ssl = unsafe ssl, let raw = unsafe SSL_get_ex_data(ssl, 0) else { return SSL_TLSEXT_ERR_OK }
  let visit = unsafe Unmanaged<CityVisit>.fromOpaque(raw).takeUnretainedValue()
  if let name = unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) {
    visit.asked(for: unsafe String(cString: name).lowercased())
  }
  return SSL_TLSEXT_ERR_OK
}
