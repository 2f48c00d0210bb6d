internal import Synchronization

/// Certificates as OpenSSL has parsed them, for all jobs: OpenSSL takes longer to parse one than to verify its
/// signature, intermediates are the same on many sites, and a leaf is met by a handshake before it is judged.
enum CertificateCache {
  /// Bytes of encodings: some thousand certificates of the usual size. It is emptied when full, since what is needed
  /// often is soon back.
  static let byteLimit = 2 << 20

  private struct State {
    var known: [[UInt8]: OpenSSLCertificate] = [:]
    var bytes = 0

    mutating func add(_ certificate: OpenSSLCertificate) {
      let size = certificate.der.count
      guard size <= byteLimit else { return }
      if bytes + size > byteLimit { (known, bytes) = ([:], 0) }
      if known.updateValue(certificate, forKey: certificate.der) == nil { bytes += size }
    }
  }
  private static let state = Mutex(State())

  /// Nil where OpenSSL cannot read it.
  static func certificate(_ der: [UInt8]) -> OpenSSLCertificate? {
    if let known = state.withLock({ $0.known[der] }) { return known }
    guard let fresh = OpenSSLCertificate(der) else { return nil }
    state.withLock { $0.add(fresh) }
    return fresh
  }

  /// Takes note of one that a handshake has parsed; its encoding.
  static func keep(_ certificate: OpaquePointer) -> [UInt8]? {
    guard let der = unsafe OpenSSLEncoding.der(certificate) else { return nil }
    state.withLock { state in
      if state.known[der] == nil { unsafe state.add(OpenSSLCertificate(sharing: certificate, der)) }
    }
    return der
  }

  static var bytes: Int { state.withLock { $0.bytes } }
}
