internal import Records

/// Every question of the engine, in the order shown. All are what any visitor's browser asks.
enum CertificateChecks {
  static let all: [Check] = [
    Check("certificate.revoked", .critical, "the certificate has been revoked", "证书已被吊销"),
    Check("certificate.expired", .high, "the certificate has expired", "证书已过期"),
    Check("certificate.not_yet_valid", .high, "the certificate is not yet valid", "证书尚未生效"),
    Check("certificate.expires_soon", .medium, "the certificate expires within 30 days", "证书将在 30 天内过期"),
    Check("certificate.lifetime", .medium, "the certificate is valid for longer than browsers accept", "证书有效期超过浏览器上限"),
    Check("certificate.name_mismatch", .high, "the certificate is for another name", "证书与域名不符"),
    Check("certificate.no_san", .medium, "the certificate has no alternative names", "证书没有备用名称（SAN）"),
    Check(
      "certificate.wildcard_public_suffix", .medium, "a wildcard covers a whole public suffix", "通配符覆盖整个公共后缀"),
    Check("certificate.self_signed", .high, "the certificate is self-signed", "自签名证书"),
    Check("certificate.untrusted", .high, "the certificate is not trusted", "证书不受信任"),
    Check("certificate.chain_incomplete", .medium, "intermediate certificates are missing", "证书链不完整"),
    Check("certificate.chain_order", .low, "the certificates are sent out of order", "证书链顺序错误"),
    Check("certificate.chain_expired", .high, "a certificate of the chain has expired", "证书链中有证书已过期"),
    Check("certificate.duplicate", .info, "a certificate is sent twice", "重复发送证书"),
    Check("certificate.extra_root", .info, "the root certificate is sent along", "多余发送根证书"),
    Check("certificate.weak_key", .high, "the certificate's key is weak", "证书密钥强度不足"),
    Check("certificate.weak_signature", .medium, "the certificate is signed with MD5 or SHA-1", "证书使用 MD5 或 SHA-1 签名"),
    Check("certificate.usage", .medium, "the certificate is not made for TLS servers", "证书用途不适合 TLS 服务器"),
    Check("certificate.leaf_is_authority", .medium, "the site's certificate may sign others", "站点证书可签发其他证书"),
    Check(
      "certificate.staple_missing", .medium, "the staple that the certificate asks for is missing", "缺少证书要求的 OCSP 装订"),
    Check("certificate.staple_invalid", .medium, "the OCSP staple is not valid", "OCSP 装订无效"),
    Check("certificate.sct_missing", .medium, "certificate transparency timestamps are missing", "缺少证书透明度时间戳"),
    Check("certificate.changed", .medium, "the certificate has changed its issuer or kind of key", "证书的签发者或密钥类型已变更"),
    Check("certificate.renewed", .info, "the certificate has been renewed", "证书已续期"),
    Check(
      "certificate.sni_differs", .info, "without a server name another certificate is shown", "不带域名访问时出示其他证书"),
  ]
}
