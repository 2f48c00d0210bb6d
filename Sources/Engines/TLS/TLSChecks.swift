internal import Records

/// Every question of the engine, in the order shown.
enum TLSChecks {
  static let all: [Check] = [
    Check("tls.version.ssl2", .critical, "SSLv2 is accepted", "接受 SSLv2", .probe),
    Check("tls.version.ssl3", .high, "SSLv3 is accepted", "接受 SSLv3", .probe),
    Check("tls.version.tls1_0", .medium, "TLS 1.0 is accepted", "接受 TLS 1.0", .probe),
    Check("tls.version.tls1_1", .medium, "TLS 1.1 is accepted", "接受 TLS 1.1", .probe),
    Check("tls.version.no_modern", .high, "neither TLS 1.2 nor TLS 1.3 is accepted", "不支持 TLS 1.2 和 TLS 1.3"),
    Check("tls.version.no_tls1_3", .info, "TLS 1.3 is not accepted", "不支持 TLS 1.3"),
    Check("tls.suite.null", .critical, "suites without encryption are accepted", "接受无加密套件", .probe),
    Check("tls.suite.anonymous", .high, "suites without authentication are accepted", "接受匿名套件", .probe),
    Check("tls.suite.export", .high, "export suites are accepted", "接受出口级弱套件", .probe),
    Check("tls.suite.rc4", .high, "RC4 is accepted", "接受 RC4", .probe),
    Check("tls.suite.des", .high, "DES or RC2 is accepted", "接受 DES 或 RC2", .probe),
    Check("tls.suite.3des", .medium, "3DES is accepted", "接受 3DES", .probe),
    Check("tls.suite.no_forward_secrecy", .low, "suites without forward secrecy are accepted", "接受无前向保密套件", .probe),
    Check("tls.suite.client_preference", .info, "the client's order of suites is followed", "按客户端顺序选择套件", .probe),
    Check("tls.key_exchange.weak_dh", .medium, "the DH group has less than 2048 bits", "DH 参数小于 2048 位", .probe),
    Check("tls.compression", .medium, "TLS compression is offered (CRIME)", "启用 TLS 压缩（CRIME）"),
    Check("tls.renegotiation.insecure", .medium, "secure renegotiation (RFC 5746) is missing", "不支持安全重协商"),
  ]
}
