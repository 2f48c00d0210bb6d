import Records
import Scheduling
import Wire

extension Timestamp {
  static func at(_ seconds: Double) -> Timestamp { Timestamp(seconds: 1_790_000_000).advanced(seconds: seconds) }
}

func site(
  _ host: String, scheme: String = "https", cadence: Int? = nil, engines: [String] = ["tls"], address: String? = nil,
  organisation: String? = nil, platform: String? = nil, criticality: Criticality = .ordinary
) -> Site {
  var site = Site(SiteAddress(scheme: scheme, host: host, port: scheme == "https" ? 443 : 80))
  site.addresses = [address.flatMap { IPAddress($0) }].compactMap(\.self)
  (site.organisation, site.platform, site.criticality) = (organisation, platform, criticality)
  site.cadence = cadence
  site.engines = engines
  return site
}

func authorisation(
  _ id: String = "a", hosts: [String], networks: [IPPrefix] = [], from: Double = -1e6, until: Double = 1e9,
  upTo: ProbeClass = .probe
) -> Authorisation {
  Authorisation(
    id: id, grantedBy: "the city", document: "no. 1", hosts: hosts, networks: networks, from: .at(from),
    until: .at(until), upTo: upTo)
}

func outcome(
  _ lease: Lease, _ status: ScanOutcome.Status = .completed, source: ScanOutcome.Source = .site,
  retry: ScanOutcome.Retry = .no, at time: Timestamp = .at(0)
) -> ScanOutcome {
  ScanOutcome(
    job: lease.job.id, engine: lease.job.engine, site: lease.job.site, status: status,
    reason: status == .completed ? "" : "it did not answer", source: source, retry: retry, started: time, ended: time)
}
