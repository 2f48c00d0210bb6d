internal import Records

/// Every question of the engine, in the order shown. What the operator's own resolver answers is what any visitor's
/// computer asks; questions to an authoritative server itself need leave (decision 0021).
enum DNSChecks {
  static let all: [Check] = [
    Check("dns.address.missing", .high, "the name has no address", "域名没有解析地址"),
    Check("dns.ipv6.missing", .info, "the name has no IPv6 address", "域名没有 IPv6 地址"),
    Check("dns.cname.dangling", .high, "the name points to a name that does not exist", "CNAME 指向不存在的域名"),
    Check("dns.changed", .medium, "addresses, name servers or mail servers have changed", "解析记录发生变化"),
    Check("dns.wildcard", .info, "any name below the zone answers", "存在泛域名解析"),
    Check("dns.ns.single", .medium, "the zone has one name server only", "域名只有一台权威服务器"),
    Check("dns.ns.one_network", .low, "all name servers are in one network", "权威服务器位于同一网段"),
    Check("dns.soa.timers", .low, "the SOA's times are out of bounds", "SOA 时间参数不合理"),
    Check("dns.dnssec.missing", .low, "the zone is not signed", "域名未启用 DNSSEC"),
    Check("dns.dnssec.bogus", .high, "the zone's signatures do not validate", "DNSSEC 签名校验失败"),
    Check("dns.dnssec.weak_algorithm", .medium, "the zone is signed by a weak algorithm", "DNSSEC 使用弱算法"),
    Check("dns.dnssec.weak_digest", .low, "the delegation is signed by SHA-1 only", "DS 记录仅使用 SHA-1 摘要"),
    Check("dns.caa.missing", .low, "no CAA record limits who issues certificates", "缺少 CAA 记录"),
    Check("dns.caa.malformed", .medium, "a CAA record is malformed", "CAA 记录格式错误"),
    Check("dns.tlsa.unusable", .low, "TLSA records are unsigned or malformed", "TLSA 记录未签名或格式错误"),
    Check("dns.spf.missing", .medium, "SPF is missing", "缺少 SPF 记录"),
    Check("dns.spf.multiple", .medium, "there is more than one SPF record", "存在多条 SPF 记录"),
    Check("dns.spf.malformed", .medium, "the SPF record is malformed", "SPF 记录格式错误"),
    Check("dns.spf.pass_all", .high, "SPF lets everybody send", "SPF 允许任何主机发信"),
    Check("dns.spf.neutral_all", .low, "SPF says nothing of strangers", "SPF 未限制其他主机"),
    Check("dns.spf.too_many_lookups", .medium, "SPF needs more than 10 lookups", "SPF 查询次数超过 10 次"),
    Check("dns.spf.ptr", .low, "SPF uses ptr", "SPF 使用 ptr 机制"),
    Check("dns.dmarc.missing", .medium, "DMARC is missing", "缺少 DMARC 记录"),
    Check("dns.dmarc.malformed", .medium, "the DMARC record is malformed", "DMARC 记录格式错误"),
    Check("dns.dmarc.none", .low, "DMARC only watches (p=none)", "DMARC 策略为 none"),
    Check("dns.dmarc.no_reports", .info, "DMARC asks for no reports", "DMARC 未配置报告地址"),
    Check("dns.mta_sts.missing", .info, "MTA-STS is missing", "缺少 MTA-STS"),
    Check("dns.mx.cname", .low, "a mail server's name is an alias", "MX 指向 CNAME"),
    Check("dns.mx.private", .medium, "a mail server has an inner address", "MX 指向内网地址"),
    Check("dns.ns.lame", .medium, "a name server does not know the zone", "权威服务器未正确应答", .probe),
    Check("dns.soa.serials", .low, "name servers have different versions of the zone", "权威服务器 SOA 序列号不一致", .probe),
    Check("dns.ns.recursion", .high, "a name server resolves for everybody", "权威服务器开放递归", .probe),
    Check("dns.zone_transfer", .high, "a name server gives the whole zone away", "权威服务器允许域传送", .intrusive),
  ]
}
