import ControlAPI
import Foundation
import Testing
import Wire

@testable import Hub

@Suite struct ConfigurationTests {
  @Test("the commented default says the defaults, and names every key")
  func commentedDefault() throws {
    let text = ConfigurationKeys.commentedDefault()
    var expected = Configuration()
    expected.file = "vigil.yaml"
    #expect(try Configuration.read(text: text, file: "vigil.yaml") == expected)
    for key in ConfigurationKeys.table { #expect(text.contains("# \(key.meaning)\n"), "\(key.path)") }
  }

  @Test("an empty file is the defaults")
  func empty() throws {
    #expect(try Configuration.read(text: "", file: "v.yaml").city == Configuration().city)
  }

  @Test(
    "a mistake is told with file, line, column and what to do",
    arguments: [
      ("cty: a\n", "v.yaml:1:1: unknown key \"cty\"; did you mean \"city\"?"),
      ("scan:\n  intervall: 1h\n", "v.yaml:2:3: unknown key \"intervall\"; did you mean \"interval\"?"),
      ("language: fr\n", "v.yaml:1:11: \"fr\" is not allowed here; known here: en, zh"),
      ("scan:\n  allow: [10.0.0.0/99]\n", "v.yaml:2:11: \"10.0.0.0/99\" is not a network; for example 10.1.0.0/16"),
      ("scan:\n  jitter: 3\n", "v.yaml:2:11: 3 is outside 0.0 to 0.5"),
      ("retention:\n  age: 5s\n", "v.yaml:2:8: \"5s\" is outside 1h to 3650d"),
      ("webhook:\n  url: ftp://x\n", "v.yaml:2:8: \"ftp://x\" is not an http or https URL"),
      (
        "webhook:\n  url: http://x\n",
        "v.yaml:2:8: a webhook needs a secret, or its receiver cannot know us; add webhook.secretFile"
      ),
      ("sensor: eth0\n", "v.yaml:1:9: expected a map (key: value), found \"eth0\""),
    ])
  func mistakes(_ text: String, _ told: String) {
    #expect { try Configuration.read(text: text, file: "v.yaml") } throws: { "\($0)" == told }
  }

  @Test("values are read, and paths are beside the file")
  func values() throws {
    let text = """
      city: Wuhan
      language: zh
      data: state
      rules: {files: [a.rules], variables: {HOME_NET: "[10.0.0.0/8,192.0.2.0/24]"}}
      inventory: sites.csv
      webhook: {url: "http://127.0.0.1:1/x", secret: s, attempts: 3, timeout: 2s}
      """
    let read = try Configuration.read(text: text, file: "/etc/v/vigil.yaml")
    #expect(read.city == "Wuhan")
    #expect(read.language == .zh)
    #expect(read.data.path == "/etc/v/state")
    #expect(read.rules.files == ["/etc/v/a.rules"])
    #expect(read.rules.home == ["10.0.0.0/8", "192.0.2.0/24"].compactMap { IPPrefix($0) })
    #expect(read.inventory.files == ["/etc/v/sites.csv"])
    #expect(read.webhook?.attempts == 3)
    #expect(read.webhook?.timeoutSeconds == 2)
  }

  @Test("a file that is not there is told")
  func missing() {
    #expect { try Configuration.read(path: "/nonexistent/v.yaml") } throws: {
      "\($0)".hasPrefix("/nonexistent/v.yaml: ")
    }
  }

  @Test("Documentation/configuration.md has every key with its default")
  func documentation() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: root.appending(path: "Documentation/configuration.md"), encoding: .utf8)
    for key in ConfigurationKeys.table {
      #expect(page.contains("| `\(key.path)` | `\(key.usual)` | \(key.meaning) |\n"), "\(key.path)")
    }
  }
}
