import Glibc
import Records
import Testing
import Wire

@testable import Engines

/// Zones that ldns really signed, served by nsd on a port of its own, validated by libunbound from their parent's key.
@Suite(.serialized) struct DNSSignatureTests {
  @Test("signed, tampered and unsigned zones are told apart", .enabled(if: SignedZones.isPossible)) func states() throws
  {
    let zones = try SignedZones()
    defer { zones.stop() }
    func look(_ zone: String) throws -> Asked {
      var settings = try settings()
      settings.resolver.stubs = SignedZones.names.map {
        .init(zone: $0, server: .init(IPAddress(v4: 0x7f00_0001), port: zones.port))
      }
      settings.resolver.anchors = [zones.anchor]
      settings.resolver.authorityPort = zones.port
      settings.resolver.questionMilliseconds = 1500
      return ask(DNSEngine(), port: 443, host: "www.\(zone)", probe: .probe, deadline: 30_000, settings: settings)
    }
    let secure = try look("secure.example")
    #expect(
      secure.result.status != .failed,
      "\(secure.result.facts) \(secure.result.answers.map { "\($0.check) \($0.answer)" })")
    #expect(secure.fact("dnssec") == "secure", "\(secure.result.answers.filter { $0.check.hasPrefix("dns.dnssec") })")
    #expect(secure.answer("dns.dnssec.bogus") == .no && secure.answer("dns.dnssec.missing") == .no)
    #expect(secure.answer("dns.dnssec.weak_algorithm") == .no && secure.answer("dns.dnssec.weak_digest") == .no)
    #expect(secure.answer("dns.ns.lame") == .no)
    let bogus = try look("bogus.example")
    #expect(bogus.answer("dns.dnssec.bogus") == .yes)
    #expect(bogus.isOpen("dns.dnssec.missing") && bogus.isOpen("dns.ipv6.missing"))
    let plain = try look("plain.example")
    #expect(plain.fact("dnssec") == "unsigned")
    #expect(plain.answer("dns.dnssec.missing") == .yes && plain.answer("dns.dnssec.bogus") == .no)
  }
}

/// A folder of zones and the nsd that serves them.
struct SignedZones {
  static let names = ["secure.example", "bogus.example", "plain.example", "example"]
  static var isPossible: Bool {
    ["/usr/sbin/nsd", "/usr/bin/ldns-signzone"].allSatisfy { (path: String) in unsafe access(path, X_OK) == 0 }
  }
  let folder: String
  let port: UInt16
  let anchor: String
  private let process: Int32

  init() throws {
    // A port that was free a moment ago; nsd itself takes none that the kernel chooses.
    port = try SignedZones.freePort()
    folder = "/tmp/vigil-zones-\(getpid())-\(UInt64.random(in: 0...(.max)))"
    let script = """
      set -e; mkdir -p \(folder); cd \(folder); exec 2>log
      zone() { printf '$ORIGIN %s.\\n$TTL 300\\n@ SOA ns.%s. admin.%s. 1 7200 3600 1209600 300\\n@ NS ns\\nns A 127.0.0.1\\n' $1 $1 $1 >$1.zone; }
      for z in \(SignedZones.names.joined(separator: " ")); do zone $z; done
      for z in secure bogus plain; do printf 'www A 192.0.2.7\\n' >>$z.example.zone
        printf '%s NS ns.%s\\nns.%s A 127.0.0.1\\n' $z $z $z >>example.zone; done
      for z in secure.example bogus.example; do k=$(ldns-keygen -r /dev/urandom -a ECDSAP256SHA256 -k $z)
        cat $k.ds >>example.zone; ldns-signzone -f $z.zone.signed $z.zone $k; mv $z.zone.signed $z.zone; done
      sed -i 's/192\\.0\\.2\\.7/192.0.2.8/' bogus.example.zone
      k=$(ldns-keygen -r /dev/urandom -a ECDSAP256SHA256 -k example)
      ldns-signzone -f example.zone.signed example.zone $k; mv example.zone.signed example.zone
      { printf 'server:\\n port: \(port)\\n ip-address: 127.0.0.1\\n username: ""\\n chroot: ""\\n zonesdir: "\(folder)"\\n'
        printf ' pidfile: ""\\n xfrdfile: ""\\n zonelistfile: "\(folder)/list"\\n cookie-secret-file: ""\\n xfrdir: "\(folder)"\\nremote-control:\\n control-enable: no\\n'
        for z in \(SignedZones.names.joined(separator: " ")); do printf 'zone:\\n name: "%s"\\n zonefile: "%s.zone"\\n' $z $z; done; } >nsd.conf
      nsd -d -c nsd.conf >nsd.log 2>&1 </dev/null & echo $!
      grep -h DNSKEY $k.key
      """
    let lines = SignedZones.run(script).split(separator: "\n")
    guard lines.count >= 2, let process = Int32(lines[0]) else { throw ServerFailure() }
    self.process = process
    anchor = String(lines[1])
    usleep(100_000)
    for _ in 0..<60 where !isUp { usleep(100_000) }
  }

  private static func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = SocketAddress(IPAddress(v4: 0x7f00_0001), 0)
    guard unsafe address.withPointer({ unsafe bind(descriptor, $0, $1) }) == 0 else { throw ServerFailure() }
    var bound = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    unsafe withUnsafeMutablePointer(to: &bound) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = unsafe getsockname(descriptor, $0, &length) }
    }
    return UInt16(bigEndian: bound.sin_port)
  }

  /// It takes TCP too.
  private var isUp: Bool {
    var address = SocketAddress(IPAddress(v4: 0x7f00_0001), port)
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    return unsafe address.withPointer { unsafe connect(descriptor, $0, $1) } == 0
  }

  func stop() {
    kill(process, SIGTERM)
    _ = SignedZones.run("rm -rf \(folder)")
  }

  private static func run(_ script: String) -> String {
    guard let pipe = unsafe popen(script, "r") else { return "" }
    var text: [UInt8] = []
    while case let byte = unsafe getc(pipe), byte != EOF { text.append(UInt8(truncatingIfNeeded: byte)) }
    unsafe pclose(pipe)
    return String(decoding: text, as: UTF8.self)
  }
}
