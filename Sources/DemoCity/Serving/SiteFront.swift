internal import COpenSSL
internal import Glibc

/// What a visitor of one site meets: silence, a reset, or TLS and HTTP as the table has it.
@safe final class SiteFront: @unchecked Sendable {
  // Sendable: set once; OpenSSL locks its contexts by itself.
  let site: CitySite
  private let context: OpaquePointer?
  private let ports: CityPorts

  init(_ site: CitySite, _ office: CertificateOffice, _ ports: CityPorts) throws(DemoError) {
    self.site = site
    self.ports = ports
    guard site.scheme == .https, !site.weaknesses.contains(where: \.isMute) else {
      unsafe context = nil
      return
    }
    unsafe context = try SiteFront.context(site, try office.issue(to: site))
  }

  deinit { if let context = unsafe context { unsafe SSL_CTX_free(context) } }

  private static func context(_ site: CitySite, _ issued: CertificateOffice.Issued) throws(DemoError) -> OpaquePointer {
    guard let context = unsafe SSL_CTX_new(TLS_server_method()) else {
      throw DemoError("no TLS for \(site.id)", hint: "see whether OpenSSL 3 is installed whole")
    }
    // Old versions, small keys and SHA-1 are what the city is for.
    unsafe SSL_CTX_set_security_level(context, 0)
    let versions = versions(site.weaknesses)
    _ = unsafe vigil_ssl_ctx_set_min_version(context, versions.lowerBound)
    _ = unsafe vigil_ssl_ctx_set_max_version(context, versions.upperBound)
    // The server's order of suites (SSL_OP_CIPHER_SERVER_PREFERENCE), and no session kept.
    unsafe SSL_CTX_set_options(context, 1 << 22)
    unsafe SSL_CTX_set_num_tickets(context, 0)
    var isReady = unsafe SSL_CTX_set_cipher_list(context, suites(site.weaknesses) + ":@SECLEVEL=0") == 1
    isReady = unsafe isReady && SSL_CTX_use_certificate(context, issued.leaf.certificate) == 1
    isReady = unsafe isReady && SSL_CTX_use_PrivateKey(context, issued.leaf.key) == 1
    for link in issued.chain { isReady = unsafe isReady && vigil_ssl_ctx_add_chain(context, link.certificate) == 1 }
    guard isReady else {
      ERR_clear_error()
      unsafe SSL_CTX_free(context)
      throw DemoError("OpenSSL refuses the TLS of \(site.id)", hint: "see whether OpenSSL 3 is installed whole")
    }
    return unsafe context
  }

  private static func versions(_ weaknesses: Set<Weakness>) -> ClosedRange<Int32> {
    let oldest = weaknesses.isDisjoint(with: [.oldVersions, .onlyOldVersions]) ? TLS1_2_VERSION : TLS1_VERSION
    if weaknesses.contains(.onlyOldVersions) { return oldest...TLS1_1_VERSION }
    return oldest...(weaknesses.contains(.noTLS13) ? TLS1_2_VERSION : TLS1_3_VERSION)
  }

  private static func suites(_ weaknesses: Set<Weakness>) -> String {
    var suites = ["ECDHE+AESGCM"]
    if !weaknesses.isDisjoint(with: [.oldVersions, .onlyOldVersions]) { suites.append("ECDHE+AES") }
    if weaknesses.contains(.noForwardSecrecy) { suites += ["AES128-GCM-SHA256", "AES256-SHA256"] }
    if weaknesses.contains(.nullCipher) { suites.append("ECDHE-ECDSA-NULL-SHA") }
    return suites.joined(separator: ":")
  }

  // MARK: serving

  /// Closes the connection.
  func serve(_ visitor: Visitor) {
    if site.weaknesses.contains(.resets) {
      _ = visitor.receive()
      return visitor.reset()
    }
    if site.weaknesses.contains(.stalls) {
      visitor.ignore(milliseconds: CityServer.stallMilliseconds)
    } else if site.weaknesses.contains(.garbage) {
      _ = visitor.receive()
      visitor.send("\u{7f}\u{1}\u{2}gate 0.9 ready\r\n")
    } else if let context = unsafe context {
      unsafe serveTLS(visitor, context)
    } else {
      servePlain(visitor)
    }
    visitor.close()
  }

  private func servePlain(_ visitor: Visitor) {
    var head = RequestHead()
    while !head.isWhole {
      let bytes = visitor.receive()
      // A hello on this port is answered as web servers do: with a sentence about HTTP.
      guard !bytes.isEmpty, head.take(bytes) else { break }
    }
    if !head.isEmpty { visitor.send(SiteAnswer(site, ports).text(to: head)) }
  }

  private func serveTLS(_ visitor: Visitor, _ context: OpaquePointer) {
    defer { ERR_clear_error() }
    guard let ssl = unsafe SSL_new(context) else { return }
    defer { unsafe SSL_free(ssl) }
    unsafe SSL_set_fd(ssl, visitor.descriptor)
    guard unsafe SSL_accept(ssl) == 1 else { return }
    var head = RequestHead()
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !head.isWhole {
      let count = unsafe SSL_read(ssl, &buffer, Int32(buffer.count))
      guard count > 0, head.take(Array(buffer.prefix(Int(count)))) else { break }
    }
    guard !head.isEmpty else { return }
    let answer = Array(SiteAnswer(site, ports).text(to: head).utf8)
    unsafe SSL_write(ssl, answer, Int32(answer.count))
    unsafe SSL_shutdown(ssl)
  }
}
