internal import Records

/// Every question of the engine, in the order shown. All are what any visitor's browser asks.
enum CertificateChecks {
  static let all: [Check] = [
    Check("certificate.expired", .high, "the certificate has expired", "证书已过期"),
    Check("certificate.not_yet_valid", .high, "the certificate is not yet valid", "证书尚未生效"),
    Check("certificate.expires_soon", .medium, "the certificate expires within 30 days", "证书将在 30 天内过期"),
    Check("certificate.name_mismatch", .high, "the certificate is for another name", "证书与域名不符"),
    Check("certificate.self_signed", .high, "the certificate is self-signed", "自签名证书"),
    Check("certificate.untrusted", .high, "the certificate is not trusted", "证书不受信任"),
    Check("certificate.chain_incomplete", .medium, "intermediate certificates are missing", "证书链不完整"),
    Check("certificate.chain_order", .low, "the certificates are sent out of order", "证书链顺序错误"),
    Check("certificate.weak_key", .high, "the certificate's key is weak", "证书密钥强度不足"),
    Check("certificate.weak_signature", .medium, "the certificate is signed with MD5 or SHA-1", "证书使用 MD5 或 SHA-1 签名"),
  ]
}
