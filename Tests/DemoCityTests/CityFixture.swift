import COpenSSL
import Glibc
import Synchronization
import Testing

@testable import DemoCity

/// A folder of the test's own, gone with it.
final class TemporaryFolder {
  let path: String
  init() throws {
    var template = Array("/tmp/vigil-city-XXXXXX".utf8CString)
    try #require(unsafe mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
  deinit {
    for name in [
      "vigil.yaml", "inventory.yaml", "traffic.pcap", "trust.pem", "authority.pem", "inventory.csv", "targets.txt",
      "truth.jsonl", "access.log",
    ] {
      unsafe unlink(path + "/" + name)
    }
    unsafe rmdir(path)
  }
}

/// The city, served once for all tests of this process, on ports of its own.
enum RunningCity {
  struct Parts {
    let folder: TemporaryFolder
    let server: CityServer
  }

  nonisolated(unsafe) private static let parts = Result<Parts, any Error> {
    let folder = try TemporaryFolder()
    let base = 20_000 + UInt16(truncatingIfNeeded: Int(getpid()) % 4000) * 2
    let ports = try CityPorts.free(
      among: stride(from: base, to: base + 40, by: 2).map { CityPorts(tls: $0, plain: $0 + 1) })
    let city = CityFolder(path: folder.path)
    try city.write(ports: ports, user: "demo")
    let server = try CityServer(trust: try city.readAuthority(), ports: ports)
    try server.start()
    return Parts(folder: folder, server: server)
  }

  static func get() throws -> Parts { unsafe try parts.get() }
}

struct Failure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

/// A socket to a site, with bounded waits.
func connected(_ site: CitySite, _ ports: CityPorts) throws -> Int32 {
  try connected(site.address, site.port(ports))
}

func connected(_ address: String, _ port: UInt16) throws -> Int32 {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var place = sockaddr_in()
  place.sin_family = sa_family_t(AF_INET)
  place.sin_port = port.bigEndian
  unsafe inet_pton(AF_INET, address, &place.sin_addr)
  var limit = timeval(tv_sec: 4, tv_usec: 0)
  unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  let code = unsafe withUnsafePointer(to: &place) { pointer in
    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  guard code == 0 else {
    close(descriptor)
    throw Failure("no connection to \(address):\(port): \(errno)")
  }
  return descriptor
}

/// A TLS visit by OpenSSL, as any visitor makes it: nothing of Vigil's engines.
@safe final class TLSVisit {
  private let context: OpaquePointer
  private let ssl: OpaquePointer
  private let descriptor: Int32
  /// X509_V_OK or why the certificate would be refused.
  let verdict: Int
  let version: Int32
  let suite: String

  struct Offer {
    var versions = TLS1_VERSION...TLS1_3_VERSION
    var suites = "ALL:@SECLEVEL=0"
  }

  convenience init(_ site: CitySite, _ parts: RunningCity.Parts, _ offer: Offer = Offer()) throws {
    try self.init(
      site.host, at: site.address, site.port(parts.server.ports),
      trust: CityFolder(path: parts.folder.path).trust, offer)
  }

  init(_ host: String, at address: String, _ port: UInt16, trust: String, _ offer: Offer = Offer()) throws {
    guard let context = unsafe SSL_CTX_new(TLS_client_method()),
      let ssl = {
        unsafe SSL_CTX_set_security_level(context, 0)
        _ = unsafe vigil_ssl_ctx_set_min_version(context, offer.versions.lowerBound)
        _ = unsafe vigil_ssl_ctx_set_max_version(context, offer.versions.upperBound)
        unsafe SSL_CTX_set_cipher_list(context, offer.suites)
        unsafe SSL_CTX_load_verify_locations(context, trust, nil)
        return unsafe SSL_new(context)
      }()
    else { throw Failure("no TLS") }
    descriptor = try connected(address, port)
    unsafe self.context = unsafe context
    unsafe self.ssl = unsafe ssl
    unsafe SSL_set_fd(ssl, descriptor)
    _ = unsafe vigil_ssl_set_host_name(ssl, host)
    unsafe SSL_set1_host(ssl, host)
    let isMade = unsafe SSL_connect(ssl) == 1
    ERR_clear_error()
    verdict = unsafe SSL_get_verify_result(ssl)
    version = unsafe SSL_version(ssl)
    suite = unsafe SSL_CIPHER_get_name(SSL_get_current_cipher(ssl)).map { unsafe String(cString: $0) } ?? ""
    guard isMade else { throw Failure("\(host) refuses the handshake") }
  }

  deinit {
    unsafe SSL_free(ssl)
    unsafe SSL_CTX_free(context)
    close(descriptor)
  }

  func withCertificate<R>(_ body: (OpaquePointer) throws -> R) throws -> R {
    guard let certificate = unsafe SSL_get1_peer_certificate(ssl) else { throw Failure("no certificate") }
    defer { unsafe X509_free(certificate) }
    return unsafe try body(certificate)
  }

  /// Certificates sent.
  var chainCount: Int { Int(unsafe vigil_chain_count(SSL_get_peer_cert_chain(ssl))) }

  func get(_ host: String, _ path: String = "/") -> String {
    let request = Array("GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8)
    unsafe SSL_write(ssl, request, Int32(request.count))
    var (text, buffer): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 8192))
    while case let count = unsafe SSL_read(ssl, &buffer, Int32(buffer.count)), count > 0 {
      text += buffer.prefix(Int(count))
    }
    ERR_clear_error()
    return String(decoding: text, as: UTF8.self)
  }
}

/// What comes back for some bytes, until the end. Nil: the connection was reset.
func exchange(_ site: CitySite, _ parts: RunningCity.Parts, _ bytes: [UInt8]) throws -> [UInt8]? {
  let descriptor = try connected(site, parts.server.ports)
  defer { close(descriptor) }
  unsafe send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  var (answer, buffer): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 8192))
  while true {
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    if count < 0 { return errno == ECONNRESET ? nil : answer }
    if count == 0 { return answer }
    answer += buffer.prefix(count)
  }
}

enum Closing {
  static func close(_ descriptor: Int32) { Glibc.close(descriptor) }
  /// Nothing to read now.
  static func isSilent(_ descriptor: Int32) -> Bool {
    var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&waited, 1, 100) == 0
  }
}
