import Foundation
import Records
import Testing
import Wire

@testable import ControlAPI

@Suite struct OpenAPITests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Documentation/openapi.json")

  private static func document() throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(try OpenAPIDocument.bytes()))
    return try #require(value as? [String: Any])
  }

  @Test("Documentation/openapi.json is the API of today; VIGIL_RECORD_GOLDEN=1 writes it anew")
  func current() throws {
    let bytes = Data(try OpenAPIDocument.bytes())
    if ProcessInfo.processInfo.environment["VIGIL_RECORD_GOLDEN"] != nil { try bytes.write(to: Self.file) }
    #expect(
      try Data(contentsOf: Self.file) == bytes,
      "run VIGIL_RECORD_GOLDEN=1 swift test --filter OpenAPITests, and look at the difference")
  }

  @Test("Every endpoint stands there with its role, its names, what it takes and what it answers")
  func endpoints() throws {
    let paths = try #require(try Self.document()["paths"] as? [String: [String: [String: Any]]])
    #expect(paths.values.map(\.count).reduce(0, +) == API.table.count)
    var ids: Set<String> = []
    for entry in API.table {
      let operation = try #require(paths[entry.path]?[entry.method.rawValue.lowercased()], "\(entry.path)")
      #expect(operation["x-role"] as? String == entry.role.rawValue)
      #expect(operation["summary"] as? String == entry.summary)
      #expect(ids.insert(try #require(operation["operationId"] as? String)).inserted, "\(entry.path)")
      let parameters = (operation["parameters"] as? [[String: Any]] ?? [])
      #expect(
        parameters.filter { $0["in"] as? String == "query" }.compactMap { $0["name"] as? String }
          == (entry.method == .get ? entry.query : []))
      #expect(parameters.contains { $0["in"] as? String == "path" } == entry.path.contains("{id}"))
      #expect((operation["requestBody"] != nil) == (entry.method == .post && entry.request != nil))
      let responses = try #require(operation["responses"] as? [String: Any])
      #expect(Set(responses.keys) == ["200", "default"])
    }
  }

  @Test("Every reference leads somewhere, and no component is anything at all")
  func references() throws {
    let text = String(decoding: try OpenAPIDocument.bytes(), as: UTF8.self)
    let components = try #require(try Self.document()["components"] as? [String: Any])
    let schemas = try #require(components["schemas"] as? [String: [String: Any]])
    for match in text.matches(of: /#\/components\/schemas\/([^"]+)/) {
      #expect(schemas[String(match.output.1)] != nil, "\(match.output.1)")
    }
    for (name, schema) in schemas {
      #expect(name.wholeMatch(of: /[A-Za-z0-9._-]+/) != nil && !schema.isEmpty, "\(name)")
    }
    #expect((schemas["Severity"]?["enum"] as? [String]) == Severity.allCases.map(\.rawValue))
    #expect((schemas["APIProblem.Code"]?["enum"] as? [String]) == APIProblem.Code.allCases.map(\.rawValue))
  }

  private struct Sample: Codable {
    enum Colour: String, Codable, CaseIterable { case red, green }
    struct Part: Codable {
      var moment: Timestamp
      var parts: [Part]
      var next: [String: Int]?
    }
    var name: String
    var size: UInt16?
    var colour: Colour
    var part: Part
    var addresses: [IPAddress]
    var isLit: Bool
  }

  @Test("A type is read by its own reader: names, kinds, what may be missing, lists of itself")
  func recording() throws {
    let recorder = SchemaRecorder()
    #expect(
      try recorder.schema([Sample?].self) == .list(.either([.reference(SchemaRecorder.name(Sample.self)), .nothing])))
    #expect(
      recorder.components[SchemaRecorder.name(Sample.self)]
        == .object(
          [
            "name": .text(format: nil), "size": .integer(leastZero: true),
            "colour": .reference(SchemaRecorder.name(Sample.Colour.self)),
            "part": .reference(SchemaRecorder.name(Sample.Part.self)), "addresses": .list(.text(format: "ip-address")),
            "isLit": .flag,
          ], required: ["addresses", "colour", "isLit", "name", "part"]))
    #expect(
      recorder.components[SchemaRecorder.name(Sample.Part.self)]
        == .object(
          [
            "moment": .text(format: "date-time"), "parts": .list(.reference(SchemaRecorder.name(Sample.Part.self))),
            "next": .map(.integer(leastZero: false)),
          ], required: ["moment", "parts"]))
  }

  private enum Silent: String, Codable { case one, two }

  @Test("A type that says not which values it may have is refused by its name, not guessed")
  func refusal() {
    #expect { try SchemaRecorder().schema(Silent.self) } throws: {
      "\($0)".hasPrefix("Silent cannot be read without a sample")
    }
  }

  @Test("Components are called as in the code, without their modules")
  func names() {
    #expect(SchemaRecorder.name(StreamItem.Kind.self) == "StreamItem.Kind")
    #expect(SchemaRecorder.name(Page<QueueItem>.self) == "Page.QueueItem")
    #expect(SchemaRecorder.name(Severity.self) == "Severity")
  }
}
