internal import Engines
internal import Wire

/// What a server sends of certificates, through the whole judgement: three runs of bytes, each behind its length in
/// two bytes, are the staple, the list of timestamps and the memory of the last look; certificates follow likewise.
/// No store is read: trust is then open, and everything else is judged.
enum CertificateEntrance {
  static func run(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    func counted() -> [UInt8] { input.take(Int(input.word())) }
    let (staple, timestamps, known) = (counted(), counted(), counted())
    var der: [[UInt8]] = []
    while !input.isAtEnd, der.count < 32 { der.append(counted()) }
    timestamps.lend { span in
      guard let list = SignedTimestampList(span) else { return }
      precondition(list.timestamps.count * 47 <= timestamps.count, "each timestamp has its bytes")
    }
    guard let chain = ServedChain(der) else { return }
    var settings = ScanContext.Settings()
    settings.trustFile = "/nonexistent"
    settings.trustStores = [TrustStoreSource(name: "none", path: "/nonexistent", isPublic: true)]
    settings.now = { Timestamp(seconds: 1_795_000_000) }
    let sighting = CertificateSighting(
      chains: [chain], staple: staple.isEmpty ? .none : .bytes(staple),
      timestamps: timestamps.isEmpty ? .none : .bytes(timestamps))
    let judgement = CertificateJudgement(
      sighting, name: "site.test", settings: settings, known: String(decoding: known, as: UTF8.self))
    let ids = Set(judgement.answers.map(\.check))
    precondition(ids.count == judgement.answers.count, "each check is answered once")
    precondition(
      CertificateEngine().checks.allSatisfy { ids.contains($0.id) }, "every check is answered")
    for answer in judgement.answers {
      precondition(answer.evidence.allSatisfy { !$0.isNewline }, "evidence is one line")
    }
  }
}
