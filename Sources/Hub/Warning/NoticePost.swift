internal import Records
internal import Reports
internal import Services
internal import Wire

/// What a step tells, to whom: the machine's tellings as dispatches with their links. A value of one moment.
struct NoticePost {
  let organisations: [String: Organisation]
  let rules: NoticeRules
  let configuration: Configuration
  let utcOffset: Int64
  let now: Timestamp

  /// An address with the person who reads there.
  struct Recipient: Hashable {
    var contact: String
    var organisation: String
    var address: ContactAddress
  }

  struct Post {
    var dispatches: [Dispatch] = []
    var tokens: [NoticeToken] = []
    /// What could not be told by any channel: somebody must call.
    var tasks: [DutyTask] = []
  }

  func post(_ tellings: [NoticeMachine.Telling], _ notice: Notice, unconfirmed: Set<String>) -> Post {
    var post = Post()
    for telling in tellings {
      let recipients = recipients(notice, level: telling.level, unconfirmed: unconfirmed)
      if recipients.isEmpty { post.tasks.append(unreachable(notice, telling)) }
      for recipient in recipients { add(telling, notice, recipient, to: &post) }
    }
    return post
  }

  /// The first contact, and the backup beside one that has not proved itself reachable; of supervision those of the
  /// organisation so many steps up, or of the last there is.
  func recipients(_ notice: Notice, level: Int, unconfirmed: Set<String>) -> [Recipient] {
    guard let organisation = holder(notice.organisation, level) else { return [] }
    let known = organisation.contacts.filter { $0.email?.isEmpty == false }
    guard let first = known.first(where: { $0.rank == .primary }) ?? known.first else { return [] }
    var chosen = [first]
    if unconfirmed.contains(first.email ?? ""), let backup = known.first(where: { $0 != first }) {
      chosen.append(backup)
    }
    return chosen.map {
      Recipient(contact: $0.name, organisation: organisation.id, address: ContactAddress(.mail, $0.email ?? ""))
    }
  }

  /// Nil where the tree has nobody above. A circle in the tree ends at the level asked for.
  private func holder(_ id: String, _ level: Int) -> Organisation? {
    var organisation = organisations[id]
    for step in 0..<max(level, 0) {
      guard let parent = organisation?.parent.flatMap({ organisations[$0] }) else {
        return step == 0 ? nil : organisation
      }
      organisation = parent
    }
    return organisation
  }

  private func add(
    _ telling: NoticeMachine.Telling, _ notice: Notice, _ recipient: Recipient, to post: inout Post
  ) {
    let id = "notice/\(notice.id)/\(telling.key)/\(recipient.address.to)"
    var link: String?
    // Who supervises reads and answers nothing in another's place.
    if telling.level == 0, !configuration.notices.page.isEmpty {
      let secret = NoticeSecret.make()
      link = "\(configuration.notices.page)/n/\(secret)"
      post.tokens.append(
        NoticeToken(
          hash: NoticeSecret.hash(secret), notice: notice.id, contact: recipient.contact,
          address: recipient.address.to, created: now))
    }
    let language = TextLanguage(rawValue: configuration.language.rawValue) ?? .en
    let message = NoticeMessage(
      NoticeMessage.Topic(rawValue: telling.topic.rawValue) ?? .issued, notice, city: configuration.city,
      organisation: organisations[notice.organisation]?.name ?? BilingualText(notice.organisation), link: link,
      utcOffset: utcOffset)
    let (subject, text) = rules.templates.message(message, language)
    post.dispatches.append(
      Dispatch(
        id: id, kind: kind(telling, notice), address: recipient.address, language: language.rawValue,
        subject: subject, text: text, link: link, severity: notice.severity, deadline: notice.due,
        isDrill: notice.isDrill, created: now))
  }

  private func kind(_ telling: NoticeMachine.Telling, _ notice: Notice) -> Dispatch.Kind {
    switch telling.topic {
    case .reminder: .reminder
    case .supervision: .supervision
    default: notice.kind == .warning ? .warning : .notice
    }
  }

  private func unreachable(_ notice: Notice, _ telling: NoticeMachine.Telling) -> DutyTask {
    let number = notice.number ?? "\(notice.id)"
    return DutyTask(
      .unreachable, "notice/\(notice.id)",
      BilingualText(
        en: "nobody has an address for the \(telling.topic.rawValue) of \(number) at \(notice.organisation): call them",
        zh: "\(notice.organisation) 没有可用地址接收 \(number)：请电话通知"), created: now, due: notice.receiptDue)
  }
}

/// What stands in a link: 256 bits of the system's generator, as hexadecimal digits.
enum NoticeSecret {
  static let length = 64

  static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    return SHA256.hex((0..<32).map { _ in UInt8.random(in: 0 ... .max, using: &generator) })
  }

  static func hash(_ secret: String) -> String { SHA256.hex(SHA256.digest(Array(secret.utf8))) }

  /// Whether it can be one at all: looked at before the store is asked.
  static func isWellFormed(_ secret: String) -> Bool {
    secret.utf8.count == length
      && secret.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
