internal import Records
internal import Wire

/// The certificates that a target is known by, as the engine's memory keeps them: what a new one is held against.
///
/// A certificate that takes the place of one with the same kind of key, from the same issuing organisation, and lives
/// longer is a *renewal*, said for a week so that a watch which looks every few minutes cannot lose it. Anything else
/// (another issuer, another kind of key, a shorter life) is a *change*: said as long as that certificate is shown and
/// nobody accepts it, and for a week at least. A site of several servers may show several certificates in turn: each is
/// known once it is accepted.
struct KnownCertificates: Codable, Hashable {
  struct Entry: Codable, Hashable {
    var sha256: String
    var issuer: String
    /// The issuer's organisation: authorities issue from several keys of theirs in turn.
    var authority: String
    var pin: String
    var kind: KeyKind
    /// Seconds since 1970.
    var notAfter: Int64
  }
  struct Change: Codable, Hashable {
    var isRenewal: Bool
    var sentence: String
    /// Seconds since 1970.
    var seen: Int64
    /// SHA-256 of what came; nil in a memory of before changes waited for somebody to accept them.
    var to: String?
  }
  /// The newest first.
  var entries: [Entry] = []
  var changes: [Change] = []

  /// Certificates kept: those of both kinds of keys on a few servers.
  private static let entryLimit = 8
  private static let changeLimit = 4
  private static let saidSeconds: Int64 = 7 * 86_400

  init() {}

  /// Nil where there is none, or none that this engine can read.
  init?(_ memory: String?) {
    guard let memory, let known = try? RecordJSON.decode(Self.self, from: memory) else { return nil }
    self = known
  }

  var memory: String? { try? RecordJSON.text(self) }

  /// Takes in what was seen now. `accepts`: what is shown is what shall be shown.
  mutating func see(_ chains: [ServedChain], at now: Timestamp, accepts: Bool = false) {
    let before = self
    let shown = chains.map { Entry($0) }
    if accepts { changes = [] }
    changes.removeAll { change in
      let isOld = now.seconds - change.seen > Self.saidSeconds || change.seen > now.seconds
      return isOld && (change.isRenewal || !shown.contains { $0.sha256 == change.to })
    }
    for entry in shown {
      let isTold = changes.contains { !$0.isRenewal && $0.to == entry.sha256 }
      if let place = entries.firstIndex(where: { $0.sha256 == entry.sha256 }) {
        entries.remove(at: place)
      } else if !accepts, !isTold, let old = before.predecessor(of: entry) {
        let change = Change(from: old, to: entry, at: now)
        changes.insert(change, at: 0)
        // Until somebody accepts it, it is not what the next one is held against.
        if !change.isRenewal { continue }
      } else if !accepts, isTold {
        continue
      }
      entries.insert(entry, at: 0)
    }
    entries = Array(entries.prefix(Self.entryLimit))
    changes = Array(changes.prefix(Self.changeLimit))
  }

  /// The newest with the same kind of key, else the newest of all.
  private func predecessor(of entry: Entry) -> Entry? {
    entries.first { $0.kind == entry.kind } ?? entries.first
  }
}

extension KnownCertificates.Entry {
  init(_ chain: ServedChain) {
    let issuer = chain.leaf.issuer
    let organisation = [issuer.value(of: "2.5.4.6"), issuer.value(of: "2.5.4.10")].compactMap(\.self)
    self.init(
      sha256: chain.fingerprint, issuer: issuer.description.shownOnALine,
      authority: issuer.value(of: "2.5.4.10") == nil
        ? issuer.description.shownOnALine : organisation.joined(separator: " ").shownOnALine,
      pin: chain.keyPin, kind: chain.keyKind, notAfter: chain.leaf.notAfterSeconds)
  }
}

extension KnownCertificates.Change {
  init(from old: KnownCertificates.Entry, to new: KnownCertificates.Entry, at now: Timestamp) {
    isRenewal = old.authority == new.authority && old.kind == new.kind && new.notAfter > old.notAfter
    (seen, to) = (now.seconds, new.sha256)
    let key = old.pin == new.pin ? "the same key" : old.kind == new.kind ? "another key" : "another kind of key"
    sentence =
      "was \(old.sha256.prefix(16)) by \(old.issuer), is \(new.sha256.prefix(16)) by \(new.issuer), \(key)"
      + (new.notAfter <= old.notAfter ? ", not valid longer" : "")
  }
}
