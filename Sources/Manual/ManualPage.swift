/// One page in mdoc(7), which man-db, mandoc and groff read.
package struct ManualPage: Sendable, Equatable {
  /// `vigil-alerts-list`
  package let name: String
  package let text: String
  /// Where it lies below a folder of manual pages.
  package var file: String { "man1/\(name).1" }

  init(_ command: HelpedCommand, path: [String], _ edition: Manual.Edition) {
    name = path.joined(separator: "-")
    var page = ManualWriter()
    page.head(name, edition)
    page.section("NAME")
    page.macro("Nm", name)
    page.raw(".Nd " + ManualWriter.phrase(command.abstract ?? ""))
    ManualPage.synopsis(command, path, &page)
    ManualPage.description(command, path, &page)
    ManualPage.commands(command, path, &page)
    ManualPage.arguments(command, &page)
    page.section("EXIT STATUS")
    page.text(ManualPage.exits)
    ManualPage.neighbours(command, path, &page)
    text = page.text
  }

  private static let exits =
    "0: it ran. 1: what the command was asked to look for is there. 2: a mistake of the operator's, told in one "
    + "sentence with what to do."

  // MARK: sections

  private static func synopsis(_ command: HelpedCommand, _ path: [String], _ page: inout ManualWriter) {
    page.section("SYNOPSIS")
    page.macro("Nm", path.joined(separator: " "))
    for argument in command.shownArguments where argument.kind != .positional { page.synopsis(argument) }
    for argument in command.shownArguments where argument.kind == .positional { page.synopsis(argument) }
    if !command.shown.isEmpty { page.raw(command.within == nil ? ".Ar command ..." : ".Op Ar command ...") }
  }

  private static func description(_ command: HelpedCommand, _ path: [String], _ page: inout ManualWriter) {
    page.section("DESCRIPTION")
    page.text(command.abstract ?? "")
    for part in [command.within?.abstract, command.discussion, command.within?.discussion].compactMap(\.self) {
      page.discussion(part)
    }
    if let usual = command.defaultSubcommand, command.within == nil {
      page.raw(".Pp")
      page.text("Without a command it is \(usual).")
    }
  }

  private static func commands(_ command: HelpedCommand, _ path: [String], _ page: inout ManualWriter) {
    guard !command.shown.isEmpty else { return }
    page.section("COMMANDS")
    page.raw(".Bl -tag -width Ds")
    for below in command.shown {
      page.raw(".It Xr \(ManualWriter.word((path + [below.commandName]).joined(separator: "-"))) 1")
      page.text(below.abstract ?? "")
    }
    page.raw(".El")
  }

  /// In the groups of the command's own help; what has no group first.
  private static func arguments(_ command: HelpedCommand, _ page: inout ManualWriter) {
    let arguments = command.shownArguments
    guard !arguments.isEmpty else { return }
    page.section("OPTIONS")
    var titles: [String?] = [nil]
    for argument in arguments where !titles.contains(argument.sectionTitle) { titles.append(argument.sectionTitle) }
    for title in titles {
      let group = arguments.filter { $0.sectionTitle == title }
      guard !group.isEmpty else { continue }
      if let title { page.raw(".Ss " + ManualWriter.phrase(title)) }
      page.raw(".Bl -tag -width Ds")
      for argument in group { page.item(argument) }
      page.raw(".El")
    }
  }

  private static func neighbours(_ command: HelpedCommand, _ path: [String], _ page: inout ManualWriter) {
    var names: [String] = []
    for length in 1..<max(path.count, 1) { names.append(path.prefix(length).joined(separator: "-")) }
    names += command.shown.map { (path + [$0.commandName]).joined(separator: "-") }
    guard !names.isEmpty else { return }
    page.section("SEE ALSO")
    for (index, name) in names.sorted().enumerated() {
      page.raw(".Xr \(ManualWriter.word(name)) 1" + (index == names.count - 1 ? "" : " ,"))
    }
  }
}
