import ArgumentParser
import ControlAPI
import Engines
import Records
import Wire

/// How targets are reached.
struct ScanReach: ParsableArguments {
  @Option(
    help: ArgumentHelp("Connect there; the names that are asked for stay.", valueName: "address"),
    transform: ScanReach.address)
  var ip: IPAddress?
  @Flag(name: .customLong("no-sni"), help: "No server name in TLS hellos.") var noSNI = false
  @Flag(name: [.customShort("4"), .customLong("ipv4")], help: "Only IPv4 addresses of names.") var onlyV4 = false
  @Flag(name: [.customShort("6"), .customLong("ipv6")], help: "Only IPv6 addresses of names.") var onlyV6 = false
  @Flag(name: .customLong("all-addresses"), help: "Each address of a name, and what differs between them.")
  var allAddresses = false
  @Option(
    help: ArgumentHelp(
      "Trusted roots in PEM, or system; several times for several stores, the first decides.",
      valueName: "[name=]file"))
  var ca: [String] = []
  @Flag(help: "Ask a certificate's authority whether it was revoked (OCSP, CRL).") var revocation = false
  @Option(
    help: ArgumentHelp(
      "http://[user:password@]host:port (CONNECT) or socks5://...; else $VIGIL_PROXY.", valueName: "url"))
  var proxy: String?
  @Flag(help: "Half the pace and twice the patience.") var slow = false
  @Flag(help: "No pace at all; loopback only.") var lab = false
  @Option(name: .customLong("authorised-by"), help: "Who permits it, in your words.") var authorisedBy: String?
  @Option(name: .customLong("class"), help: "observe, probe or intrusive: the most that may be asked.")
  var probeClass: ProbeClass?

  func validate() throws {
    if onlyV4, onlyV6 { throw ValidationError("give -4 or -6, not both; without either both are used") }
    if ip != nil, allAddresses { throw ValidationError("give --ip or --all-addresses, not both") }
  }

  @Sendable private static func address(_ text: String) throws -> IPAddress {
    guard let address = IPAddress(text) else { throw ValidationError("it is no IPv4 or IPv6 address") }
    return address
  }

  var family: AddressFamily? { onlyV4 ? .v4 : onlyV6 ? .v6 : nil }
}

/// What is asked, and by which engines.
struct ScanQuestion: ParsableArguments {
  @Option(help: "Engines, separated by commas; see vigil engines.") var engines: String?
  @Option(
    help: ArgumentHelp(
      "STARTTLS before TLS: \(StartTLSProtocol.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "protocol"))
  var starttls: StartTLSProtocol?
  @Option(help: ArgumentHelp("TCP ports for the ports engine: 22,80,8000-8100.", valueName: "list")) var ports: String?
  @Option(help: ArgumentHelp("Pages for the content engine, 1 to 10000.", valueName: "n")) var pages: Int?
  @Flag(help: "JARM, for the tls engine: ten hellos more.") var jarm = false
  @Option(
    help: ArgumentHelp("Templates of this folder or file alone; see vigil templates check.", valueName: "path"))
  var templates: String?
  @Option(
    name: .customLong("allow-template"),
    help: ArgumentHelp("Run this template although it is refused; several times for several.", valueName: "id"))
  var allowedTemplates: [String] = []
  @Flag(help: "The deep templates too: some 190 requests a site, not 56.") var deep = false

  func validate() throws {
    if let pages, !(1...10_000).contains(pages) { throw ValidationError("--pages is 1 to 10000, not \(pages)") }
  }
}

/// Protocols whose STARTTLS the engines speak, with the port that a target without one has (RFC 3207, 9051, 1939, 4217,
/// 4511; the usual ones of the others).
enum StartTLSProtocol: String, ExpressibleByArgument, CaseIterable {
  case smtp, imap, pop3, ftp, ldap, postgresql, mysql, rdp

  var port: UInt16 {
    switch self {
    case .smtp: 25
    case .imap: 143
    case .pop3: 110
    case .ftp: 21
    case .ldap: 389
    case .postgresql: 5432
    case .mysql: 3306
    case .rdp: 3389
    }
  }

  /// They alone speak it.
  static let engines = ["tls", "certificate"]
}

extension ProbeClass: ExpressibleByArgument {}
extension Severity: ExpressibleByArgument {}

/// `22,80,8000-8100`.
enum PortList {
  /// More separate ranges than this is a mistake, not a list.
  private static let limit = 1000

  static func parse(_ text: String) throws -> [ClosedRange<UInt16>] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count <= limit else {
      throw OperatorMistake(
        "scan.ports", "--ports has more than \(limit) parts, the limit", hint: "write ranges: 1-1024")
    }
    return try parts.map { part in
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
      guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil, first > 0, first <= last else {
        throw OperatorMistake(
          "scan.ports", "\"\(Table.harmless(String(part.prefix(20))))\" is no port and no range of ports",
          hint: "write --ports 22,80,8000-8100")
      }
      return first...last
    }
  }
}
