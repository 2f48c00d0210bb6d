/// sslscan's statements, as `SSLScanReport` names them, and the checks that ask the same.
package enum SSLScanMapping {
  package static let checks: [String: [String]] = [
    "protocol.ssl.2": ["tls.version.ssl2"],
    "protocol.ssl.3": ["tls.version.ssl3"],
    "protocol.tls.1.0": ["tls.version.tls1_0"],
    "protocol.tls.1.1": ["tls.version.tls1_1"],
    "no_modern_protocol": ["tls.version.no_modern"],
    "no_tls_1.3": ["tls.version.no_tls1_3"],
    "no_fallback_scsv": ["tls.version.no_fallback_scsv"],
    "compression": ["tls.compression"],
    "insecure_renegotiation": ["tls.renegotiation.insecure"],
    "heartbleed": ["tls.weakness.heartbleed"],
    "cipher.null": ["tls.suite.null"],
    "cipher.anonymous": ["tls.suite.anonymous"],
    "cipher.export": ["tls.suite.export"],
    "cipher.rc4": ["tls.suite.rc4"],
    "cipher.des": ["tls.suite.des"],
    "cipher.3des": ["tls.suite.3des"],
    "cipher.no_forward_secrecy": ["tls.suite.no_forward_secrecy"],
    "weak_dh": ["tls.key_exchange.weak_dh"],
    "weak_curve": ["tls.key_exchange.weak_curve"],
    "certificate.expired": ["certificate.expired"],
    "certificate.self_signed": ["certificate.self_signed"],
    "certificate.weak_signature": ["certificate.weak_signature"],
  ]
}
