/// A sticky buffer: its canonical name, other sticky names, legacy content modifiers that select it, its protocol.
package struct RuleBuffer: Sendable {
  package let name: String
  package let aliases: [String]
  package let modifiers: [String]
  /// Empty: any protocol.
  package let proto: String

  init(_ name: String, _ proto: String, aliases: [String] = [], modifiers: [String] = []) {
    self.name = name
    self.aliases = aliases
    self.modifiers = modifiers
    self.proto = proto
  }
}

/// Every sticky buffer that Suricata 8 documents. Those of protocols that are not inspected parse, and their rules are
/// refused with a sentence that says so.
package enum BufferRegistry {
  package static let all: [RuleBuffer] = general + http + tls + dns + others

  static let byName: [String: RuleBuffer] = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

  static var keywords: [Keyword] {
    all.flatMap { buffer -> [Keyword] in
      let support: Keyword.Support = buffer.proto.isEmpty ? .supported : .needsProtocol(buffer.proto)
      let of = buffer.proto.isEmpty ? "any protocol" : buffer.proto
      let sticky = Keyword(
        buffer.name, buffer.aliases, .buffer, .none, "The matches behind it inspect this buffer of \(of).",
        .buffer(buffer.name), support: support)
      return [sticky]
        + buffer.modifiers.map {
          Keyword(
            $0, [], .modifier, .none, "The content before it looks into \(buffer.name).", .modifier(buffer.name),
            support: support)
        }
    }
  }

  private static let general: [RuleBuffer] = [
    RuleBuffer("pkt_data", ""),
    RuleBuffer("base64_data", ""),
    RuleBuffer("file.data", "", aliases: ["file_data"]),
    RuleBuffer("file.name", ""),
    RuleBuffer("file.magic", ""),
    RuleBuffer("tcp.hdr", ""),
    RuleBuffer("udp.hdr", ""),
    RuleBuffer("ipv4.hdr", ""),
    RuleBuffer("ipv6.hdr", ""),
    RuleBuffer("icmpv4.hdr", ""),
    RuleBuffer("icmpv6.hdr", ""),
    RuleBuffer("ip.src", ""),
    RuleBuffer("ip.dst", ""),
  ]

  private static let http: [RuleBuffer] = [
    RuleBuffer("http.uri", "http", modifiers: ["http_uri"]),
    RuleBuffer("http.uri.raw", "http", modifiers: ["http_raw_uri"]),
    RuleBuffer("http.method", "http", modifiers: ["http_method"]),
    RuleBuffer("http.request_line", "http", aliases: ["http_request_line"]),
    RuleBuffer("http.request_body", "http", modifiers: ["http_client_body"]),
    RuleBuffer("http.request_header", "http"),
    RuleBuffer("http.header", "http", modifiers: ["http_header"]),
    RuleBuffer("http.header.raw", "http", modifiers: ["http_raw_header"]),
    RuleBuffer("http.cookie", "http", modifiers: ["http_cookie"]),
    RuleBuffer("http.user_agent", "http", modifiers: ["http_user_agent"]),
    RuleBuffer("http.host", "http", modifiers: ["http_host"]),
    RuleBuffer("http.host.raw", "http", modifiers: ["http_raw_host"]),
    RuleBuffer("http.accept", "http", aliases: ["http_accept"]),
    RuleBuffer("http.accept_lang", "http", aliases: ["http_accept_lang"]),
    RuleBuffer("http.accept_enc", "http", aliases: ["http_accept_enc"]),
    RuleBuffer("http.referer", "http", aliases: ["http_referer"]),
    RuleBuffer("http.connection", "http", aliases: ["http_connection"]),
    RuleBuffer("http.content_type", "http", aliases: ["http_content_type"]),
    RuleBuffer("http.content_len", "http", aliases: ["http_content_len"]),
    RuleBuffer("http.start", "http", aliases: ["http_start"]),
    RuleBuffer("http.protocol", "http", aliases: ["http_protocol"]),
    RuleBuffer("http.header_names", "http", aliases: ["http_header_names"]),
    RuleBuffer("http.response_line", "http", aliases: ["http_response_line"]),
    RuleBuffer("http.response_header", "http"),
    RuleBuffer("http.response_body", "http", modifiers: ["http_server_body"]),
    RuleBuffer("http.stat_code", "http", modifiers: ["http_stat_code"]),
    RuleBuffer("http.stat_msg", "http", modifiers: ["http_stat_msg"]),
    RuleBuffer("http.server", "http"),
    RuleBuffer("http.location", "http"),
  ]

  private static let tls: [RuleBuffer] = [
    RuleBuffer("tls.sni", "tls", aliases: ["tls_sni"]),
    RuleBuffer("tls.cert_subject", "tls", aliases: ["tls_cert_subject"]),
    RuleBuffer("tls.cert_issuer", "tls", aliases: ["tls_cert_issuer"]),
    RuleBuffer("tls.cert_serial", "tls", aliases: ["tls_cert_serial"]),
    RuleBuffer("tls.cert_fingerprint", "tls", aliases: ["tls_cert_fingerprint"]),
    RuleBuffer("tls.certs", "tls"),
    RuleBuffer("tls.subjectaltname", "tls"),
    RuleBuffer("tls.alpn", "tls"),
    RuleBuffer("tls.random", "tls"),
    RuleBuffer("tls.random_time", "tls"),
    RuleBuffer("tls.random_bytes", "tls"),
    RuleBuffer("ja3.hash", "tls", aliases: ["ja3_hash"]),
    RuleBuffer("ja3.string", "tls", aliases: ["ja3_string"]),
    RuleBuffer("ja3s.hash", "tls"),
    RuleBuffer("ja3s.string", "tls"),
    RuleBuffer("ja4.hash", "tls", aliases: ["ja4_hash"]),
  ]

  private static let dns: [RuleBuffer] = [
    RuleBuffer("dns.query", "dns", aliases: ["dns_query"]),
    RuleBuffer("dns.queries.rrname", "dns", aliases: ["dns.query.name"]),
    RuleBuffer("dns.answers.rrname", "dns", aliases: ["dns.answer.name"]),
    RuleBuffer("dns.authorities.rrname", "dns"),
    RuleBuffer("dns.additionals.rrname", "dns"),
    RuleBuffer("dns.response.rrname", "dns"),
  ]

  private static let others: [RuleBuffer] = OtherBuffers.names.flatMap { proto, names in
    names.map { RuleBuffer($0, proto, aliases: OtherBuffers.aliases[$0] ?? []) }
  }
}
