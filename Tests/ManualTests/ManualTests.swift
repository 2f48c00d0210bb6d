import Testing

@testable import Manual

/// Help of commands as pages.
@Suite("Manual pages")
struct ManualTests {
  static let edition = Manual.Edition(version: "1.2.3", day: "2026-11-26")

  /// A small program whose help holds everything that mdoc could take for its own.
  static let help = """
    {"serializationVersion": 0, "command": {
      "commandName": "watch", "abstract": "Watches the city.", "shouldDisplay": true,
      "subcommands": [
        {"commandName": "list", "superCommands": ["watch"], "shouldDisplay": true,
         "abstract": "Lists rows. Worst first.",
         "discussion": "Rows are of both wings.\\nThey fold.\\n\\nvigil list 'state:new'\\n.so /etc/passwd\\n\\n'tis \\\\fB all.",
         "arguments": [
          {"kind": "option", "shouldDisplay": true, "isOptional": true, "isRepeating": false,
           "names": [{"kind": "long", "name": "query"}, {"kind": "short", "name": "q"}],
           "preferredName": {"kind": "long", "name": "query"}, "valueName": "query", "abstract": "A query."},
          {"kind": "option", "shouldDisplay": true, "isOptional": true, "isRepeating": false, "sectionTitle": "Looks",
           "names": [{"kind": "long", "name": "color"}], "preferredName": {"kind": "long", "name": "color"},
           "valueName": "color", "defaultValue": "auto", "allValues": ["auto", "always", "never"],
           "abstract": "When colours are shown."},
          {"kind": "flag", "shouldDisplay": true, "isOptional": true, "isRepeating": false,
           "names": [{"kind": "long", "name": "dry-run"}], "preferredName": {"kind": "long", "name": "dry-run"},
           "abstract": "Only say it."},
          {"kind": "flag", "shouldDisplay": false, "isOptional": true, "isRepeating": false,
           "names": [{"kind": "long", "name": "secret"}], "preferredName": {"kind": "long", "name": "secret"},
           "abstract": "Nobody's."},
          {"kind": "positional", "shouldDisplay": true, "isOptional": false, "isRepeating": true, "valueName": "No",
           "abstract": ".Sh is no heading here."}]},
        {"commandName": "open", "shouldDisplay": true, "abstract": "Opens a screen.", "defaultSubcommand": "screen",
         "subcommands": [
          {"commandName": "screen", "shouldDisplay": false, "abstract": "In a pipe, lines.", "arguments": [
            {"kind": "flag", "shouldDisplay": true, "isOptional": true, "isRepeating": false,
             "names": [{"kind": "long", "name": "once"}], "preferredName": {"kind": "long", "name": "once"},
             "abstract": "One frame."}]},
          {"commandName": "check", "shouldDisplay": true, "abstract": "Checks it."}]},
        {"commandName": "hidden", "shouldDisplay": false, "abstract": "Not for people."},
        {"commandName": "help", "shouldDisplay": true, "abstract": "Show help."}]}}
    """

  private func pages() throws -> [String: String] {
    let pages = try Manual.pages(ofHelp: Self.help, edition: #require(Self.edition))
    return Dictionary(uniqueKeysWithValues: pages.map { ($0.name, $0.text) })
  }

  @Test("each command that is shown has a page; what is hidden, and help, have none")
  func pagesThereAre() throws {
    #expect(Set(try pages().keys) == ["watch", "watch-list", "watch-open", "watch-open-check"])
  }

  @Test("a page says its name, how it is called, what it does, each option with its sentence, and where to go on")
  func wholePage() throws {
    #expect(
      try pages()["watch-list"] == """
        .\\" Made from the commands' own help by vigil manual.
        .Dd "November 26, 2026"
        .Dt \\&WATCH-LIST 1
        .Os vigil \\&1.2.3
        .Sh NAME
        .Nm \\&watch-list
        .Nd "Lists rows. Worst first"
        .Sh SYNOPSIS
        .Nm "watch list"
        .Op Fl \\-query Ar \\&query
        .Op Fl \\-color Ar \\&color
        .Op Fl \\-dry\\-run
        .Ar \\&No ...
        .Sh DESCRIPTION
        Lists rows.
        Worst first.
        .Pp
        Rows are of both wings.
        They fold.
        .Bd -literal -offset indent
        vigil list 'state:new'
        \\&.so /etc/passwd
        .Ed
        .Pp
        \\&'tis \\efB all.
        .Sh OPTIONS
        .Bl -tag -width Ds
        .It Fl q Ar \\&query , Fl \\-query Ar \\&query
        A query.
        .It Fl \\-dry\\-run
        Only say it.
        .It Ar \\&No ...
        \\&.Sh is no heading here.
        .El
        .Ss "Looks"
        .Bl -tag -width Ds
        .It Fl \\-color Ar \\&color
        When colours are shown.
        One of auto, always, never.
        Without it: auto.
        .El
        .Sh EXIT STATUS
        0: it ran. 1: what the command was asked to look for is there. 2: a mistake of the operator's, told in one sentence with what to do.
        .Sh SEE ALSO
        .Xr \\&watch 1

        """)
  }

  @Test("what runs when no subcommand is named stands on its parent's page")
  func hiddenDefault() throws {
    let page = try #require(try pages()["watch-open"])
    #expect(page.contains(".Op Fl \\-once\n.Op Ar command ...\n"))
    #expect(page.contains(".It Fl \\-once\nOne frame.\n"))
    #expect(page.contains(".It Xr \\&watch-open-check 1\nChecks it.\n"))
    #expect(page.contains("Opens a screen.\n.Pp\nIn a pipe, lines.\n"))
  }

  @Test("help of another form is refused with a sentence, and a day that is none gives no edition")
  func refused() {
    #expect(throws: Manual.Unreadable.self) {
      try Manual.pages(ofHelp: "{\"command\": 3}", edition: Manual.Edition(version: "1", date: "x"))
    }
    for day in ["", "2026-13-01", "2026-11", "x-y-z"] { #expect(Manual.Edition(version: "1", day: day) == nil) }
  }

  @Test(
    "no text begins a line with a request, whatever it is", arguments: [".", "'", "\\", ".\\\"", "a\n.b", "`x`", "\""])
  func noRequests(_ text: String) {
    var page = ManualWriter()
    page.text(text)
    page.discussion(text)
    page.macro("Nm", text)
    for line in page.text.split(separator: "\n") {
      let isOurs = [".Pp", ".Nm", ".Bd", ".Ed"].contains { line.hasPrefix($0) }
      #expect(isOurs || !(line.hasPrefix(".") || line.hasPrefix("'")), "\(line)")
      #expect(!line.replacing("\\e", with: "").replacing("\\&", with: "").replacing("\\(", with: "").contains("\\"))
    }
  }
}
