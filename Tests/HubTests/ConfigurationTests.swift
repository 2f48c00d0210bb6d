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
      (
        "api:\n  listen: 127.0.0.1:8443\n",
        "v.yaml:2:11: api.listen without a certificate would carry tokens in the clear; name api.certificate and api.key, or take api.listen away"
      ),
      ("api:\n  listen: here\n", "v.yaml:2:11: \"here\" is no address with a port; for example 192.0.2.7:8443"),
      (
        "api:\n  listen: 2001:db8::1:443\n",
        "v.yaml:2:11: \"2001:db8::1:443\" is no address with a port; for example 192.0.2.7:8443"
      ),
      ("people:\n  unknown: lead\n", "v.yaml:2:12: \"lead\" is not allowed here; known here: none, viewer"),
      ("sensor: eth0\n", "v.yaml:1:9: expected a map (key: value), found \"eth0\""),
    ])
  func mistakes(_ text: String, _ told: String) {
    #expect { try Configuration.read(text: text, file: "v.yaml") } throws: { "\($0)" == told }
  }

  @Test("whom the scanner believes is read with its files, beside the configuration")
  func beliefs() throws {
    let folder = try TestFolder()
    _ = try folder.file("city.pem", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")
    _ = try folder.file("anchors.txt", "; ours\nexample.gov.  IN DS 12345 13 2 49FD46E6 ; the first\n\n")
    let scan = """
      scan:
        resolver: [192.0.2.53, "2001:db8::53@5353"]
        trustAnchor: anchors.txt
        trustStores: [system, city.pem, {name: state, path: city.pem, public: yes}]
        asksRevocation: yes
      """
    let read = try Configuration.read(text: scan, file: folder.path + "/vigil.yaml").scan
    #expect(read.resolver.map { "\($0.address) \($0.port)" } == ["192.0.2.53 53", "2001:db8::53 5353"])
    #expect(read.trustAnchors == ["example.gov. IN DS 12345 13 2 49FD46E6"])
    #expect(read.trustStores.map(\.name) == ["system", "city.pem", "state"])
    #expect(read.trustStores.map(\.path) == [nil, folder.path + "/city.pem", folder.path + "/city.pem"])
    #expect(read.trustStores.map(\.isPublic) == [true, false, true])
    #expect(read.asksRevocation)
  }

  @Test(
    "a server, an anchor or a store that is none is told before anything is scanned",
    arguments: [
      ("resolver: [dns.example]", "vigil.yaml:2:14: \"dns.example\" is not a name server's address; "),
      ("resolver: [\"192.0.2.1@0\"]", "vigil.yaml:2:14: \"192.0.2.1@0\" is not a name server's address; "),
      ("trustAnchor: bad.txt", "bad.txt:2:1: this line is no DS and no DNSKEY record; "),
      ("trustAnchor: missing.txt", "missing.txt: cannot read: no such file or directory; "),
      ("trustStores: [bad.txt]", "vigil.yaml:2:17: "),
      (
        "trustStores: [{path: bad.txt, pubic: yes}]", "vigil.yaml:2:33: unknown key \"pubic\"; did you mean \"public\"?"
      ),
      ("trustStores: [{name: x}]", "vigil.yaml:2:17: "),
    ])
  func falseBeliefs(_ line: String, _ told: String) throws {
    let folder = try TestFolder()
    _ = try folder.file("bad.txt", "; nothing\nexample.gov. IN A 192.0.2.1\n")
    #expect { try Configuration.read(text: "scan:\n  " + line, file: folder.path + "/vigil.yaml") } throws: {
      "\($0)".replacing(folder.path + "/", with: "").hasPrefix(told)
    }
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
