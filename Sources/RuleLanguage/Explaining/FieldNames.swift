/// What buffers, numbers and transforms are called where people read. A name that is not here stands for itself.
enum FieldNames {
  static func buffer(_ name: String) -> RuleWords { buffers[name] ?? RuleWords(name) }
  static func number(_ keyword: String) -> RuleWords { numbers[keyword] ?? RuleWords(keyword) }

  static func transform(_ transform: BufferTransform) -> RuleWords {
    let argument = transform.argument.isEmpty ? "" : " (\(transform.text))"
    return (transforms[transform.keyword] ?? RuleWords(transform.keyword)) + RuleWords(argument)
  }

  static func generic(_ keyword: String, _ arguments: String) -> RuleWords {
    guard let name = generics[keyword] else {
      return RuleWords(arguments.isEmpty ? keyword : "\(keyword): \(arguments)")
    }
    return arguments.isEmpty ? name : name + RuleWords(" ", " ") + RuleWords(arguments)
  }

  static let buffers: [String: RuleWords] = packets.merging(http) { first, _ in first }.merging(tls) { first, _ in first
  }

  private static let packets: [String: RuleWords] = [
    "pkt_data": RuleWords("the payload", "载荷"),
    "base64_data": RuleWords("the decoded base64", "base64 解码结果"),
    "file.data": RuleWords("the file's content", "文件内容"),
    "file.name": RuleWords("the file's name", "文件名"),
    "file.magic": RuleWords("the file's kind", "文件类型"),
    "tcp.hdr": RuleWords("the TCP header", "TCP 首部"),
    "udp.hdr": RuleWords("the UDP header", "UDP 首部"),
    "ipv4.hdr": RuleWords("the IPv4 header", "IPv4 首部"),
    "ipv6.hdr": RuleWords("the IPv6 header", "IPv6 首部"),
    "icmpv4.hdr": RuleWords("the ICMP header", "ICMP 首部"),
    "icmpv6.hdr": RuleWords("the ICMPv6 header", "ICMPv6 首部"),
    "ip.src": RuleWords("the source address", "源地址"),
    "ip.dst": RuleWords("the destination address", "目的地址"),
    "dns.query": RuleWords("the name asked of DNS", "DNS 查询名"),
    "dns.queries.rrname": RuleWords("a name asked of DNS", "DNS 查询名"),
    "dns.answers.rrname": RuleWords("a name in the DNS answer", "DNS 应答名"),
    "dns.authorities.rrname": RuleWords("a name in the DNS authority part", "DNS 授权段名称"),
    "dns.additionals.rrname": RuleWords("a name in the DNS additional part", "DNS 附加段名称"),
    "dns.response.rrname": RuleWords("any name in the DNS answer", "DNS 应答中的任一名称"),
  ]

  private static let http: [String: RuleWords] = [
    "http.uri": RuleWords("the request's URI", "请求 URI"),
    "http.uri.raw": RuleWords("the request's URI as sent", "请求 URI（原样）"),
    "http.method": RuleWords("the request's method", "请求方法"),
    "http.request_line": RuleWords("the request line", "请求行"),
    "http.request_body": RuleWords("the request's body", "请求正文"),
    "http.request_header": RuleWords("a request header", "请求头"),
    "http.header": RuleWords("the headers", "首部"),
    "http.header.raw": RuleWords("the headers as sent", "首部（原样）"),
    "http.cookie": RuleWords("the cookie", "Cookie"),
    "http.user_agent": RuleWords("the user agent", "用户代理"),
    "http.host": RuleWords("the host asked for", "主机名"),
    "http.host.raw": RuleWords("the host as sent", "主机名（原样）"),
    "http.accept": RuleWords("the Accept header", "Accept 首部"),
    "http.accept_lang": RuleWords("the Accept-Language header", "Accept-Language 首部"),
    "http.accept_enc": RuleWords("the Accept-Encoding header", "Accept-Encoding 首部"),
    "http.referer": RuleWords("the Referer header", "Referer 首部"),
    "http.connection": RuleWords("the Connection header", "Connection 首部"),
    "http.content_type": RuleWords("the Content-Type header", "Content-Type 首部"),
    "http.content_len": RuleWords("the Content-Length header", "Content-Length 首部"),
    "http.start": RuleWords("the first line and the headers", "首行与首部"),
    "http.protocol": RuleWords("the HTTP version", "HTTP 版本"),
    "http.header_names": RuleWords("the names of the headers", "首部名列表"),
    "http.response_line": RuleWords("the status line", "状态行"),
    "http.response_header": RuleWords("an answer's header", "应答头"),
    "http.response_body": RuleWords("the answer's body", "应答正文"),
    "http.stat_code": RuleWords("the status code", "状态码"),
    "http.stat_msg": RuleWords("the status text", "状态说明"),
    "http.server": RuleWords("the Server header", "Server 首部"),
    "http.location": RuleWords("the Location header", "Location 首部"),
  ]

  private static let tls: [String: RuleWords] = [
    "tls.sni": RuleWords("the server name asked for (SNI)", "服务器名（SNI）"),
    "tls.cert_subject": RuleWords("the certificate's subject", "证书主体"),
    "tls.cert_issuer": RuleWords("the certificate's issuer", "证书颁发者"),
    "tls.cert_serial": RuleWords("the certificate's serial number", "证书序列号"),
    "tls.cert_fingerprint": RuleWords("the certificate's fingerprint", "证书指纹"),
    "tls.certs": RuleWords("a certificate of the chain", "证书链中的证书"),
    "tls.subjectaltname": RuleWords("a name of the certificate", "证书备用名称"),
    "tls.alpn": RuleWords("a protocol offered by ALPN", "ALPN 协议"),
    "tls.random": RuleWords("the hello's random", "握手随机数"),
    "tls.random_time": RuleWords("the time in the hello's random", "握手随机数的时间部分"),
    "tls.random_bytes": RuleWords("the bytes of the hello's random", "握手随机数的随机部分"),
    "ja3.hash": RuleWords("the client's JA3 hash", "客户端 JA3 摘要"),
    "ja3.string": RuleWords("the client's JA3 string", "客户端 JA3 串"),
    "ja3s.hash": RuleWords("the server's JA3S hash", "服务器 JA3S 摘要"),
    "ja3s.string": RuleWords("the server's JA3S string", "服务器 JA3S 串"),
    "ja4.hash": RuleWords("the client's JA4", "客户端 JA4"),
  ]

  static let numbers: [String: RuleWords] = [
    "dsize": RuleWords("the payload's size", "载荷长度"),
    "ttl": RuleWords("the time to live", "TTL"),
    "tos": RuleWords("the type of service", "服务类型"),
    "id": RuleWords("the IP identification", "IP 标识"),
    "fragoffset": RuleWords("the fragment's offset", "分片偏移"),
    "itype": RuleWords("the ICMP type", "ICMP 类型"),
    "icode": RuleWords("the ICMP code", "ICMP 代码"),
    "icmp_id": RuleWords("the ICMP identifier", "ICMP 标识"),
    "icmp_seq": RuleWords("the ICMP sequence number", "ICMP 序号"),
    "icmpv6.mtu": RuleWords("the MTU told by ICMPv6", "ICMPv6 通告的 MTU"),
    "tcp.mss": RuleWords("the maximum segment size", "最大报文段长度"),
    "tcp.wscale": RuleWords("the window scale", "窗口扩大因子"),
    "tcp.seq": RuleWords("the TCP sequence number", "TCP 序号"),
    "tcp.ack": RuleWords("the TCP acknowledgement number", "TCP 确认号"),
    "tcp.window": RuleWords("the TCP window", "TCP 窗口"),
    "vlan.id": RuleWords("the VLAN", "VLAN 号"),
    "vlan.layers": RuleWords("the number of VLAN tags", "VLAN 标签数"),
    "flow.age": RuleWords("the flow's age in seconds", "流持续秒数"),
    "flow.pkts_toclient": RuleWords("the packets to the client", "发往客户端的报文数"),
    "flow.pkts_toserver": RuleWords("the packets to the server", "发往服务器的报文数"),
    "flow.bytes_toclient": RuleWords("the bytes to the client", "发往客户端的字节数"),
    "flow.bytes_toserver": RuleWords("the bytes to the server", "发往服务器的字节数"),
    "flow.pkts": RuleWords("the flow's packets", "流报文数"),
    "flow.bytes": RuleWords("the flow's bytes", "流字节数"),
    "urilen": RuleWords("the URI's length", "URI 长度"),
    "dns.opcode": RuleWords("the DNS opcode", "DNS 操作码"),
    "dns.rcode": RuleWords("the DNS answer code", "DNS 应答码"),
    "dns.rrtype": RuleWords("the DNS record type", "DNS 记录类型"),
    "tls.cert_chain_len": RuleWords("the number of certificates", "证书链长度"),
    "filesize": RuleWords("the file's size", "文件大小"),
  ]

  static let transforms: [String: RuleWords] = [
    "dotprefix": RuleWords("with a dot before it", "前加点号"),
    "domain": RuleWords("its registered domain", "取注册域名"),
    "tld": RuleWords("its public suffix", "取公共后缀"),
    "strip_whitespace": RuleWords("without white space", "去除空白"),
    "compress_whitespace": RuleWords("runs of white space as one space", "合并空白"),
    "to_lowercase": RuleWords("in lower case", "转为小写"),
    "to_uppercase": RuleWords("in upper case", "转为大写"),
    "to_md5": RuleWords("its MD5 digest", "取 MD5 摘要"),
    "to_sha1": RuleWords("its SHA-1 digest", "取 SHA-1 摘要"),
    "to_sha256": RuleWords("its SHA-256 digest", "取 SHA-256 摘要"),
    "url_decode": RuleWords("with %xx and + decoded", "URL 解码"),
    "header_lowercase": RuleWords("header names in lower case", "首部名转为小写"),
    "strip_pseudo_headers": RuleWords("without HTTP/2 pseudo headers", "去除 HTTP/2 伪首部"),
    "xor": RuleWords("by XOR with a key", "异或解密"),
    "pcrexform": RuleWords("what an expression captures", "取表达式捕获部分"),
    "from_base64": RuleWords("decoded from base64", "base64 解码"),
    "gunzip": RuleWords("unpacked by gunzip", "gunzip 解压"),
    "zlib_deflate": RuleWords("unpacked by zlib", "zlib 解压"),
  ]

  private static let generics: [String: RuleWords] = [
    "filename": RuleWords("the file's name has", "文件名含"),
    "fileext": RuleWords("the file's extension is", "文件扩展名为"),
    "filemagic": RuleWords("the file's kind has", "文件类型含"),
    "filemd5": RuleWords("the file's MD5 digest stands in the list", "文件 MD5 在名单中"),
    "filesha1": RuleWords("the file's SHA-1 digest stands in the list", "文件 SHA-1 在名单中"),
    "filesha256": RuleWords("the file's SHA-256 digest stands in the list", "文件 SHA-256 在名单中"),
    "filestore": RuleWords("then the file is to be stored", "随后保存文件"),
  ]
}
