import Foundation
import Records
import Testing

@testable import Engines

/// `Documentation/checks.md` is what tools hold on to: ids come, none goes.
@Suite struct CheckPageTests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Documentation/checks.md")

  private static var page: String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }
  private static var today: [String] { EngineRegistry.all.flatMap(\.checks).map(\.id) }

  /// Recording does not forget either: an id that shall go is taken out of the page by hand, by one who means it.
  @Test("no id that Documentation/checks.md has is gone or renamed") func stable() {
    let known = Set(Self.today)
    for id in CheckPage.ids(in: Self.page) where !known.contains(id) {
      Issue.record("\(id) is gone: an id never changes its meaning and never goes; bring it back")
    }
  }

  @Test("Documentation/checks.md is what the engines ask today; VIGIL_RECORD_GOLDEN=1 writes it anew") func current()
    throws
  {
    let text = CheckPage.text()
    let isRecording = ProcessInfo.processInfo.environment["VIGIL_RECORD_GOLDEN"] != nil
    let missing = Set(CheckPage.ids(in: Self.page)).subtracting(Self.today)
    guard isRecording, missing.isEmpty else {
      #expect(
        Self.page == text, "run VIGIL_RECORD_GOLDEN=1 swift test --filter CheckPageTests, and look at the difference")
      return
    }
    try Data(text.utf8).write(to: Self.file)
  }

  @Test("whose a weakness is on a shared platform is said for every check, and by no line that names none")
  func scopes() {
    for id in Self.today { #expect(FindingScope.line(of: id) != nil, "\(id)") }
    let tools = Set(ExternalTools.names.map { $0 + "." })
    for line in FindingScope.table where !line.prefix.hasSuffix(".") { #expect(Self.today.contains(line.prefix)) }
    for line in FindingScope.table where line.prefix.hasSuffix(".") {
      let isKnown = Self.today.contains { $0.hasPrefix(line.prefix) } || tools.contains(line.prefix)
      #expect(isKnown || ["nikto.", "zap."].contains(line.prefix), "\(line.prefix)")
    }
  }

  @Test("ids are lower case, dotted, begin with their engine's name, and stand once") func form() {
    #expect(Set(Self.today).count == Self.today.count)
    for engine in EngineRegistry.all {
      for check in engine.checks {
        #expect(check.id.hasPrefix(engine.name + "."), "\(check.id)")
        #expect(
          check.id.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "." || $0 == "_") }, "\(check.id)"
        )
        #expect(!check.title.en.isEmpty && !check.title.zh.isEmpty, "\(check.id)")
        #expect(!check.title.en.contains("|") && !check.title.zh.contains("|"), "\(check.id)")
      }
    }
  }
}
