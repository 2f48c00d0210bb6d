/// What a page loads, and where its forms send to: for mixed content, subresource integrity and technologies.
package struct PageResources: MarkupReading {
  static let wanted: Set<String> = [
    "src", "href", "rel", "integrity", "action", "type", "name", "content", "http-equiv", "data",
  ]
  /// A flood of elements is no more telling than its beginning.
  private static let limit = 2000
  private static let depthLimit = 512
  private static let elementLimit = 200_000

  struct Resource: Hashable {
    enum Kind { case script, style, frame, picture, form }
    var kind: Kind
    var address: String
    var hasIntegrity: Bool
  }

  private(set) var resources: [Resource] = []
  private(set) var policies: [String] = []
  private(set) var generator: String?
  private(set) var base: String?
  private(set) var hasPassword = false
  private(set) var isCut = false
  private var depth = 0
  private var elements = 0

  package init() {}

  /// Nil where the markup takes more time or memory than a page may.
  package init?(page: [UInt8]) {
    guard let read = try? PageMarkup.read(page, PageResources()) else { return nil }
    self = read
  }

  mutating func begin(_ name: String, _ attributes: [String: String]) -> Bool {
    elements += 1
    guard depth < PageResources.depthLimit, elements <= PageResources.elementLimit else {
      isCut = true
      return false
    }
    depth += 1
    take(name, attributes)
    return true
  }
  mutating func end() { depth -= 1 }
  mutating func text(_ text: String) {}
  mutating func comment(_ text: String) {}

  private mutating func take(_ name: String, _ attributes: [String: String]) {
    switch name {
    case "script": add(.script, attributes["src"], attributes)
    case "link":
      let words = (attributes["rel"] ?? "").lowercased().split(separator: " ")
      if words.contains("stylesheet") { add(.style, attributes["href"], attributes) }
    case "iframe", "frame", "embed": add(.frame, attributes["src"], attributes)
    case "object": add(.frame, attributes["data"], attributes)
    case "img", "audio", "video", "source", "track": add(.picture, attributes["src"], attributes)
    case "form": add(.form, attributes["action"], attributes)
    case "input": if attributes["type"]?.lowercased() == "password" { hasPassword = true }
    case "base": base = base ?? attributes["href"]
    case "meta": meta(attributes)
    default: break
    }
  }

  private mutating func meta(_ attributes: [String: String]) {
    guard let content = attributes["content"] else { return }
    if attributes["name"]?.lowercased() == "generator" { generator = generator ?? String(content.prefix(80)) }
    if attributes["http-equiv"]?.lowercased() == "content-security-policy", policies.count < 8 {
      policies.append(content)
    }
  }

  private mutating func add(_ kind: Resource.Kind, _ address: String?, _ attributes: [String: String]) {
    guard let address = address?.trimmingSpace, !address.isEmpty else { return }
    guard resources.count < PageResources.limit else { return isCut = true }
    let integrity = attributes["integrity"]?.trimmingSpace ?? ""
    resources.append(Resource(kind: kind, address: String(address.prefix(2048)), hasIntegrity: !integrity.isEmpty))
  }
}
