internal import COpenSSL
internal import Glibc
internal import Wire

/// Certificates as a server sent them, by OpenSSL; freed with this value's owner.
@safe final class CertificateChain {
  private let certificates: [OpaquePointer]
  let leaf: LeafCertificate
  var count: Int { unsafe certificates.count }

  /// Nil when there is none, or the first cannot be read. A later one that cannot be read ends the chain.
  init?(der: [[UInt8]]) {
    var list: [OpaquePointer] = unsafe []
    for bytes in der {
      let parsed = unsafe bytes.withUnsafeBufferPointer { buffer -> OpaquePointer? in
        var cursor = buffer.baseAddress
        return unsafe d2i_X509(nil, &cursor, bytes.count)
      }
      guard let certificate = unsafe parsed else { break }
      unsafe list.append(certificate)
    }
    ERR_clear_error()
    guard let first = unsafe list.first, let leaf = unsafe LeafCertificate(first) else {
      unsafe list.forEach { unsafe X509_free($0) }
      return nil
    }
    unsafe certificates = unsafe list
    self.leaf = leaf
  }

  deinit { unsafe certificates.forEach { unsafe X509_free($0) } }

  /// Each certificate is followed by its issuer's.
  var isOrdered: Bool {
    unsafe zip(certificates, certificates.dropFirst()).allSatisfy { certificate, next in
      unsafe X509_NAME_cmp(X509_get_issuer_name(certificate), X509_get_subject_name(next)) == 0
    }
  }

  /// The first signature by MD5 or SHA-1 that matters: a root's own is not looked at.
  var weakSignature: String? {
    let names = unsafe certificates.enumerated().compactMap { index, certificate -> String? in
      let issuer = unsafe X509_get_issuer_name(certificate)
      let isOwn = unsafe X509_NAME_cmp(issuer, X509_get_subject_name(certificate)) == 0
      return isOwn && index > 0 ? nil : unsafe LeafCertificate.signature(certificate)
    }
    return names.first { name in
      let lower = name.lowercased()
      return ["md2", "md4", "md5", "sha1"].contains { lower.contains($0) }
    }
  }

  /// `body` borrows the leaf and a stack of all.
  func withStack<T>(_ body: (OpaquePointer, OpaquePointer) -> T) -> T? {
    guard let leaf = unsafe certificates.first, let stack = unsafe vigil_chain_new() else { return nil }
    defer { unsafe vigil_chain_free(stack) }
    unsafe certificates.forEach { _ = unsafe vigil_chain_push(stack, $0) }
    return unsafe body(leaf, stack)
  }
}

/// What is asked of the certificate of the site itself.
@safe struct LeafCertificate {
  let subject: String
  let issuer: String
  let notBefore: Timestamp
  let notAfter: Timestamp
  let key: String
  let isKeyWeak: Bool
  let signature: String
  let isSelfSigned: Bool
  private let certificate: OpaquePointer

  /// Borrows the certificate: it must outlive this value.
  init?(_ certificate: OpaquePointer) {
    guard let from = unsafe LeafCertificate.time(unsafe X509_get0_notBefore(certificate)),
      let until = unsafe LeafCertificate.time(unsafe X509_get0_notAfter(certificate))
    else { return nil }
    unsafe self.certificate = unsafe certificate
    (notBefore, notAfter) = (from, until)
    subject = unsafe LeafCertificate.text(X509_get_subject_name(certificate))
    issuer = unsafe LeafCertificate.text(X509_get_issuer_name(certificate))
    signature = unsafe LeafCertificate.signature(certificate)
    isSelfSigned = unsafe X509_NAME_cmp(X509_get_issuer_name(certificate), X509_get_subject_name(certificate)) == 0
    (key, isKeyWeak) = unsafe LeafCertificate.key(certificate)
  }

  func matches(_ name: String) -> Bool {
    if IPAddress(name) != nil { return unsafe X509_check_ip_asc(certificate, name, 0) == 1 }
    return unsafe X509_check_host(certificate, name, name.utf8.count, 0, nil) == 1
  }

  /// The subject's common name and the alternative names, shortened.
  var names: String {
    var list: [String] = []
    let raw = unsafe X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil)
    if let names = OpaquePointer(raw) {
      for index in unsafe 0..<min(vigil_names_count(names), 8) {
        guard let value = unsafe vigil_names_dns(names, index) else { continue }
        list.append(unsafe String(cString: value).filter { $0.isASCII && !$0.isNewline })
      }
      unsafe vigil_names_free(names)
    }
    return list.isEmpty ? subject : list.joined(separator: ", ")
  }

  static func signature(_ certificate: OpaquePointer) -> String {
    unsafe OBJ_nid2sn(X509_get_signature_nid(certificate)).map { unsafe String(cString: $0) } ?? "unknown"
  }

  /// RSA and DSA under 2048 bits, curves under 224 bits.
  private static func key(_ certificate: OpaquePointer) -> (String, Bool) {
    guard let key = unsafe X509_get0_pubkey(certificate) else { return ("unknown", false) }
    let bits = unsafe Int(EVP_PKEY_get_bits(key))
    switch unsafe EVP_PKEY_get_base_id(key) {
    case EVP_PKEY_RSA: return ("RSA \(bits)", bits < 2048)
    case EVP_PKEY_DSA: return ("DSA \(bits)", bits < 2048)
    case EVP_PKEY_EC: return ("EC \(bits)", bits < 224)
    case EVP_PKEY_ED25519: return ("Ed25519", false)
    case EVP_PKEY_ED448: return ("Ed448", false)
    default: return ("\(bits) bits", false)
    }
  }

  private static func time(_ value: UnsafePointer<ASN1_TIME>?) -> Timestamp? {
    var parts = unsafe tm()
    guard unsafe ASN1_TIME_to_tm(value, &parts) == 1 else { return nil }
    return Timestamp(seconds: Int64(unsafe timegm(&parts)))
  }

  /// RFC 2253, so that nothing in it can break a line.
  private static func text(_ name: OpaquePointer?) -> String {
    guard let bio = unsafe BIO_new(BIO_s_mem()) else { return "" }
    defer { unsafe BIO_free(bio) }
    unsafe X509_NAME_print_ex(bio, name, 0, vigil_name_flags())
    var bytes = [UInt8](repeating: 0, count: 512)
    let got = unsafe BIO_read(bio, &bytes, 512)
    return String(decoding: bytes.prefix(Int(max(got, 0))), as: UTF8.self)
  }
}
