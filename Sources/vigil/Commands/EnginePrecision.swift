import ArgumentParser
import ControlAPI
import Records

struct EnginePrecision: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "precision", abstract: "How often engines and rules were right, by analysts' verdicts.",
    discussion: """
      Rows closed as true positive or false positive count, for each engine that said yes and for the rule. The interval
      is Wilson's, of 95 %; below \(MeasuredPrecision.leastVerdicts) verdicts nothing is said. It is shown, and changes no
      confidence: an engine marked "too sure" gives itself more than its interval has.
      """)
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look

  func run() async throws {
    let page = try await hub.client().call(API.precision)
    if look.json { return try look.objects(page.items) }
    var table = Table([
      .init("ENGINE"), .init("CHECK", yields: true), .init("TRUE", isRight: true), .init("FALSE", isRight: true),
      .init("PRECISION", isRight: true), .init("95 %"), .init("DECLARED", isRight: true), .init("MARK"),
    ])
    for line in page.items { table.add(EnginePrecision.cells(line)) }
    table.print(look.style)
  }

  private static func cells(_ line: PrecisionLine) -> [String] {
    let measured = line.measured
    let share = Double(measured.truePositives) / Double(max(line.verdicts, 1)) * 100
    let interval = line.low.flatMap { low in line.high.map { "\(Int(low.rounded()))-\(Int($0.rounded()))" } }
    return [
      measured.engine ?? "rule", measured.check, "\(measured.truePositives)", "\(measured.falsePositives)",
      interval == nil ? "-" : "\(Int(share.rounded()))", interval ?? "too few",
      measured.declared.map { "\($0)" } ?? "-", line.isOverconfident ? "too sure" : "-",
    ]
  }
}
