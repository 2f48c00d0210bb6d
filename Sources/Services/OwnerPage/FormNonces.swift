internal import Records
package import Wire

/// Numbers used once: each form that is shown holds one, bound to its link, and one act is taken for it.
///
/// What is shown is not remembered: a number carries its time and proves itself by an HMAC, so a mail scanner that opens
/// every link a thousand times costs nothing. What was used is remembered until it would have run out.
package struct FormNonces: Sendable {
  package enum Verdict: Sendable, Hashable { case good, used, expired, foreign }

  /// A person reads, asks somebody, and comes back.
  package static let seconds = 4.0 * 3600
  /// Used numbers kept; where there are more, the oldest half is taken as run out.
  package static let most = 20_000

  private let key: [UInt8]
  private var used: [String: Timestamp] = [:]
  /// Numbers made before are no longer taken.
  private var floor = Timestamp(nanoseconds: .min)

  /// `key` has 32 random bytes, of this process alone: after a restart each form is asked for again.
  package init(key: [UInt8]) { self.key = key }

  /// `random` has 16 random bytes.
  package func issue(link: String, now: Timestamp, random: [UInt8]) -> String {
    let head = "\(now.nanoseconds).\(SHA256.hex(random))"
    return head + "." + seal(head, link)
  }

  package mutating func redeem(_ nonce: String, link: String, now: Timestamp) -> Verdict {
    let parts = nonce.split(separator: ".", omittingEmptySubsequences: false)
    guard nonce.utf8.count <= 200, parts.count == 3, let made = Int64(parts[0]),
      FormNonces.isSame(seal("\(parts[0]).\(parts[1])", link), String(parts[2]))
    else { return .foreign }
    let time = Timestamp(nanoseconds: made)
    let age = Double(now.nanoseconds(since: time)) / 1e9
    guard age <= FormNonces.seconds, age > -60, time >= floor else { return .expired }
    if used[nonce] != nil { return .used }
    used[nonce] = time
    if used.count > FormNonces.most { forget(now) }
    return .good
  }

  private mutating func forget(_ now: Timestamp) {
    used = used.filter { Double(now.nanoseconds(since: $0.value)) / 1e9 <= FormNonces.seconds }
    guard used.count > FormNonces.most else { return }
    let middle = used.values.sorted()[used.count / 2]
    floor = middle
    used = used.filter { $0.value >= middle }
  }

  private func seal(_ head: String, _ link: String) -> String {
    let code = unsafe Array("\(head) \(link)".utf8).withUnsafeBytes { unsafe SHA256.authenticate($0, key: key) }
    return SHA256.hex(code)
  }

  /// In a time that does not tell where they differ.
  private static func isSame(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
