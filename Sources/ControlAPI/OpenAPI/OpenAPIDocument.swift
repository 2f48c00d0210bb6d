internal import FoundationEssentials
internal import Records

/// The table and its messages as an OpenAPI 3.1 file, which other programs read. Made from the endpoints' own types;
/// `Documentation/openapi.json` is compared with it.
package enum OpenAPIDocument {
  /// Pretty, names in order: equal tables make equal bytes.
  package static func bytes() throws -> [UInt8] { try bytes(of: API.table) }

  static func bytes(of table: [EndpointEntry]) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(document(table))) + [UInt8(ascii: "\n")]
  }

  private static func document(_ table: [EndpointEntry]) throws -> Document {
    let recorder = SchemaRecorder()
    var paths: [String: [String: Operation]] = [:]
    for entry in table {
      paths[entry.path, default: [:]][entry.method.rawValue.lowercased()] = try operation(entry, recorder)
    }
    let problem = try recorder.schema(APIProblem.self)
    return Document(
      paths: paths,
      components: Components(
        schemas: recorder.components,
        responses: [
          "problem": Response(
            description: "It was not done, and why; the status goes by the code.",
            content: ["application/json": Content(schema: problem)])
        ]))
  }

  // MARK: one endpoint

  private static func operation(_ entry: EndpointEntry, _ recorder: SchemaRecorder) throws -> Operation {
    let parameters = try pathParameters(entry) + queryParameters(entry, recorder)
    var body: Body?
    if entry.method == .post, let type = entry.requestType {
      body = Body(content: ["application/json": Content(schema: try recorder.schema(type))])
    }
    return Operation(
      operationId: name(entry), summary: entry.summary, tags: [tag(entry)], role: entry.role.rawValue,
      parameters: parameters.isEmpty ? nil : parameters, requestBody: body,
      responses: [
        "200": .response(Response(description: "done", content: try content(entry, recorder))),
        "default": .reference("#/components/responses/problem"),
      ])
  }

  private static func content(_ entry: EndpointEntry, _ recorder: SchemaRecorder) throws -> [String: Content] {
    if entry.isText { return ["text/plain": Content(schema: .text(format: nil))] }
    let schema = try recorder.schema(entry.answerType)
    // A line, or the `data` of an event.
    if entry.isStream {
      return ["application/x-ndjson": Content(schema: schema), "text/event-stream": Content(schema: schema)]
    }
    return ["application/json": Content(schema: schema)]
  }

  private static func pathParameters(_ entry: EndpointEntry) -> [Parameter] {
    entry.path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
      Parameter(name: String($0.dropFirst().dropLast()), place: "path", required: true, schema: .text(format: nil))
    }
  }

  /// A name that is no member of the request's type is a text of its own reading.
  private static func queryParameters(_ entry: EndpointEntry, _ recorder: SchemaRecorder) throws -> [Parameter] {
    guard entry.method == .get, let type = entry.requestType else { return [] }
    _ = try recorder.schema(type)
    guard case .object(let members, _)? = recorder.components[SchemaRecorder.name(type)] else { return [] }
    return entry.query.map { name in
      let schema = members[name] ?? .text(format: nil)
      var parameter = Parameter(name: name, place: "query", required: false, schema: schema)
      if case .list = schema { (parameter.style, parameter.explode) = ("form", false) }
      return parameter
    }
  }

  private static func words(_ entry: EndpointEntry) -> [String] {
    entry.path.split(separator: "/").dropFirst().map { $0.filter { $0.isLetter || $0.isNumber } }
  }
  private static func tag(_ entry: EndpointEntry) -> String { words(entry).first ?? "" }
  private static func name(_ entry: EndpointEntry) -> String {
    ([entry.method.rawValue.lowercased()] + words(entry)).enumerated()
      .map { $0 == 0 ? $1 : $1.prefix(1).uppercased() + $1.dropFirst() }.joined()
  }

  // MARK: the file

  private struct Document: Encodable {
    let openapi = "3.1.0"
    let info = Info()
    let paths: [String: [String: Operation]]
    let components: Components
  }
  private struct Info: Encodable {
    let title = "Vigil"
    let version = API.version
    let description =
      "What the hub answers on its socket. x-role is the least role that may ask. Made from the program's own types by "
      + "`vigil api openapi`."
  }
  private struct Components: Encodable {
    let schemas: [String: JSONSchema]
    let responses: [String: Response]
  }
  private struct Operation: Encodable {
    let operationId: String
    let summary: String
    let tags: [String]
    let role: String
    let parameters: [Parameter]?
    let requestBody: Body?
    let responses: [String: ResponseOrReference]
    enum CodingKeys: String, CodingKey {
      case operationId, summary, tags, parameters, requestBody, responses
      case role = "x-role"
    }
  }
  private struct Parameter: Encodable {
    let name: String
    let place: String
    let required: Bool
    let schema: JSONSchema
    var style: String?
    var explode: Bool?
    enum CodingKeys: String, CodingKey {
      case name, required, schema, style, explode
      case place = "in"
    }
  }
  private struct Body: Encodable {
    let required = true
    let content: [String: Content]
  }
  private struct Content: Encodable { let schema: JSONSchema }
  private struct Response: Encodable {
    let description: String
    let content: [String: Content]
  }
  private enum ResponseOrReference: Encodable {
    case response(Response)
    case reference(String)
    func encode(to encoder: any Encoder) throws {
      switch self {
      case .response(let response): try response.encode(to: encoder)
      case .reference(let name):
        var container = encoder.singleValueContainer()
        try container.encode(["$ref": name])
      }
    }
  }
}
