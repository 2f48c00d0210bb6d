import Documents
import Foundation
import Records
import Testing

@testable import Engines

/// Folders of templates, and what goes over the wire and into evidence of them.
@Suite struct TemplateLibraryTests {
  private static func text(_ id: String, severity: String = "low") -> String {
    """
    id: \(id)
    info: {name: n, name-zh: 名, author: vigil, severity: \(severity)}
    http:
      - path: ["{{BaseURL}}/x"]
        matchers: [{type: word, words: [w]}]
    """
  }

  private static func folder(_ files: [String: String]) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "vigil-templates-\(UUID().uuidString)").path
    for (name, text) in files {
      let path = URL(filePath: folder + "/" + name)
      try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: path)
    }
    return folder
  }

  @Test("a folder is read with those below it, the gravest first; hidden and other files and links to folders are not")
  func walk() throws {
    let folder = try Self.folder([
      "b.yaml": Self.text("b-low"), "deep/er/a.yaml": Self.text("a-critical", severity: "critical"),
      "deep/c.yaml": Self.text("c-high", severity: "high"), ".hidden/d.yaml": "no", ".e.yaml": "no", "f.txt": "no",
    ])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // A link that leads back would have no end.
    try FileManager.default.createSymbolicLink(atPath: folder + "/deep/back", withDestinationPath: folder)
    let library = TemplateLibrary(path: folder)
    #expect(library.problems == [])
    #expect(library.templates.map(\.id) == ["a-critical", "c-high", "b-low"])
    #expect(DocumentFolder.tree(at: folder)?.count == 3)
    #expect(DocumentFolder.tree(at: folder + "/none") == nil && !DocumentFolder.isFolder(folder + "/b.yaml"))
    #expect(TemplateLibrary(path: folder + "/b.yaml").templates.map(\.id) == ["b-low"])
  }

  @Test("deep templates are asked where all are wanted, or where they are named") func deep() throws {
    let rare = Self.text("a-rare").replacing("author: vigil", with: "author: vigil, tags: 'files,deep'")
    let folder = try Self.folder(["a.yaml": rare, "b.yaml": Self.text("b-often")])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let library = TemplateLibrary(path: folder)
    #expect(library.templates.map(\.id) == ["a-rare", "b-often"])
    #expect(library.usual().templates.map(\.id) == ["b-often"])
    #expect(library.usual(besides: ["a-rare"]).templates.map(\.id) == ["a-rare", "b-often"])
    let usual = TemplateLibrary.installed.usual().templates
    #expect(!usual.isEmpty && usual.count < TemplateLibrary.installed.templates.count)
  }

  @Test("what cannot be read is told with its place and leaves the others; an id that is taken stays what it was")
  func problems() throws {
    let folder = try Self.folder([
      "a.yaml": Self.text("same-one", severity: "high"), "b.yaml": Self.text("same_one"), "c.yaml": "id: [",
      "d.yaml": Self.text("other"),
    ])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let library = TemplateLibrary(path: folder)
    #expect(library.templates.map(\.id) == ["same-one", "other"])
    let told = library.problems.map(\.description)
    #expect(told.count == 2)
    #expect(
      told.contains { $0.hasPrefix("\(folder)/b.yaml:1") && $0.contains("same_one is taken by \(folder)/a.yaml") })
    #expect(told.contains { $0.hasPrefix("\(folder)/c.yaml:") }, "\(told)")
    let ours = try #require(TemplateLibrary.installed.templates.first)
    let copy = try Self.folder(["a.yaml": Self.text(ours.id), "b.yaml": Self.text("their-own")])
    defer { try? FileManager.default.removeItem(atPath: copy) }
    let both = TemplateLibrary.installed.joined(with: TemplateLibrary(path: copy))
    #expect(both.templates.count == TemplateLibrary.installed.templates.count + 1)
    #expect(both[ours.id] == ours && both["their-own"] != nil && both.problems.count == 1)
    for path in [folder + "/none", "/nonexistent/folder"] {
      let none = TemplateLibrary(path: path)
      #expect(none.templates.isEmpty && none.problems.count == 1)
    }
    let empty = try Self.folder(["x/readme.txt": "nothing"])
    defer { try? FileManager.default.removeItem(atPath: empty) }
    #expect(TemplateLibrary(path: empty).problems.first?.message == "no template is in this folder")
  }

  struct Head: Sendable, CustomTestStringConvertible {
    var name: String
    var value: String
    /// Nil: it is not sent at all.
    var line: String?
    var testDescription: String { name + ": " + value.debugDescription }
  }

  @Test(
    "a line of a head is sent as it is, or not at all",
    arguments: [
      Head(name: "Range", value: "bytes=0-9", line: "Range: bytes=0-9"),
      Head(name: "X-Empty", value: "", line: "X-Empty;"),
      Head(name: "X-Tab", value: "a\tb", line: "X-Tab: a\tb"), Head(name: "X-Two", value: "a\r\nHost: b", line: nil),
      Head(name: "X-Nul", value: "a\0", line: nil), Head(name: "X Space", value: "a", line: nil),
      Head(name: "", value: "a", line: nil), Head(name: "X:", value: "a", line: nil),
      Head(name: "User-Agent", value: "curl", line: nil), Head(name: "usER-agENT", value: "", line: nil),
    ])
  func heads(_ head: Head) {
    let lines = TemplateHead.lines(of: PlannedRequest(path: "/", headers: [HeaderLine(head.name, head.value)]))
    #expect((try? lines.get()) == head.line.map { [$0] })
  }

  @Test("names of fields are spelled as the public templates have them")
  func spelling() {
    for (sent, spelled) in [
      ("content-type", "Content-Type"), ("etag", "Etag"), ("x-aspnet-version", "X-Aspnet-Version"), ("-a--b", "-A--B"),
      ("", ""),
    ] {
      #expect(TemplateHead.spelled(sent) == spelled)
    }
  }

  @Test("evidence has the place and versions; what else was taken out is counted and not shown")
  func evidence() {
    let request = PlannedRequest(path: "/a?b=c", payload: ["p": "v"])
    #expect(TemplateEvidence.line(request, matcher: nil, []) == "GET /a?b=c")
    #expect(
      TemplateEvidence.line(request, matcher: "open", ["2.14.1", "correct-horse", "1.2.3.4-rc1"])
        == "GET /a?b=c; open; version 2.14.1, 1.2.3.4-rc1; 1 values taken out, not shown")
    for text in ["hunter2", "330102199001011234", "a.b", "1", "1.", "eyJhbGciOi.eyJzdWIi.c2ln", "1.2 3", ".1.2"] {
      #expect(!TemplateEvidence.isVersion(text), "\(text)")
    }
    #expect(TemplateEvidence.isVersion("7.4.33") && TemplateEvidence.isVersion("1.20.0-SNAPSHOT"))
    let long = TemplateEvidence.line(PlannedRequest(path: "/" + String(repeating: "a", count: 5000)), matcher: nil, [])
    #expect(long.utf8.count < 200)
  }
}
