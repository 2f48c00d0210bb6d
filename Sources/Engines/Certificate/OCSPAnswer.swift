internal import COpenSSL
internal import Glibc
internal import Records
internal import Wire

/// What an OCSP response says of one certificate (RFC 6960), and whether that may be believed. Signature and matching
/// are OpenSSL's part; time is ours, since it comes in as an argument.
struct OCSPAnswer {
  enum Status: Hashable { case good, revoked, unknown }
  /// Nil where the response says nothing of this certificate, or is not signed by its authority.
  private(set) var status: Status?
  private(set) var thisUpdate: Timestamp?
  private(set) var nextUpdate: Timestamp?
  private(set) var revokedSince: Timestamp?
  /// Why it is not valid; nil where it is.
  private(set) var fault: String?
  /// The body of the list of certificate timestamps that it carries.
  private(set) var timestamps: [UInt8]?

  /// How long an answer without a next update is believed: the CA/Browser Forum's longest validity.
  private static let longestDays = 10.0
  /// Clocks differ.
  private static let toleranceSeconds = 300.0

  static func read(
    _ bytes: [UInt8], leaf: OpenSSLCertificate, issuer: OpenSSLCertificate, at now: Timestamp
  ) -> OCSPAnswer {
    var answer = OCSPAnswer()
    defer { ERR_clear_error() }
    let parsed = unsafe bytes.withUnsafeBufferPointer { buffer -> OpaquePointer? in
      var cursor = buffer.baseAddress
      return unsafe d2i_OCSP_RESPONSE(nil, &cursor, buffer.count)
    }
    guard let response = unsafe parsed else { return answer.failing("it cannot be read") }
    defer { unsafe OCSP_RESPONSE_free(response) }
    let state = unsafe OCSP_response_status(response)
    guard state == OCSP_RESPONSE_STATUS_SUCCESSFUL else {
      let text = unsafe OCSP_response_status_str(Int(state)).map { unsafe String(cString: $0) } ?? "unknown"
      return answer.failing("its status is \(text)")
    }
    guard let basic = unsafe OCSP_response_get1_basic(response) else { return answer.failing("it cannot be read") }
    defer { unsafe OCSP_BASICRESP_free(basic) }
    guard let single = unsafe single(basic, leaf, issuer) else {
      return answer.failing("it is about another certificate")
    }
    guard unsafe isSigned(basic, by: issuer, at: now) else {
      return answer.failing("it is not signed by the certificate's authority")
    }
    unsafe answer.take(single, at: now)
    return answer
  }

  private func failing(_ fault: String) -> OCSPAnswer {
    var answer = self
    answer.fault = fault
    return answer
  }

  /// Authorities name certificates by SHA-1, some by SHA-256.
  private static func single(
    _ basic: OpaquePointer, _ leaf: OpenSSLCertificate, _ issuer: OpenSSLCertificate
  ) -> OpaquePointer? {
    unsafe single(basic, OCSP_cert_to_id(EVP_sha1(), leaf.pointer, issuer.pointer))
      ?? single(basic, OCSP_cert_to_id(EVP_sha256(), leaf.pointer, issuer.pointer))
  }

  /// Frees the id.
  private static func single(_ basic: OpaquePointer, _ id: OpaquePointer?) -> OpaquePointer? {
    guard let id = unsafe id else { return nil }
    defer { unsafe OCSP_CERTID_free(id) }
    let place = unsafe OCSP_resp_find(basic, id, -1)
    return place >= 0 ? unsafe OCSP_resp_get0(basic, place) : nil
  }

  /// By the issuer itself, or by a responder to which the issuer gave that purpose (RFC 6960 section 4.2.2.2).
  private static func isSigned(_ basic: OpaquePointer, by issuer: OpenSSLCertificate, at now: Timestamp) -> Bool {
    guard let store = unsafe X509_STORE_new() else { return false }
    defer { unsafe X509_STORE_free(store) }
    unsafe X509_STORE_add_cert(store, issuer.pointer)
    unsafe X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
    unsafe X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), time_t(now.seconds))
    return unsafe [issuer].withStack { unsafe OCSP_basic_verify(basic, $0, store, 0) == 1 } ?? false
  }

  private mutating func take(_ single: OpaquePointer, at now: Timestamp) {
    var reason: Int32 = 0
    var (revoked, this, next): (ASN1Time, ASN1Time, ASN1Time) = (nil, nil, nil)
    switch unsafe OCSP_single_get0_status(single, &reason, &revoked, &this, &next) {
    case V_OCSP_CERTSTATUS_GOOD: status = .good
    case V_OCSP_CERTSTATUS_REVOKED: status = .revoked
    default: status = .unknown
    }
    thisUpdate = unsafe Timestamp(unsafe this)
    nextUpdate = unsafe Timestamp(unsafe next)
    revokedSince = unsafe Timestamp(unsafe revoked)
    timestamps = unsafe Self.timestamps(single)
    guard let thisUpdate else {
      fault = "it has no date"
      return
    }
    let end = nextUpdate ?? thisUpdate.advanced(seconds: Self.longestDays * 86_400)
    if thisUpdate > now.advanced(seconds: Self.toleranceSeconds) {
      fault = "it is of \(thisUpdate.text), in the future"
    }
    if end < now { fault = "it was valid until \(end.text)" }
    if status == .unknown { fault = "the authority says that it does not know the certificate" }
  }
  private typealias ASN1Time = UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?

  /// An OCTET STRING inside the extension's own (RFC 6962 section 3.3).
  private static func timestamps(_ single: OpaquePointer) -> [UInt8]? {
    let place = unsafe OCSP_SINGLERESP_get_ext_by_NID(single, NID_ct_cert_scts, -1)
    guard place >= 0, let value = unsafe X509_EXTENSION_get_data(OCSP_SINGLERESP_get_ext(single, place)),
      let start = unsafe ASN1_STRING_get0_data(value)
    else { return nil }
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(value))))
    var reader = unsafe DERReader(bytes.span.bytes)
    guard let inner = reader.next(DERTag.octetString), reader.isAtEnd else { return [] }
    return Array(bytes[inner.content])
  }
}
