internal import Records
internal import Wire

/// A letter in the manner of SSL Labs' rating guide: 30 % protocol, 30 % key exchange, 40 % cipher, then caps; every
/// step down is named. A server that was not wholly seen has no grade.
struct TLSGrade {
  enum Letter: Int, Comparable, CustomStringConvertible {
    case f, e, d, c, b, aMinus, a, aPlus
    static func < (left: Letter, right: Letter) -> Bool { left.rawValue < right.rawValue }
    var description: String { ["F", "E", "D", "C", "B", "A-", "A", "A+"][rawValue] }
  }

  struct Scores: Hashable {
    var protocols: Int
    var keyExchange: Int
    var cipher: Int
    var total: Int { (30 * protocols + 30 * keyExchange + 40 * cipher) / 100 }
  }

  let judgement: TLSJudgement
  let answers: [String: CheckAnswer]
  let trust: TLSTrust
  /// Seconds; nil where no HTTP answer was seen.
  let strictTransportSeconds: Int?
  /// What the best grade asks of HSTS: half a year.
  static let strictTransportLeast = 15_768_000

  private var enumeration: TLSEnumeration { judgement.enumeration }

  /// Why there is no grade; nil where there is one. What the job's class does not permit is left out and named.
  var gap: String? {
    for version in TLSEnumeration.order {
      if case .unknown(let why)? = enumeration.support[version] { return "\(version.title): \(why)" }
      if enumeration.support[version] == nil { return "\(version.title) was not asked for" }
    }
    if let gap = judgement.suiteGap() { return gap }
    for id in TLSGrade.fatal.keys.sorted() {
      guard let answer = answers[id], case .notDetermined(let why) = answer.answer else { continue }
      if !why.hasPrefix("does not apply"), !why.hasPrefix("not authorised") { return "\(id): \(why)" }
    }
    if trust.security == nil { return trust.keyGap }
    return nil
  }

  private var seen: [TLSCipherSuite] { judgement.found.map(\.1) }

  var scores: Scores {
    let protocols = enumeration.accepted.compactMap { TLSGrade.protocolScores[$0] }
    let bits = seen.compactMap(\.strength) + (enumeration.ssl2Suites.isEmpty ? [] : [40])
    return Scores(
      protocols: TLSGrade.mean(protocols), keyExchange: keyScore, cipher: TLSGrade.mean(bits.map(TLSGrade.cipherScore)))
  }

  private var keyScore: Int {
    if seen.contains(where: \.isAnonymous) { return 0 }
    if seen.contains(where: \.isExport) { return 40 }
    let dh = enumeration.dhBits.map(TLSGrade.security)
    switch min(trust.security ?? 0, dh ?? .max) {
    case ..<56: return 20
    case ..<80: return 40
    case ..<112: return 80
    case ..<152: return 90
    default: return 100
    }
  }

  private static let protocolScores: [TLSVersion: Int] = [
    .ssl2: 0, .ssl3: 80, .tls10: 90, .tls11: 95, .tls12: 100, .tls13: 100,
  ]
  private static func cipherScore(_ bits: Int) -> Int {
    switch bits {
    case 0: 0
    case ..<128: 20
    case ..<256: 80
    default: 100
    }
  }
  /// Bits of security of a DH prime (NIST SP 800-57 part 1, table 2).
  private static func security(_ bits: Int) -> Int {
    switch bits {
    case ..<512: 40
    case ..<1024: 60
    case ..<2048: 80
    case ..<3072: 112
    case ..<4096: 128
    default: 152
    }
  }
  /// The middle between the best and the worst.
  private static func mean(_ values: [Int]) -> Int { ((values.max() ?? 0) + (values.min() ?? 0)) / 2 }

  /// What alone makes an F.
  private static let fatal: [String: String] = [
    "tls.version.ssl2": "SSLv2 is accepted", "tls.suite.null": "suites without encryption are accepted",
    "tls.suite.anonymous": "suites without authentication are accepted",
    "tls.suite.export": "export suites are accepted",
    "tls.weakness.heartbleed": "Heartbleed", "tls.weakness.ccs_injection": "early change of ciphers (CVE-2014-0224)",
    "tls.weakness.robot": "ROBOT", "tls.weakness.ticketbleed": "Ticketbleed",
  ]
  /// What caps the letter.
  private static let caps: [(Letter, String, String)] = [
    (.c, "tls.version.ssl3", "SSLv3 is accepted (POODLE)"), (.c, "tls.version.no_modern", "TLS 1.2 is missing"),
    (.c, "tls.compression", "TLS compression (CRIME)"), (.c, "tls.suite.des", "DES or RC2 is accepted"),
    (.b, "tls.suite.rc4", "RC4 is accepted"), (.b, "tls.version.tls1_0", "TLS 1.0 is accepted"),
    (.b, "tls.version.tls1_1", "TLS 1.1 is accepted"),
    (.b, "tls.key_exchange.weak_dh", "the DH group has less than 2048 bits"),
    (.b, "tls.key_exchange.weak_curve", "weak curves are accepted"),
    (.aMinus, "tls.version.no_tls1_3", "TLS 1.3 is missing"),
    (.aMinus, "tls.renegotiation.insecure", "secure renegotiation is missing"),
  ]

  private func isYes(_ id: String) -> Bool { answers[id]?.answer == .yes }

  /// The letter without trust and name, and every step to it.
  func letter() -> (letter: Letter, deductions: [String]) {
    let scores = scores
    var letter: Letter
    switch scores.total {
    case 80...: letter = .a
    case 65...: letter = .b
    case 50...: letter = .c
    case 35...: letter = .d
    case 20...: letter = .e
    default: letter = .f
    }
    var deductions: [String] = []
    func note(_ name: String, _ score: Int) { if score < 100 { deductions.append("\(name) \(score) of 100") } }
    note("protocol", scores.protocols)
    note("key exchange", scores.keyExchange)
    note("cipher", scores.cipher)
    func cap(_ limit: Letter, _ why: String) {
      deductions.append("at most \(limit): \(why)")
      letter = min(letter, limit)
    }
    for (id, why) in TLSGrade.fatal.sorted(by: { $0.key < $1.key }) where isYes(id) { cap(.f, why) }
    if isYes("tls.renegotiation.insecure"), isYes("tls.renegotiation.client_initiated") {
      cap(.f, "insecure renegotiation is accepted")
    }
    if let bits = enumeration.dhBits, bits < 1024 { cap(.f, "the DH group has \(bits) bits") }
    for (limit, id, why) in TLSGrade.caps where isYes(id) { cap(limit, why) }
    if isYes("tls.suite.3des") { cap(enumeration.accepted.contains(.tls12) ? .c : .b, "3DES is accepted (SWEET32)") }
    if !seen.contains(where: \.isForwardSecret) { cap(.b, "no suite has forward secrecy") }
    if !seen.contains(where: \.isAEAD) { cap(.b, "no suite encrypts and authenticates in one") }
    if let bits = trust.security, bits < 112 { cap(bits < 80 ? .f : .b, "the certificate's key is short") }
    if letter == .a {
      let missing = plusGap
      if let missing { deductions.append("no A+: \(missing)") } else { letter = .aPlus }
    }
    return (letter, deductions)
  }

  private var plusGap: String? {
    if isYes("tls.version.no_fallback_scsv") { return "downgrades are not noticed (RFC 7507)" }
    guard let seconds = strictTransportSeconds else { return "Strict-Transport-Security was not seen" }
    if seconds < TLSGrade.strictTransportLeast { return "Strict-Transport-Security of half a year is missing" }
    return nil
  }

  var facts: [Fact] {
    // What alone makes an F makes one whatever else was not seen.
    let fatal = TLSGrade.fatal.filter { isYes($0.key) }.sorted { $0.key < $1.key }.map { "at most F: \($0.value)" }
    if let gap {
      guard !fatal.isEmpty else { return [Fact("grade", "not determined: \(gap)")] }
      return [Fact("grade", "F"), Fact("grade deductions", fatal.joined(separator: "; "))]
    }
    let (letter, deductions) = letter()
    let scores = scores
    var facts = [Fact("grade", trust.mark ?? "\(letter)")]
    if trust.mark != nil { facts.append(Fact("grade without trust", "\(letter)")) }
    if let why = trust.sentence { facts.append(Fact("grade trust", why)) }
    facts.append(
      Fact("grade scores", "protocol \(scores.protocols), key exchange \(scores.keyExchange), cipher \(scores.cipher)"))
    if !deductions.isEmpty { facts.append(Fact("grade deductions", deductions.joined(separator: "; "))) }
    let left = TLSGrade.fatal.keys.filter { answers[$0] == nil }.sorted()
    if !left.isEmpty { facts.append(Fact("grade leaves out", left.joined(separator: ", "))) }
    return facts
  }
}
