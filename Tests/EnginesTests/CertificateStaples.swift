import COpenSSL
import Glibc

/// What an authority says of its certificates, made for a test.
enum Staples {
  /// An OCSP response about `leaf`, signed by `signer`, else by the issuer itself.
  static func response(
    about leaf: Identity, issuer: Identity, status: Int32 = V_OCSP_CERTSTATUS_GOOD, signer: Identity? = nil,
    from: Int = -3600, until: Int? = 86_400
  ) throws -> [UInt8] {
    guard let basic = unsafe OCSP_BASICRESP_new(),
      let id = unsafe OCSP_cert_to_id(EVP_sha1(), leaf.certificate, issuer.certificate)
    else { throw ServerFailure() }
    defer {
      unsafe OCSP_BASICRESP_free(basic)
      unsafe OCSP_CERTID_free(id)
    }
    let since = unsafe X509_gmtime_adj(nil, from)
    let next = unsafe until.flatMap { unsafe X509_gmtime_adj(nil, $0) }
    defer { unsafe [since, next].forEach { unsafe ASN1_TIME_free($0) } }
    let revoked = unsafe status == V_OCSP_CERTSTATUS_REVOKED ? since : nil
    let who = signer ?? issuer
    guard unsafe OCSP_basic_add1_status(basic, id, status, 1, revoked, since, next) != nil,
      unsafe OCSP_basic_sign(basic, who.certificate, who.key, EVP_sha256(), nil, 0) == 1,
      let response = unsafe OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic)
    else { throw ServerFailure() }
    defer { unsafe OCSP_RESPONSE_free(response) }
    return unsafe encoded { unsafe i2d_OCSP_RESPONSE(response, $0) }
  }

  /// A revocation list of `issuer`.
  static func list(of issuer: Identity, revoking: [Identity], until: Int = 86_400) throws -> [UInt8] {
    guard let list = unsafe X509_CRL_new() else { throw ServerFailure() }
    defer { unsafe X509_CRL_free(list) }
    unsafe X509_CRL_set_version(list, 1)
    unsafe X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer.certificate))
    let since = unsafe X509_gmtime_adj(nil, -100_000)
    let next = unsafe X509_gmtime_adj(nil, until)
    defer { unsafe [since, next].forEach { unsafe ASN1_TIME_free($0) } }
    unsafe X509_CRL_set1_lastUpdate(list, since)
    unsafe X509_CRL_set1_nextUpdate(list, next)
    for identity in revoking {
      let entry = unsafe X509_REVOKED_new()
      unsafe X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(identity.certificate))
      unsafe X509_REVOKED_set_revocationDate(entry, since)
      unsafe X509_CRL_add0_revoked(list, entry)
    }
    guard unsafe X509_CRL_sign(list, issuer.key, EVP_sha256()) > 0 else { throw ServerFailure() }
    return unsafe encoded { unsafe i2d_X509_CRL(list, $0) }
  }

  /// One list of timestamps by as many logs.
  static func timestamps(_ count: UInt8) -> [UInt8] {
    let items = (0..<count).flatMap { log -> [UInt8] in
      let item =
        [0] + [UInt8](repeating: log, count: 32) + [0, 0, 1, 0x9a, 0, 0, 0, 0] + [0, 0] + [4, 3] + [0, 2, 0x30, 0]
      return [0, UInt8(item.count)] + item
    }
    return [UInt8(items.count >> 8), UInt8(items.count & 255)] + items
  }

  /// The same as an extension of a certificate, in the way that OpenSSL's configuration writes any DER.
  static func embedded(_ count: UInt8) -> (name: String, value: String) {
    func counted(_ bytes: [UInt8]) -> [UInt8] {
      let length: [UInt8] = bytes.count < 128 ? [] : bytes.count < 256 ? [0x81] : [0x82, UInt8(bytes.count >> 8)]
      return [4] + length + [UInt8(bytes.count & 255)] + bytes
    }
    let text = counted(timestamps(count)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
    return ("1.3.6.1.4.1.11129.2.4.2", "DER:" + text.joined(separator: ":"))
  }

  private static func encoded(_ body: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8] {
    let length = body(nil)
    guard length > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: Int(length))
    unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      var cursor = buffer.baseAddress
      _ = unsafe body(&cursor)
    }
    return bytes
  }
}

extension Identity {
  var der: [UInt8] {
    let length = unsafe i2d_X509(certificate, nil)
    var bytes = [UInt8](repeating: 0, count: Int(max(length, 0)))
    unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      var cursor = buffer.baseAddress
      _ = unsafe i2d_X509(certificate, &cursor)
    }
    return bytes
  }
}
