internal import Glibc
internal import Records
internal import Wire

extension ScanContext {
  enum Resolution {
    case success(Endpoint)
    case failure(EngineResult)
  }

  /// The address to ask: the job's own, else the first that the name has and that may be connected to.
  func resolve(_ target: Target) -> Resolution {
    let found =
      target.address.map { [$0] }
      ?? Resolver.addresses(of: target.host, family: settings.family, until: deadline) { isStopped }
    if let address = found.first(where: { refusal(of: $0) == nil }) {
      return .success(Endpoint(address: address, port: target.port))
    }
    guard let first = found.first, let refusal = refusal(of: first) else {
      let kind = settings.family.map { "\($0.rawValue) address" } ?? "address"
      let reason =
        deadline.isPast
        ? "the name \(target.host) was not resolved in time" : "the name \(target.host) has no \(kind)"
      return .failure(
        EngineResult(status: .failed, reason: reason, source: .network, retry: .after(seconds: 60)))
    }
    return .failure(EngineResult(status: .refused, reason: refusal, source: .policy))
  }

  /// False when the job ended meanwhile.
  func pause(milliseconds: Int) -> Bool {
    let end = Deadline(milliseconds: Int(Double(milliseconds * patience) * settings.limits.pauseShare))
    while !end.isPast {
      guard !isStopped, !deadline.isPast else { return false }
      var step = timespec(tv_sec: 0, tv_nsec: min(end.remaining, 50) * 1_000_000)
      unsafe nanosleep(&step, nil)
    }
    return !isStopped && !deadline.isPast
  }
}
