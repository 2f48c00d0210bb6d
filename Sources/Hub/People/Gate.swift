internal import CLinux
internal import ControlAPI
internal import Foundation
internal import Hummingbird
internal import NIOCore
internal import Records
internal import Services
internal import Wire

/// The one place where it is decided who may ask what: every route goes through `scope`, before its request is read.
///
///     who (kernel or token) -> how fast -> role of the endpoint -> reach of the endpoint -> Scope
struct Gate: Sendable {
  /// By which way a request came. On the network the kernel knows nobody, so a token is wanted.
  enum Entrance: Sendable { case socket, network }

  let entrance: Entrance
  let access: Access
  let clock: WallClock

  func scope(
    _ endpoint: EndpointEntry, _ request: Request, _ context: HubRequestContext
  ) async throws(APIProblem) -> Scope {
    let now = clock.now()
    let caller = await caller(context.channel)
    let asker = try asker(request, caller, now)
    if let seconds = access.wait(asker, now: now) {
      throw Gate.later(seconds, "\(asker.person.id) asks faster than api.requestsPerSecond allows")
    }
    guard asker.role >= endpoint.role else {
      throw APIProblem(
        .notAllowed, "\(endpoint.method.rawValue) \(endpoint.path) needs the role \(endpoint.role.rawValue)",
        hint: "\(asker.person.id) is \(asker.role.rawValue)\(asker.token.map { " by token \($0)" } ?? "")")
    }
    let purview = access.purview(of: asker)
    guard purview.isAll || endpoint.reach != .whole else {
      throw APIProblem(
        .notAllowed, "\(endpoint.method.rawValue) \(endpoint.path) is for those who see the whole city",
        hint: "\(asker.person.id) sees \(asker.person.organisations.joined(separator: ", "))")
    }
    let origin = (asker.token.map { "token \($0), " } ?? "") + caller.origin
    return Scope(
      id: context.parameters.get("id").flatMap { $0.removingPercentEncoding } ?? "", asker: asker, purview: purview,
      actor: Actor(name: asker.person.id, origin: origin), role: endpoint.role, user: caller.user?.number,
      access: access, clock: clock)
  }

  private static func later(_ seconds: Double, _ sentence: String) -> APIProblem {
    APIProblem(.tooMany, sentence, retryAfter: Int(min(max(seconds.rounded(.up), 1), 3600)))
  }

  // MARK: who

  private struct Caller {
    var user: (number: UInt32, name: String)?
    var origin: String
    /// Whom to slow down when nobody comes from there.
    var address: String
  }

  private func caller(_ channel: any Channel) async -> Caller {
    switch entrance {
    case .socket:
      guard let peer = await Peer.credentials(of: channel) else {
        return Caller(user: nil, origin: "unix", address: "unix")
      }
      return Caller(
        user: (peer.uid, Peer.name(of: peer.uid)), origin: "unix uid \(peer.uid) pid \(peer.pid)",
        address: "uid \(peer.uid)")
    case .network:
      let address = channel.remoteAddress?.ipAddress ?? "unknown"
      return Caller(user: nil, origin: address, address: Gate.network(address))
    }
  }

  /// Whoever has one IPv6 address has a network of them (RFC 6177): such a network counts as one.
  static func network(_ address: String) -> String {
    guard let parsed = IPAddress(address), parsed.isV6, let network = IPPrefix("\(address)/64") else { return address }
    return network.description
  }

  private func asker(_ request: Request, _ caller: Caller, _ now: Timestamp) throws(APIProblem) -> Asker {
    let headers = request.headers[values: .authorization]
    if !headers.isEmpty {
      let token = headers.count == 1 ? BearerHeader.token(headers[0]) : nil
      if let asker = token.flatMap({ access.asker(token: $0, now: now) }) { return asker }
      throw refusal(caller, now, "this token is nobody's", hint: "it may have expired or been revoked")
    }
    guard let user = caller.user else {
      let sentence =
        entrance == .network ? "who asks must send a token" : "the kernel does not say who asks, so nothing is answered"
      throw refusal(caller, now, sentence, hint: "Authorization: Bearer, see vigil people token add")
    }
    if let asker = access.asker(user: user.number, named: user.name) { return asker }
    throw refusal(
      caller, now, "the user \(user.name) of this machine is nobody here",
      hint: "an administrator changes that: vigil people add ID --unix-user \(user.name)")
  }

  private func refusal(_ caller: Caller, _ now: Timestamp, _ sentence: String, hint: String) -> APIProblem {
    if let seconds = access.refuse(caller.address, now: now) {
      return Gate.later(seconds, "too many came from \(caller.address) who are nobody")
    }
    return APIProblem(.notKnown, sentence, hint: hint)
  }
}
