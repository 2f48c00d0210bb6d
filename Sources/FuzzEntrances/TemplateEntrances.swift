internal import Documents
internal import Engines
internal import Wire

/// Web templates, which operators bring in from anywhere, and their expressions.
enum TemplateEntrances {
  private static let target = TemplateTarget(scheme: "https", host: "city.example", port: 8443, path: "/app")
  private static let now = Timestamp(seconds: 1_795_662_245)
  /// A site that answers in turn: a page, a page cut short, a redirect, nothing.
  private static let answers: [TemplateResponse?] = [
    TemplateResponse(
      status: 200, headers: [HeaderLine("Server", "a/1.2"), HeaderLine("Set-Cookie", "s=1")],
      body: Array("<html>token=abc version 1.2 {\"a\": [1]}</html>".utf8), milliseconds: 5),
    TemplateResponse(status: 200, body: Array("<html>tok".utf8), cut: "cut"),
    TemplateResponse(status: 302, headers: [HeaderLine("Location", "/b")]), nil,
  ]

  static func template(_ bytes: [UInt8]) {
    let template: WebTemplate
    do throws(DocumentError) {
      template = try TemplateReader.read(try DocumentFile.text(bytes: bytes, file: "a.yaml"), file: "a.yaml")
    } catch {
      precondition(error.description.hasPrefix("a.yaml"), "a mistake has a place")
      return
    }
    precondition((3...64).contains(template.id.utf8.count), "an id is short")
    for refusal in template.refusals { precondition(!refusal.reason.isEmpty, "a refusal has a reason") }
    for isAllowed in [false, true] { run(template, isAllowed) }
  }

  /// The first requests, and what must hold of each.
  private static func run(_ template: WebTemplate, _ isAllowed: Bool) {
    var run = TemplateRun(template, target: target, random: 1, now: now, isAllowed: isAllowed)
    for step in 0..<40 {
      guard let request = run.next() else { break }
      precondition(request == run.next(), "asked again it says the same")
      precondition(request.path.hasPrefix("/"), "a path begins with a slash")
      precondition(request.path.utf8.allSatisfy { (0x21...0x7e).contains($0) }, "a path is printable")
      precondition(!["PUT", "DELETE", "PATCH", "CONNECT"].contains(request.method), "nothing is written")
      for line in request.headers {
        precondition(!line.name.isEmpty && !(line.name + line.value).contains { $0.isNewline }, "a field is a line")
      }
      if let answer = answers[step % answers.count] { run.received(answer) } else { run.failed("no answer") }
    }
    if case .matched(_, let extracted, _) = run.verdict {
      precondition(extracted.count <= 50 && extracted.allSatisfy { $0.utf8.count <= 4 * 4096 }, "extracts are bounded")
    }
  }

  /// First byte: the answer that it is worked out over.
  static func expression(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let answer = answers[Int(input.byte()) % answers.count]
    let trial = ExpressionTrial(now: now, random: 1, values: ["version": .number(2)], answer: answer)
    let text = input.rest().text
    do throws(ExpressionError) {
      let first = try trial.outcome(of: text)
      let second = try trial.outcome(of: text)
      precondition(first == second, "the same seed gives the same")
    } catch {
      precondition(error.character >= 1 && !error.message.isEmpty, "a mistake has a place")
    }
  }
}
