internal import ControlAPI
internal import Foundation
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// What came to us: entered, folded against what we know, answered in time, rated by those who were served.
extension HubCore {
  private static let mostFiles = 8

  func addIntake(_ request: IntakeDraft, by actor: Actor, within purview: Purview) throws -> Intake {
    let now = clock.now()
    try check(request, within: purview)
    let site = request.site.flatMap { sites[$0] }
    let clocks = notices.times.clocks(at: now)
    let due =
      request.senderDeadline ?? machine(now).times.calendar.end(ofWorkingDay: clocks.intakeDays, after: now)
    var intake = Intake(
      source: request.source, sender: request.sender, senderNumber: request.senderNumber, title: request.title,
      text: request.text, site: site?.id, organisation: request.organisation ?? site?.organisation,
      check: request.check, received: now, senderDeadline: request.senderDeadline, due: due, enteredBy: actor.name,
      isDrill: request.isDrill)
    intake.assignee = request.assignee ?? actor.name
    if let site, let check = request.check { intake.finding = try store.liveFinding(site: site.id, check: check) }
    intake.attachments = try IntakeFolder(configuration.data).keep(request.files)
    intake = try store.save(
      intake, audit: AuditEntry(time: now, actor: actor, act: "enter intake", subject: "", after: request.title),
      at: now)
    return try told(intake, within: purview)
  }

  private func check(_ request: IntakeDraft, within purview: Purview) throws {
    func refuse(_ sentence: String) -> APIProblem { APIProblem(.badRequest, sentence) }
    guard !request.title.isEmpty, request.title.count <= Intake.titleLimit, request.text.count <= Intake.textLimit
    else {
      throw refuse("a title has 1 to \(Intake.titleLimit) characters, a text at most \(Intake.textLimit)")
    }
    guard !request.sender.isEmpty, request.sender.count <= Intake.titleLimit,
      (request.senderNumber ?? "").count <= Intake.titleLimit
    else { throw refuse("a sender and its number have at most \(Intake.titleLimit) characters") }
    try checkWhose(request, within: purview)
    guard request.files.count <= HubCore.mostFiles else {
      throw refuse("at most \(HubCore.mostFiles) files come at once")
    }
  }

  private func checkWhose(_ request: IntakeDraft, within purview: Purview) throws {
    if let id = request.site, site(id, within: purview) == nil {
      throw APIProblem.noSite(id)
    }
    if let id = request.organisation, organisation(id, within: purview) == nil {
      throw APIProblem.noOrganisation(id)
    }
    guard purview.isAll || request.site != nil || request.organisation != nil else {
      throw APIProblem(
        .badRequest, "what is about nobody is entered by those who see the whole city", zh: "无归属来件须由可见全市者登记",
        hint: "name a site or an organisation of yours")
    }
  }

  func answerIntake(
    _ id: Int64, _ request: IntakeAnswer, by actor: Actor, within purview: Purview
  ) throws -> Intake {
    let now = clock.now()
    var intake = try found { try store.intake(id, within: purview) }
    guard intake.state == .open else {
      throw APIProblem(
        .refused, "intake \(id) was answered by \(intake.answeredBy ?? "")",
        zh: "来件 \(id) 已由 \(intake.answeredBy ?? "") 答复")
    }
    guard !request.text.isEmpty, request.text.count <= Intake.textLimit else {
      throw APIProblem(
        .badRequest, "an answer has 1 to \(Intake.textLimit) characters", zh: "答复须为 1 至 \(Intake.textLimit) 个字符")
    }
    intake.state = .answered
    (intake.answer, intake.answeredBy, intake.answeredAt) = (request.text, actor.name, now)
    intake = try store.save(
      intake,
      audit: AuditEntry(
        time: now, actor: actor, act: "answer intake", subject: "intake/\(id)", after: request.text), at: now)
    return try told(intake, within: purview)
  }

  /// Once; what people said is not said otherwise later.
  func rateIntake(
    _ id: Int64, _ request: IntakeRating, by actor: Actor, within purview: Purview
  ) throws -> Intake {
    let now = clock.now()
    var intake = try found { try store.intake(id, within: purview) }
    guard intake.state == .answered || intake.rating == .noAnswer else {
      throw APIProblem(
        .refused, "intake \(id) is \(intake.state.rawValue): it is rated once, when it was answered",
        zh: "来件 \(id) 须在答复之后评价，且只评一次")
    }
    intake.state = .rated
    (intake.rating, intake.ratedAt) = (request.rating, now)
    intake = try store.save(
      intake,
      audit: AuditEntry(
        time: now, actor: actor, act: "rate intake", subject: "intake/\(id)", after: request.rating.rawValue),
      at: now)
    return try told(intake, within: purview)
  }

  nonisolated func intakeList(
    _ request: ListRequest, within purview: Purview, me: String?
  ) async throws -> Page<Intake> {
    let filter = try Filter(request.filter, .intake)
    let (context, now) = (await context(filter, me: me), clock.now())
    return try await reading { [self] in
      let plan = try ListPlan(
        request, filter, sorts: Store.intakeSorts, newest: 0, now: now, context: context, purview: purview)
      let slice = try store.intakes(plan.query)
      let items = try told(slice.items, within: purview)
      return plan.page(items, next: slice.next, count: plan.wantsCount ? try store.intakeCount(plan.query) : nil)
    }
  }

  nonisolated func intake(_ id: Int64, within purview: Purview) throws -> Intake {
    try told(try found { try store.intake(id, within: purview) }, within: purview)
  }

  /// The finding that says the same may be of a hosting that is somebody else's: that it is there is not told then.
  private nonisolated func told(_ intake: Intake, within purview: Purview) throws -> Intake {
    try told([intake], within: purview).first ?? intake
  }

  private nonisolated func told(_ intakes: [Intake], within purview: Purview) throws -> [Intake] {
    let own = try store.ids(intakes.compactMap(\.finding), within: purview)
    return intakes.map { intake in
      var intake = intake
      intake.finding = intake.finding.flatMap { own.contains($0) ? $0 : nil }
      return intake
    }
  }

  /// At half of its time and at the end, somebody is told once.
  func lookAtIntake(_ now: Timestamp) throws {
    for intake in try store.openIntakes() {
      let half = Timestamp(
        nanoseconds: intake.received.nanoseconds / 2 + intake.due.nanoseconds / 2)
      guard now >= half else { continue }
      try store.add(
        DutyTask(
          .intake, "intake/\(intake.id)",
          BilingualText(
            en: "intake \(intake.id) from \(intake.sender) is to be answered by \(intake.due.secondText)",
            zh: "受理 \(intake.id)（\(intake.sender)）应于 \(intake.due.secondText) 前答复"), created: now, due: intake.due))
    }
  }
}

/// Files that came with an intake, each under its SHA-256 beside the store; the same file is kept once.
struct IntakeFolder {
  let path: String
  init(_ data: DataFolder) { path = data.path + "/intake" }

  func keep(_ files: [IntakeDraft.File]) throws -> [Intake.Attachment] {
    guard !files.isEmpty else { return [] }
    try DataFolder.makePrivate(path)
    return try files.map { file in
      guard let bytes = Data(base64Encoded: file.base64) else {
        throw APIProblem(.badRequest, "\(file.name.prefix(64)) is not base64")
      }
      guard bytes.count <= Intake.attachmentLimit else {
        throw APIProblem(.tooLarge, "\(file.name.prefix(64)) has more than \(Intake.attachmentLimit >> 20) MiB")
      }
      let digest = SHA256.hex(SHA256.digest(Array(bytes)))
      try write(bytes, digest)
      return Intake.Attachment(name: String(file.name.prefix(255)), digest: digest, bytes: bytes.count)
    }
  }

  /// Whole or not at all, mode 0600: made under another name first.
  private func write(_ bytes: Data, _ digest: String) throws {
    let place = "\(path)/\(digest)"
    guard !FileManager.default.fileExists(atPath: place) else { return }
    let draft = "\(place).part"
    guard FileManager.default.createFile(atPath: draft, contents: bytes, attributes: [.posixPermissions: 0o600]) else {
      throw APIProblem(.failed, "a file of the intake cannot be kept in \(path)", hint: "check the disk")
    }
    try FileManager.default.moveItem(atPath: draft, toPath: place)
  }
}
