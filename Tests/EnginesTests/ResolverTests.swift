import Records
import Testing
import Wire

@testable import Engines

/// Names to addresses, by the system's resolver: what is asked here is in every hosts file.
@Suite struct ResolverTests {
  private func addresses(_ host: String, _ family: AddressFamily? = nil) -> [IPAddress] {
    Resolver.addresses(of: host, family: family, until: Deadline(milliseconds: 10_000))
  }

  @Test("an address is its own, and of its family alone") func literals() {
    #expect(addresses("192.0.2.1") == [IPAddress(v4: 0xc000_0201)])
    #expect(addresses("192.0.2.1", .v4).count == 1 && addresses("192.0.2.1", .v6).isEmpty)
    #expect(addresses("2001:db8::1", .v6).count == 1 && addresses("2001:db8::1", .v4).isEmpty)
  }

  @Test("a name's addresses are of the family asked for") func families() {
    #expect(addresses("localhost", .v4) == [IPAddress(v4: 0x7f00_0001)])
    #expect(addresses("localhost", .v6).allSatisfy { $0.isV6 })
  }

  @Test("neither a deadline that has passed nor a stop waits for the resolver") func bounded() {
    #expect(Resolver.addresses(of: "localhost", until: Deadline(milliseconds: -1)).isEmpty)
    let begin = MonotonicClock.nanoseconds()
    _ = Resolver.addresses(of: "nowhere.invalid", until: Deadline(milliseconds: 60_000), stopped: { true })
    #expect(MonotonicClock.nanoseconds() - begin < 5_000_000_000)
  }

  @Test("a name without an address of the family is a failure of the network that says so") func reason() {
    var settings = ScanContext.Settings()
    settings.family = .v6
    let job = ScanJob(
      id: "t", engine: "t", target: Target(scheme: "https", host: "only4.invalid", port: 443), probeClass: .probe,
      authorisation: "t")
    let context = ScanContext(job: job, settings: settings, gate: AddressGate(), budget: ScanBudget(connections: 1))
    guard case .failure(let result) = context.resolve(job.target) else {
      Issue.record("a name under .invalid has an address")
      return
    }
    #expect(result.reason == "the name only4.invalid has no IPv6 address")
    #expect(result.source == .network)
  }
}
