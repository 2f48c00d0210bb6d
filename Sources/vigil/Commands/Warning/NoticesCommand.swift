import ArgumentParser
import ControlAPI
import Dashboard
import Records
import Wire

struct NoticesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notices", abstract: "Notices and early warnings to organisations: drafted, approved, sent, answered.",
    subcommands: [
      List.self, Show.self, Draft.self, Edit.self, Approve.self, Send.self, Receipt.self, Extend.self, Grade.self,
      Lift.self, Close.self, Contacts.self, Confirm.self,
    ], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Notices, the newest first.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @OptionGroup var choice: ListChoice
    @Option(help: "At most so many.") var limit = 50
    @Argument(
      help: "For example: open:yes overdue:yes organisation:tax* supervision>=1", completion: .query(.notices))
    var filter: [String] = []

    func run() async throws {
      let request = ListRequest(
        filter: choice.filter(filter), limit: min(max(limit, 1), ListRequest.longestPage))
      let page = try await hub.client().call(API.notices, request)
      try look.list(page.items, .notices, tongue.words(hub).language, columns: choice.columns)
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One notice: its text, what was said, who did what.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Argument(help: "The notice's id (not its number).") var id: Int64

    func run() async throws {
      let client = try hub.client()
      if look.json { return try look.objects([try await client.call(API.notice, id: String(id))]) }
      try await look.detail(.notice(id), client, tongue.words(hub).language)
    }
  }

  struct Draft: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Drafts a notice to one organisation.",
      discussion: "Another person approves it. A warning (--kind warning) has a colour.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Option(help: "The organisation's id.") var organisation: String
    @Option(help: "notice, warning or reminder.") var kind = NoticeKind.notice
    @Option(help: "Of a warning: red, orange, yellow or blue.") var colour: WarningColour?
    @Option(name: .customLong("row"), help: "A finding or an alert row by number; may be given again.")
    var rows: [Int64] = []
    @Option(name: .customLong("site"), help: "A site by id; may be given again.") var sites: [String] = []
    @Option(name: .customLong("incident"), help: "An incident's id; may be given again.") var incidents: [String] = []
    @Option(help: "What an advisory is called.") var advisory: String?
    @Option(help: "Without it, the worst of the rows.") var severity: Severity?
    @Option(help: "Your own words, beside what is said of each weakness.") var advice = ""
    @Flag(help: "The clocks of tampering, a leak or a web shell.") var urgent = false
    @Flag(help: "An exercise: never delivered outside.") var drill = false

    func run() async throws {
      let draft = NoticeDraft(
        kind: kind, colour: colour, urgency: urgent ? .urgent : .ordinary, organisation: organisation, sites: sites,
        rows: rows, incidents: incidents, advisory: advisory, severity: severity, advice: advice, isDrill: drill)
      try NoticeLines.said(try await hub.client().call(API.draftNotice, draft), look)
    }
  }

  struct Edit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Changes a draft; who does may not approve it.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Option(help: "Your own words.") var advice: String?
    @Option(help: "ordinary or urgent.") var urgency: NoticeUrgency?
    @Argument(help: "The notice's id.") var id: Int64

    func run() async throws {
      let edit = NoticeEdit(advice: advice, urgency: urgency)
      try NoticeLines.said(try await hub.client().call(API.editNotice, id: String(id), edit), look)
    }
  }

  /// An act that needs nothing but the notice.
  struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Approves another's draft and gives it its number.")
    @OptionGroup var act: NoticeArguments
    func run() async throws { try await act.call(API.approveNotice, NoticeAct()) }
  }

  struct Send: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Sends what is approved; its clocks begin.")
    @OptionGroup var act: NoticeArguments
    func run() async throws { try await act.call(API.sendNotice, NoticeAct()) }
  }

  struct Receipt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Enters a receipt that was told by telephone.")
    @OptionGroup var act: NoticeArguments
    @Option(help: "Who said so.") var name: String
    @Option(help: "What else was said.") var note = ""
    func run() async throws { try await act.call(API.receiptOfNotice, NoticeAct(reason: note, name: name)) }
  }

  struct Extend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Gives more time.")
    @OptionGroup var act: NoticeArguments
    @Option(help: "A span from now such as 5d, or a moment.") var until: String
    @Option(help: "Why.") var reason: String
    func run() async throws {
      try await act.call(API.extendNotice, NoticeAct(reason: reason, until: try Moment.ahead(until)))
    }
  }

  struct Grade: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Upgrades or downgrades a notice or a warning.")
    @OptionGroup var act: NoticeArguments
    @Option(help: "The new severity.") var severity: Severity?
    @Option(help: "Of a warning, the new colour.") var colour: WarningColour?
    @Option(help: "Why.") var reason: String
    func run() async throws {
      try await act.call(API.gradeNotice, NoticeAct(reason: reason, severity: severity, colour: colour))
    }
  }

  struct Lift: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes a notice, a warning or a draft back.")
    @OptionGroup var act: NoticeArguments
    @Option(help: "Why.") var reason: String
    func run() async throws { try await act.call(API.liftNotice, NoticeAct(reason: reason)) }
  }

  struct Close: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Closes a notice whose every finding is proved gone or settled.")
    @OptionGroup var act: NoticeArguments
    @Option(help: "Why.") var reason: String
    func run() async throws { try await act.call(API.closeNotice, NoticeAct(reason: reason)) }
  }
}

extension NoticesCommand {
  struct Contacts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Addresses of organisations that proved themselves, or did not.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    func run() async throws {
      let page = try await hub.client().call(API.contacts)
      if look.json { return try look.objects(page.items) }
      var table = Table([
        .init("ORGANISATION"), .init("ADDRESS"), .init("STATE"), .init("SILENT", isRight: true),
        .init("REASON", yields: true),
      ])
      for contact in page.items {
        table.add([contact.organisation, contact.address, contact.state.rawValue, "\(contact.silent)", contact.reason])
      }
      table.print(look.style)
    }
  }

  struct Confirm: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Says that somebody was reached at an address: after a call, with whom.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Option(help: "The organisation's id.") var organisation: String
    @Option(help: "How, and whom.") var reason: String
    @Argument(help: "The address.") var address: String
    func run() async throws {
      let request = ContactConfirmation(organisation: organisation, address: address, reason: reason)
      let contact = try await hub.client().call(API.confirmContact, request)
      if look.json { return try look.objects([contact]) }
      Console.out.line("\(contact.address): \(contact.state.rawValue)")
    }
  }
}

/// Of acts on one notice.
struct NoticeArguments: ParsableArguments {
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @Argument(help: "The notice's id (not its number).") var id: Int64

  func call(_ endpoint: Endpoint<NoticeAct, Notice>, _ act: NoticeAct) async throws {
    try NoticeLines.said(try await hub.client().call(endpoint, id: String(id), act), look)
  }
}

extension NoticeKind: ExpressibleByArgument {}
extension NoticeUrgency: ExpressibleByArgument {}
extension WarningColour: ExpressibleByArgument {}
