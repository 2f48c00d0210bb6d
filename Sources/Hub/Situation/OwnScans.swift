internal import ControlAPI
internal import Records
internal import Scheduling
internal import Store
internal import Wire

/// Which alerts may be of our own scans: only they wait for a scanner's word. An end of the flow must be an address of a
/// scanner's machine, and the site one whose scan runs or has just ended; that alone labels nothing.
struct OwnScans: Sendable {
  /// A job's last packets are seen after its lease has ended.
  static let afterSeconds = 60.0

  let addresses: Set<IPAddress>
  let sites: Set<String>

  func mayBe(_ alert: AlertRecord, _ owner: SiteAttribution) -> Bool {
    guard !addresses.isEmpty, !sites.isEmpty, alert.sourcePort != 0 else { return false }
    let isOfScanner = [alert.source, alert.destination].contains { $0.map(addresses.contains) ?? false }
    return isOfScanner && (owner.site.map(sites.contains) ?? true)
  }
}

extension HubCore {
  /// With the grant, not when somebody asks: a look at a site's availability is over within milliseconds.
  func noteScans(_ leases: some Sequence<Lease>, _ now: Timestamp) {
    for lease in leases { if let site = lease.job.site { scannedSites[site] = now } }
  }

  func ownScans(_ now: Timestamp) -> OwnScans {
    noteScans(scheduler.leases.values, now)
    scannedSites = scannedSites.filter {
      Double(now.nanoseconds(since: $0.value)) / 1e9 <= OwnScans.afterSeconds
    }
    scanAddresses = scanAddresses.filter { Double(now.nanoseconds(since: $0.value)) / 1e9 <= HubCore.addressSeconds }
    let addresses = registry.scannerItems(now: now).flatMap { $0.status.addresses ?? [] }
    return OwnScans(addresses: Set(addresses).union(scanAddresses.keys), sites: Set(scannedSites.keys))
  }

  /// A scanner that has not connected from an address for so long has moved.
  private static let addressSeconds = 3600.0
  /// Scanners are few, and each has a few addresses.
  private static let mostAddresses = 64

  /// A scanner's own word on where it connects from: also what its machine's list leaves out.
  func noteScanAddresses(_ batch: RecordBatch) {
    let now = clock.now()
    for record in batch.records where record.kind == .connection {
      guard let connection = try? RecordJSON.decode(OwnConnection.self, from: record.bytes),
        scanAddresses[connection.local] != nil || scanAddresses.count < HubCore.mostAddresses
      else { continue }
      scanAddresses[connection.local] = now
    }
  }

  /// Alerts that waited to be told from our own scans.
  func settleOwn(_ now: Timestamp) {
    _ = ownScans(now)
    do {
      let result = try store.settleOwn(policy: policy, now: now)
      if result.alerts > 0 || !result.changes.isEmpty { absorb(result, from: "hub", now) }
      ailments[.ownScans] = nil
    } catch { ailments[.ownScans] = "\(error)" }
  }
}
