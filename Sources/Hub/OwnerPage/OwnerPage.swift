internal import Records
internal import Reports
internal import Services
internal import Synchronization
internal import Wire

/// The page behind the links of notices: what is asked, and what is answered, without a socket.
///
/// Looking changes nothing, by whichever method but POST. An act is taken for one form, once, from whoever has the link and
/// types a name. A link that there is not, one that has run out and one that is no link at all are answered alike.
final class OwnerPage: Sendable {
  enum Method: Sendable { case get, head, post, other }

  struct Question: Sendable {
    var method: Method
    /// Without the query.
    var path: String
    var lang: String?
    var acceptLanguage: String?
    var contentType: String?
    var client: IPAddress
  }

  struct Answer: Sendable, Equatable {
    var status: Int
    var html: String
  }

  /// Visits of one link and of one address: a person reads and types; an office shares an address.
  private struct Guards {
    var nonces: FormNonces
    var links = VisitRate(burst: 60, perMinute: 30)
    var addresses = VisitRate(burst: 240, perMinute: 120)
    /// Forms cost a transaction.
    var forms = VisitRate(burst: 20, perMinute: 6)
  }

  private let desk: any NoticeDesk
  private let clock: WallClock
  private let usual: TextLanguage
  private let guards: Mutex<Guards>

  init(desk: any NoticeDesk, clock: WallClock, language: TextLanguage) {
    self.desk = desk
    self.clock = clock
    usual = language
    guards = Mutex(Guards(nonces: FormNonces(key: OwnerPage.random(32))))
  }

  func answer(_ question: Question, body: () async -> [UInt8]?) async -> Answer {
    let asked = OwnerLink.language(query: question.lang, accept: question.acceptLanguage)
    let language = asked.flatMap { TextLanguage(rawValue: $0) }
    let writer = OwnerPageWriter(language ?? usual)
    guard question.method != .other else { return Answer(status: 405, html: writer.unknown()) }
    let token = OwnerLink.token(path: question.path)
    guard admits(question, token) else { return Answer(status: 429, html: writer.busy()) }
    let unknown = Answer(status: 404, html: writer.unknown())
    guard let token, let notice = await desk.show(token) else {
      // Read all the same: an answer before the end of the body would tell.
      if question.method == .post { _ = await body() }
      return unknown
    }
    let own = OwnerPageWriter(language ?? TextLanguage(rawValue: notice.language) ?? usual)
    guard question.method == .post else { return Answer(status: 200, html: own.page(notice, nonce: nonce(token))) }
    guard let bytes = await body() else { return Answer(status: 413, html: page(own, notice, token, .malformed)) }
    return await posted(bytes, question, token, notice, own) ?? unknown
  }

  /// Nil: the link is no more.
  private func posted(
    _ bytes: [UInt8], _ question: Question, _ token: String, _ notice: NoticePage, _ writer: OwnerPageWriter
  ) async -> Answer? {
    let isForm = question.contentType?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? false
    let form: OwnerForm
    switch isForm ? OwnerForm.read(bytes) : .failure(.malformed) {
    case .failure(let problem):
      let draft = isForm ? OwnerPage.draft(bytes) : OwnerPageDraft()
      return Answer(status: 422, html: page(writer, notice, token, OwnerPage.note(problem), draft))
    case .success(let read): form = read
    }
    let draft = OwnerPageDraft(act: form.act, name: form.name, text: form.text, until: form.until)
    switch guards.withLock({ $0.nonces.redeem(form.nonce, link: token, now: clock.now()) }) {
    case .used: return Answer(status: 409, html: page(writer, notice, token, .used))
    case .expired, .foreign: return Answer(status: 409, html: page(writer, notice, token, .expired, draft))
    case .good: break
    }
    guard notice.acts.contains(form.act) else {
      return Answer(status: 409, html: page(writer, notice, token, .refused(OwnerPage.notAsked)))
    }
    let answer = await desk.act(token, form.ownerAct, name: form.name, from: "\(question.client)")
    if answer == .unknown { return nil }
    guard let after = await desk.show(token) else { return nil }
    if case .done(let text) = answer { return Answer(status: 200, html: page(writer, after, token, .done(text))) }
    guard case .refused(let text) = answer else { return nil }
    return Answer(status: 409, html: page(writer, after, token, .refused(text), draft))
  }

  private static let notAsked = BilingualText(en: "this is not asked for now.", zh: "当前状态下不能进行此项操作。")

  private func page(
    _ writer: OwnerPageWriter, _ notice: NoticePage, _ token: String, _ note: OwnerPageNote,
    _ draft: OwnerPageDraft = OwnerPageDraft()
  ) -> String { writer.page(notice, nonce: nonce(token), note: note, draft: draft) }

  private func nonce(_ token: String) -> String {
    guards.withLock { $0.nonces.issue(link: token, now: clock.now(), random: OwnerPage.random(16)) }
  }

  private func admits(_ question: Question, _ token: String?) -> Bool {
    let now = clock.now()
    let network = OwnerPage.network(question.client)
    return guards.withLock { guards in
      guard guards.addresses.admits(network, now: now) else { return false }
      guard let token else { return true }
      if question.method == .post, !guards.forms.admits(token, now: now) { return false }
      return guards.links.admits(token, now: now)
    }
  }

  /// One line of the internet has a /64 of version 6, and all of it is one visitor.
  private static func network(_ address: IPAddress) -> String {
    guard address.isV6, let prefix = IPPrefix(address, length: 64) else { return "\(address)" }
    return "\(prefix.address)"
  }

  /// What was typed, of a form that is not complete.
  private static func draft(_ bytes: [UInt8]) -> OwnerPageDraft {
    guard let fields = OwnerForm.typed(bytes) else { return OwnerPageDraft() }
    return OwnerPageDraft(
      act: fields["act"].flatMap { OwnerAct.Kind(rawValue: $0) }, name: fields["name"] ?? "",
      text: fields["text"] ?? "", until: fields["until"] ?? "")
  }

  private static func note(_ problem: OwnerForm.Problem) -> OwnerPageNote {
    switch problem {
    case .malformed: .malformed
    case .noName: .noName
    case .longName: .longName
    case .noReason: .noReason
    case .longText: .longText
    case .noDate: .noDate
    }
  }

  private static func random(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }
}
