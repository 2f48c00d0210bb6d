extension AppBuffer {
  /// One line per buffer, in the order of the cases (a test holds it to that).
  package static let registry: [AppBufferEntry] = [
    http(.httpURI, "http.uri", ["http_uri", "uricontent"], request: AppProgress.line),
    http(.httpURIRaw, "http.uri.raw", ["http_raw_uri", "http.raw_uri"], request: AppProgress.line),
    http(.httpMethod, "http.method", ["http_method"], request: AppProgress.line),
    http(.httpProtocol, "http.protocol", ["http_protocol"], request: AppProgress.line, response: AppProgress.line),
    http(.httpRequestLine, "http.request_line", ["http_request_line"], request: AppProgress.line),
    http(.httpResponseLine, "http.response_line", ["http_response_line"], response: AppProgress.line),
    headers(.httpHeader, "http.header", ["http_header"]),
    headers(.httpHeaderRaw, "http.header.raw", ["http_raw_header"]),
    headers(.httpHeaderNames, "http.header_names", ["http_header_names"]),
    http(.httpRequestHeader, "http.request_header", [], request: AppProgress.headers, multi: true),
    http(.httpResponseHeader, "http.response_header", [], response: AppProgress.headers, multi: true),
    headers(.httpCookie, "http.cookie", ["http_cookie"]),
    http(.httpUserAgent, "http.user_agent", ["http_user_agent"], request: AppProgress.headers),
    http(.httpHost, "http.host", ["http_host"], request: AppProgress.headers),
    http(.httpHostRaw, "http.host.raw", ["http_raw_host"], request: AppProgress.headers),
    http(.httpReferer, "http.referer", ["http_referer"], request: AppProgress.headers),
    http(.httpAccept, "http.accept", ["http_accept"], request: AppProgress.headers),
    http(.httpAcceptEncoding, "http.accept_enc", ["http_accept_enc"], request: AppProgress.headers),
    http(.httpAcceptLanguage, "http.accept_lang", ["http_accept_lang"], request: AppProgress.headers),
    headers(.httpConnection, "http.connection", ["http_connection"]),
    headers(.httpContentType, "http.content_type", ["http_content_type"]),
    headers(.httpContentLength, "http.content_len", ["http_content_len"]),
    http(.httpLocation, "http.location", ["http_location"], response: AppProgress.headers),
    http(.httpServer, "http.server", ["http_server"], response: AppProgress.headers),
    headers(.httpStart, "http.start", ["http_start"]),
    http(.httpStatusCode, "http.stat_code", ["http_stat_code"], response: AppProgress.line),
    http(.httpStatusMessage, "http.stat_msg", ["http_stat_msg"], response: AppProgress.line),
    http(
      .httpRequestBody, "http.request_body", ["http_client_body"], request: AppProgress.complete, streaming: true),
    http(
      .httpResponseBody, "http.response_body", ["http_server_body"], response: AppProgress.complete, streaming: true),
    http(
      .fileData, "file.data", ["file_data"], request: AppProgress.complete, response: AppProgress.complete,
      multi: true, streaming: true),
    http(
      .fileName, "file.name", ["file_name", "filename"], request: AppProgress.complete,
      response: AppProgress.complete, multi: true, streaming: true),
    tls(.tlsSNI, "tls.sni", ["tls_sni"], client: AppProgress.hello),
    certificate(.tlsCertificateSubject, "tls.cert_subject", ["tls_cert_subject", "tls.subject"]),
    certificate(.tlsCertificateIssuer, "tls.cert_issuer", ["tls_cert_issuer", "tls.issuerdn"]),
    certificate(.tlsCertificateSerial, "tls.cert_serial", ["tls_cert_serial"]),
    certificate(.tlsCertificateFingerprint, "tls.cert_fingerprint", ["tls_cert_fingerprint", "tls.fingerprint"]),
    certificate(.tlsCertificates, "tls.certs", ["tls_certs"], multi: true),
    certificate(.tlsSubjectAltName, "tls.subjectaltname", ["tls_subjectaltname"], multi: true),
    tls(.tlsALPN, "tls.alpn", ["tls_alpn"], client: AppProgress.hello, server: AppProgress.hello, multi: true),
    tls(.tlsRandom, "tls.random", ["tls_random"], client: AppProgress.hello, server: AppProgress.hello),
    tls(.tlsRandomTime, "tls.random_time", ["tls_random_time"], client: AppProgress.hello, server: AppProgress.hello),
    tls(
      .tlsRandomBytes, "tls.random_bytes", ["tls_random_bytes"], client: AppProgress.hello,
      server: AppProgress.hello),
    tls(.ja3Hash, "ja3.hash", ["ja3_hash"], client: AppProgress.hello),
    tls(.ja3String, "ja3.string", ["ja3_string"], client: AppProgress.hello),
    tls(.ja3sHash, "ja3s.hash", ["ja3s_hash"], server: AppProgress.hello),
    tls(.ja3sString, "ja3s.string", ["ja3s_string"], server: AppProgress.hello),
    tls(.ja4Hash, "ja4.hash", ["ja4_hash"], client: AppProgress.hello),
    dns(.dnsQuery, "dns.query", ["dns_query"], response: false),
    dns(.dnsQueriesName, "dns.queries.rrname", []),
    dns(.dnsAnswersName, "dns.answers.rrname", [], request: false),
    dns(.dnsAuthoritiesName, "dns.authorities.rrname", []),
    dns(.dnsAdditionalsName, "dns.additionals.rrname", []),
    dns(.dnsResponseName, "dns.response.rrname", [], request: false),
  ]

  private static func http(
    _ buffer: AppBuffer, _ name: String, _ aliases: [String], request: UInt8? = nil, response: UInt8? = nil,
    multi: Bool = false, streaming: Bool = false
  ) -> AppBufferEntry {
    AppBufferEntry(
      buffer: buffer, name: name, aliases: aliases, protocols: [.http], toServer: request, toClient: response,
      isMulti: multi, isStreaming: streaming)
  }
  private static func headers(_ buffer: AppBuffer, _ name: String, _ aliases: [String]) -> AppBufferEntry {
    http(buffer, name, aliases, request: AppProgress.headers, response: AppProgress.headers)
  }
  private static func tls(
    _ buffer: AppBuffer, _ name: String, _ aliases: [String], client: UInt8? = nil, server: UInt8? = nil,
    multi: Bool = false
  ) -> AppBufferEntry {
    AppBufferEntry(
      buffer: buffer, name: name, aliases: aliases, protocols: [.tls], toServer: client, toClient: server,
      isMulti: multi, isStreaming: false)
  }
  /// Both sides may show a certificate; a client's is inspected to the server.
  private static func certificate(
    _ buffer: AppBuffer, _ name: String, _ aliases: [String], multi: Bool = false
  ) -> AppBufferEntry {
    tls(buffer, name, aliases, client: AppProgress.certificate, server: AppProgress.certificate, multi: multi)
  }
  private static func dns(
    _ buffer: AppBuffer, _ name: String, _ aliases: [String], request: Bool = true, response: Bool = true
  ) -> AppBufferEntry {
    AppBufferEntry(
      buffer: buffer, name: name, aliases: aliases, protocols: [.dns],
      toServer: request ? AppProgress.complete : nil, toClient: response ? AppProgress.complete : nil,
      isMulti: true, isStreaming: false)
  }
}
