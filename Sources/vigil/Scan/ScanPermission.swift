import ControlAPI
import Hub
import Records
import Wire

/// By whose word a target is scanned, where its addresses must lie, and up to which class.
struct ScanGrant: Hashable {
  var word: String
  /// Empty: any address that is not refused by itself.
  var networks: [IPPrefix]
  var probeClass: ProbeClass
}

/// Loopback needs no word. What the hub's inventory authorises needs none; all else needs the operator's, which the
/// audit log keeps.
struct ScanPermission {
  let hub: HubAddress
  let reach: ScanReach

  static let loopback = ["127.0.0.0/8", "::1/128"].compactMap { IPPrefix($0) }

  /// One grant a target, in their order.
  func grants(for targets: [Target]) async throws -> [ScanGrant] {
    let strangers = targets.filter { !ScanPermission.isLoopback($0) }
    if reach.lab, let stranger = strangers.first {
      throw OperatorMistake(
        "scan.lab", at: stranger.url, "--lab lifts the pace and is for loopback only; this target is not on loopback",
        hint: "leave --lab away")
    }
    let word = strangers.isEmpty ? nil : reach.authorisedBy.flatMap { $0.isEmpty ? nil : $0 }
    if let word { try await audit(word, strangers) }
    let known =
      strangers.isEmpty || word != nil
      ? AuthorisationIndex([]) : AuthorisationIndex((try? await hub.client().call(API.authorisations).items) ?? [])
    return try targets.map { target in
      if ScanPermission.isLoopback(target) { return grant("loopback", ScanPermission.loopback) }
      // An address given by hand is all that the word is for.
      if let word { return grant(word, reach.ip.flatMap { IPPrefix($0, length: $0.width) }.map { [$0] } ?? []) }
      return try inventory(target, known)
    }
  }

  private func grant(_ word: String, _ networks: [IPPrefix]) -> ScanGrant {
    ScanGrant(word: word, networks: networks, probeClass: reach.probeClass ?? .probe)
  }

  /// Asks for the class wanted; where none is named a permission to observe is enough to observe. With `--ip` the
  /// address itself must be authorised: a permission for a name is none for wherever the operator says that it is.
  private func inventory(_ target: Target, _ known: AuthorisationIndex) throws -> ScanGrant {
    let host = reach.ip?.description ?? target.host
    let now = WallClock.system.now()
    for probe in reach.probeClass.map({ [$0] }) ?? [.probe, .observe] {
      let verdict = AuthorisationVerdict.judge(
        host: host, address: target.address, probe: probe, at: now,
        by: known.covering(host: host, address: target.address))
      guard case .granted(let authorisation) = verdict else { continue }
      return ScanGrant(word: authorisation.id, networks: authorisation.networks, probeClass: probe)
    }
    throw OperatorMistake(
      "scan.notAuthorised", at: target.url,
      "no valid authorisation of the inventory covers this target" + (reach.ip.map { " at \($0)" } ?? ""),
      hint: "add one to the inventory, or say by whose word with --authorised-by")
  }

  /// Without a hub there is no audit log, and so no scan by a word alone.
  private func audit(_ word: String, _ targets: [Target]) async throws {
    let place = reach.ip.map { " at \($0)" } ?? ""
    do {
      let note = ScanNote(authorisedBy: word, targets: targets.map { $0.url + place })
      _ = try await hub.client().call(API.noteScan, note)
    } catch let mistake as OperatorMistake where mistake.code == "client.noHub" {
      throw OperatorMistake(
        "scan.noAudit", at: mistake.place, "no hub answers, so the audit log cannot keep by whose word this is",
        hint: "start one with: vigil hub")
    }
  }

  static func isLoopback(_ target: Target) -> Bool {
    guard let address = target.address else { return target.host == "localhost" || target.host.hasSuffix(".localhost") }
    return AddressPolicy().refusal(of: address) == .loopback
  }
}
