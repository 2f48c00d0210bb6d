internal import Records

/// Every question of the engine, in the order shown.
enum TLSChecks {
  static let all: [Check] = versions + suites + keyExchange + session + weaknesses

  private static let versions: [Check] = [
    Check("tls.version.ssl2", .critical, "SSLv2 is accepted", "接受 SSLv2", .probe),
    Check("tls.version.ssl3", .high, "SSLv3 is accepted", "接受 SSLv3", .probe),
    Check("tls.version.tls1_0", .medium, "TLS 1.0 is accepted", "接受 TLS 1.0", .probe),
    Check("tls.version.tls1_1", .medium, "TLS 1.1 is accepted", "接受 TLS 1.1", .probe),
    Check("tls.version.no_modern", .high, "neither TLS 1.2 nor TLS 1.3 is accepted", "不支持 TLS 1.2 和 TLS 1.3"),
    Check("tls.version.no_tls1_3", .info, "TLS 1.3 is not accepted", "不支持 TLS 1.3"),
    Check("tls.version.intolerant", .low, "a newer client's hello is refused", "拒绝更新版本客户端的握手", .probe),
    Check("tls.version.no_fallback_scsv", .low, "a downgrade is not noticed (RFC 7507)", "不检测协议降级（RFC 7507）", .probe),
  ]

  private static let suites: [Check] = [
    Check("tls.suite.null", .critical, "suites without encryption are accepted", "接受无加密套件", .probe),
    Check("tls.suite.anonymous", .high, "suites without authentication are accepted", "接受匿名套件", .probe),
    Check("tls.suite.export", .high, "export suites are accepted", "接受出口级弱套件", .probe),
    Check("tls.suite.rc4", .high, "RC4 is accepted", "接受 RC4", .probe),
    Check("tls.suite.des", .high, "DES or RC2 is accepted", "接受 DES 或 RC2", .probe),
    Check("tls.suite.3des", .medium, "3DES is accepted", "接受 3DES", .probe),
    Check("tls.suite.no_forward_secrecy", .low, "suites without forward secrecy are accepted", "接受无前向保密套件", .probe),
    Check("tls.suite.client_preference", .info, "the client's order of suites is followed", "按客户端顺序选择套件", .probe),
  ]

  private static let keyExchange: [Check] = [
    Check("tls.key_exchange.weak_dh", .medium, "the DH group has less than 2048 bits", "DH 参数小于 2048 位", .probe),
    Check("tls.key_exchange.weak_curve", .medium, "curves of less than 224 bits are accepted", "接受小于 224 位的曲线", .probe),
    Check("tls.key_exchange.no_post_quantum", .info, "no post-quantum group is accepted", "不支持抗量子密钥交换", .probe),
    Check("tls.signature.sha1", .low, "key exchanges are signed with SHA-1 or MD5", "密钥交换使用 SHA-1 或 MD5 签名", .probe),
  ]

  private static let session: [Check] = [
    Check("tls.compression", .medium, "TLS compression is offered (CRIME)", "启用 TLS 压缩（CRIME）"),
    Check("tls.renegotiation.insecure", .medium, "secure renegotiation (RFC 5746) is missing", "不支持安全重协商"),
    Check(
      "tls.extended_master_secret.missing", .low, "the extended master secret (RFC 7627) is missing",
      "不支持扩展主密钥（RFC 7627）"),
    Check("tls.resumption.missing", .info, "sessions are not resumed", "不支持会话恢复", .probe),
    Check("tls.early_data.accepted", .low, "early data is allowed, which can be replayed", "允许可被重放的 0-RTT 数据", .probe),
    Check(
      "tls.renegotiation.client_initiated", .low, "clients may renegotiate", "允许客户端发起重协商", .intrusive),
  ]

  private static let weaknesses: [Check] = [
    Check("tls.weakness.heartbleed", .critical, "Heartbleed (CVE-2014-0160)", "心脏滴血（CVE-2014-0160）", .intrusive),
    Check(
      "tls.weakness.ccs_injection", .high, "early change of ciphers (CVE-2014-0224)", "CCS 注入（CVE-2014-0224）",
      .intrusive),
    Check("tls.weakness.robot", .high, "ROBOT: an oracle of RSA padding", "ROBOT：RSA 填充预言", .intrusive),
    Check("tls.weakness.ticketbleed", .high, "Ticketbleed (CVE-2016-9244)", "Ticketbleed（CVE-2016-9244）", .intrusive),
    Check("tls.weakness.poodle", .medium, "POODLE: SSLv3 with CBC suites", "POODLE：SSLv3 与 CBC 套件", .probe),
    Check("tls.weakness.freak", .high, "FREAK: export RSA", "FREAK：出口级 RSA", .probe),
    Check("tls.weakness.logjam", .high, "LOGJAM: DH of 1024 bits or less", "LOGJAM：不超过 1024 位的 DH", .probe),
    Check("tls.weakness.drown", .critical, "DROWN: SSLv2 with the same key", "DROWN：SSLv2 共用密钥", .probe),
    Check("tls.weakness.sweet32", .medium, "SWEET32: blocks of 64 bits", "SWEET32：64 位分组密码", .probe),
    Check("tls.weakness.beast", .info, "BEAST: CBC suites up to TLS 1.0", "BEAST：TLS 1.0 及以下的 CBC 套件", .probe),
    Check("tls.weakness.lucky13", .info, "LUCKY13: CBC suites", "LUCKY13：CBC 套件", .probe),
  ]
}
