package import Wire

/// What an authorisation permits, asked at the lease (host, time, class) and again at connect (the address).
extension Authorisation {
  package func isValid(at time: Timestamp) -> Bool { from <= time && time < until }

  /// By name: exactly, or as a name below `*.parent`. By number: an address literal inside one of the networks.
  package func covers(host: String, address: IPAddress? = nil) -> Bool {
    if let literal = IPAddress(host) ?? address, networks.contains(where: { $0.contains(literal) }) { return true }
    let host = host.lowercased()
    return hosts.contains { pattern in
      let pattern = pattern.lowercased()
      guard pattern.hasPrefix("*.") else { return pattern == host }
      return host.hasSuffix(pattern.dropFirst()) && host.utf8.count > pattern.utf8.count - 1
    }
  }
}

/// Whether a probe may be made, and by whose word; else the sentence that the ledger keeps.
package enum AuthorisationVerdict: Hashable, Sendable {
  case granted(Authorisation)
  case denied(reason: String, retryAt: Timestamp?)

  /// The granted one that lasts longest; where none is, the nearest miss says why.
  package static func judge(
    host: String, address: IPAddress? = nil, probe: ProbeClass, at time: Timestamp, by all: [Authorisation]
  ) -> AuthorisationVerdict {
    let covering = all.filter { $0.covers(host: host, address: address) }
    guard !covering.isEmpty else { return .denied(reason: "no authorisation names \(host)", retryAt: nil) }
    let current = covering.filter { $0.isValid(at: time) }
    guard !current.isEmpty else {
      if let next = covering.filter({ $0.from > time }).min(by: { $0.from < $1.from }) {
        return .denied(reason: "the authorisation \(next.id) begins at \(next.from.text)", retryAt: next.from)
      }
      let last = covering.max { $0.until < $1.until }
      return .denied(
        reason: "the authorisation \(last?.id ?? "") ended at \(last?.until.text ?? "")", retryAt: nil)
    }
    let high = current.filter { $0.upTo >= probe }
    guard let best = high.max(by: { $0.until < $1.until }) else {
      let reach = current.map(\.upTo).max() ?? .observe
      return .denied(
        reason: "the authorisation permits \(reach.rawValue), this asks for \(probe.rawValue)",
        retryAt: nil)
    }
    return .granted(best)
  }
}
