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

  func addIntake(_ request: IntakeDraft, by actor: Actor) throws -> Intake {
    let now = clock.now()
    try check(request)
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
    return try store.save(
      intake, audit: AuditEntry(time: now, actor: actor, act: "enter intake", subject: "", after: request.title),
      at: now)
  }

  private func check(_ request: IntakeDraft) throws {
    func refuse(_ sentence: String) -> APIProblem { APIProblem(.badRequest, sentence) }
    guard !request.title.isEmpty, request.title.count <= Intake.titleLimit, request.text.count <= Intake.textLimit
    else {
      throw refuse("a title has 1 to \(Intake.titleLimit) characters, a text at most \(Intake.textLimit)")
    }
    guard !request.sender.isEmpty, request.sender.count <= Intake.titleLimit,
      (request.senderNumber ?? "").count <= Intake.titleLimit
    else { throw refuse("a sender and its number have at most \(Intake.titleLimit) characters") }
    if let site = request.site, sites[site] == nil {
      throw APIProblem(.notFound, "there is no site \(site.prefix(128))")
    }
    if let id = request.organisation, !scheduler.inventory.organisations.contains(where: { $0.id == id }) {
      throw APIProblem(.notFound, "there is no organisation \(id.prefix(128))")
    }
    guard request.files.count <= HubCore.mostFiles else {
      throw refuse("at most \(HubCore.mostFiles) files come at once")
    }
  }

  func answerIntake(_ id: Int64, _ request: IntakeAnswer, by actor: Actor) throws -> Intake {
    let now = clock.now()
    var intake = try found { try store.intake(id) }
    guard intake.state == .open else {
      throw APIProblem(.refused, "intake \(id) was answered by \(intake.answeredBy ?? "")")
    }
    guard !request.text.isEmpty, request.text.count <= Intake.textLimit else {
      throw APIProblem(.badRequest, "an answer has 1 to \(Intake.textLimit) characters")
    }
    intake.state = .answered
    (intake.answer, intake.answeredBy, intake.answeredAt) = (request.text, actor.name, now)
    return try store.save(
      intake,
      audit: AuditEntry(
        time: now, actor: actor, act: "answer intake", subject: "intake/\(id)", after: request.text), at: now)
  }

  /// Once; what people said is not said otherwise later.
  func rateIntake(_ id: Int64, _ request: IntakeRating, by actor: Actor) throws -> Intake {
    let now = clock.now()
    var intake = try found { try store.intake(id) }
    guard intake.state == .answered || intake.rating == .noAnswer else {
      throw APIProblem(.refused, "intake \(id) is \(intake.state.rawValue): it is rated once, when it was answered")
    }
    intake.state = .rated
    (intake.rating, intake.ratedAt) = (request.rating, now)
    return try store.save(
      intake,
      audit: AuditEntry(
        time: now, actor: actor, act: "rate intake", subject: "intake/\(id)", after: request.rating.rawValue),
      at: now)
  }

  nonisolated func intakeList(_ request: ListRequest) throws -> Page<Intake> {
    let filter = try Filter(request.filter, .intake)
    let now = clock.now()
    var (found, before, isWhole): ([Intake], Int64, Bool) = ([], .max, false)
    while !isWhole, found.count < request.offset + request.limit {
      let page = try store.intakes(before: before)
      found += page.filter { filter.matches(TimedIntake($0, now: now), now: now) }
      isWhole = page.count < 500
      before = page.last?.id ?? 0
    }
    return Page(
      items: Array(found.dropFirst(request.offset).prefix(request.limit)), total: isWhole ? found.count : nil)
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
