import ArgumentParser
import ControlAPI
import Dashboard
import Foundation
import Records
import Wire

struct IntakeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "intake", abstract: "What came to us: from above, from the public, by telephone.",
    subcommands: [Add.self, List.self, Show.self, Answer.self, Rate.self], defaultSubcommand: List.self)

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Enters what came.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Option(help: "superior, authority, cnvd, cncert, public, phone or letter.") var source: Intake.Source
    @Option(help: "Who sent it.") var sender: String
    @Option(help: "What the sender calls it.") var number: String?
    @Option(help: "By when the sender wants an answer: a span or a moment.") var due: String?
    @Option(help: "What it says.") var text = ""
    @Option(help: "The site it is about, by id.") var site: String?
    @Option(help: "The organisation, where no site is named.") var organisation: String?
    @Option(help: "The weakness, where it can be named: it is folded against the findings.") var check: String?
    @Option(help: "Who answers it; else you.") var assignee: String?
    @Option(name: .customLong("file"), help: "A file that came with it; may be given again.") var files: [String] = []
    @Flag(help: "An exercise.") var drill = false
    @Argument(help: "What it is about, in a line.") var title: String

    func run() async throws {
      let draft = IntakeDraft(
        source: source, sender: sender, senderNumber: number, senderDeadline: try due.map { try Moment.ahead($0) },
        title: title, text: text, site: site, organisation: organisation, check: check, assignee: assignee,
        files: try files.map { try attached($0) }, isDrill: drill)
      let intake = try await hub.client().call(API.addIntake, draft)
      if look.json { return try look.objects([intake]) }
      let known = intake.finding.map { ", finding \($0) says the same" } ?? ""
      Console.out.line("intake \(intake.id), to be answered by \(intake.due.secondText)\(known)")
    }

    private func attached(_ path: String) throws -> IntakeDraft.File {
      let limit = Intake.attachmentLimit
      guard let file = FileHandle(forReadingAtPath: path), let bytes = try file.read(upToCount: limit + 1) else {
        throw OperatorMistake("intake.file", at: path, "this file cannot be read", hint: "check the path")
      }
      guard bytes.count <= limit else {
        throw OperatorMistake("intake.size", at: path, "this file has more than \(limit >> 20) MiB")
      }
      let name = path.split(separator: "/").last.map(String.init) ?? path
      return IntakeDraft.File(name: name, base64: bytes.base64EncodedString())
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "What came, the newest first.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @OptionGroup var choice: ListChoice
    @Option(help: "At most so many.") var limit = 50
    @Argument(help: "For example: state:open overdue:yes source:superior", completion: .query(.intake))
    var filter: [String] = []
    func run() async throws {
      let request = ListRequest(
        filter: choice.filter(filter), limit: min(max(limit, 1), ListRequest.longestPage))
      let page = try await hub.client().call(API.intakes, request)
      try look.list(page.items, .intake, tongue.words(hub).language, columns: choice.columns)
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One of them.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Argument(help: "Its number.") var id: Int64
    func run() async throws {
      let intake = try await hub.client().call(API.intake, id: String(id))
      if look.json { return try look.objects([intake]) }
      NoticeLines.detail(intake).forEach(Console.out.line)
    }
  }

  struct Answer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Keeps what was answered to the sender.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Argument(help: "Its number.") var id: Int64
    @Argument(help: "The answer.") var text: String
    func run() async throws {
      let intake = try await hub.client().call(API.answerIntake, id: String(id), IntakeAnswer(text: text))
      if look.json { return try look.objects([intake]) }
      Console.out.line("intake \(intake.id): answered")
    }
  }

  struct Rate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Keeps how those who were served found it: satisfied, mostly, dissatisfied or noAnswer.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Argument(help: "Its number.") var id: Int64
    @Argument(help: "satisfied, mostly, dissatisfied or noAnswer.") var rating: Intake.Rating
    func run() async throws {
      let intake = try await hub.client().call(API.rateIntake, id: String(id), IntakeRating(rating: rating))
      if look.json { return try look.objects([intake]) }
      Console.out.line("intake \(intake.id): \(rating.rawValue)")
    }
  }
}

extension Intake.Source: ExpressibleByArgument {}
extension Intake.Rating: ExpressibleByArgument {}
