import ArgumentParser
import ControlAPI
import Records

extension ReportForm: ExpressibleByArgument {}

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "A report of the city, an organisation or a site over a period.",
    discussion: """
      What is bad, what to do and by when; scores over days; ranking, findings with their engines, attacks, coverage,
      the trail of a site, and what is not determined.

      vigil report city --period 2026-10 --output october.html
      vigil report organisation tax --period 30d --language zh --format markdown
      vigil report site www.example.gov --period 2026-10-01..2026-10-15 --format sarif
      """)

  enum Subject: String, ExpressibleByArgument, CaseIterable { case city, organisation, site }

  @OptionGroup var hub: HubAddress
  @OptionGroup var tongue: LanguageOption
  @Option(
    help: "2026-10, 2026-10-05, 7d (today and the six days before) or FROM..UNTIL; days end at the hub's midnight.")
  var period = ReportRequest.usual.period
  @Option(help: "html, markdown, json or sarif.") var format = ReportRequest.usual.format
  @Option(help: ArgumentHelp("Writes a new file there; else to standard output.", valueName: "file"))
  var output: String?
  @Flag(help: "Puts the new file in the place of one that is there.") var force = false
  @Argument(help: "city, organisation or site.") var subject: Subject
  @Argument(help: "The organisation's or the site's id.") var id: String?

  func validate() throws {
    if subject == .city, id != nil { throw ValidationError("the city has no id: vigil report city") }
    if subject != .city, id == nil {
      throw ValidationError("which \(subject.rawValue)? vigil report \(subject.rawValue) ID")
    }
  }

  func run() async throws {
    let scope = id.map { "\(subject.rawValue)/\($0)" } ?? subject.rawValue
    let request = ReportRequest(
      scope: scope, period: period, format: format, language: tongue.words(hub).language)
    // A year's log of a large city is folded while one waits.
    let answer = try await ProgressBar.waiting(
      BilingualText(en: "making the report", zh: "生成报告"), request.language
    ) {
      try await hub.client(timeoutMilliseconds: 300_000).call(API.report, request)
    }
    guard let output else { return Console.out.write(answer.text) }
    try WholeFile(path: output, replaces: force).write(answer.text)
  }
}
