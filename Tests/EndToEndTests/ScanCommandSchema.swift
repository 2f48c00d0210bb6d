import Foundation

/// As much of JSON Schema (2020-12) as Documentation/schema/scan.json uses: `$ref` into `$defs`, `oneOf` told apart by
/// `type`, `type`, `const`, `enum`, `required`, `properties`, `items`, `additionalProperties` with a schema.
///
/// Stricter in one thing: a property that the schema does not name is a fault, since nobody would have written of it.
struct ScanCommandSchema {
  private let root: [String: Any]
  private let definitions: [String: Any]

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Documentation/schema/scan.json")
    root = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
    definitions = root["$defs"] as? [String: Any] ?? [:]
  }

  /// The types of line that it knows.
  var types: Set<String> {
    Set(branches.compactMap { (($0["properties"] as? [String: Any])?["type"] as? [String: Any])?["const"] as? String })
  }

  private var branches: [[String: Any]] { (root["oneOf"] as? [[String: Any]] ?? []).map(resolved) }

  func faults(in line: String) -> [String] {
    guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
      return ["no JSON object: \(line)"]
    }
    let type = object["type"] as? String ?? ""
    let fitting = branches.filter {
      (($0["properties"] as? [String: Any])?["type"] as? [String: Any])?["const"] as? String == type
    }
    guard fitting.count == 1 else { return ["\(fitting.count) schemas fit a line of type \"\(type)\""] }
    return faults(in: object, fitting[0], at: type)
  }

  private func resolved(_ schema: [String: Any]) -> [String: Any] {
    guard let reference = schema["$ref"] as? String, let name = reference.split(separator: "/").last,
      let target = definitions[String(name)] as? [String: Any]
    else { return schema }
    return target
  }

  private func faults(in value: Any, _ unresolved: [String: Any], at place: String) -> [String] {
    let schema = resolved(unresolved)
    var faults: [String] = []
    if let type = schema["type"] as? String, !Self.isOf(type, value) { return ["\(place) is no \(type)"] }
    if let wanted = schema["const"], !Self.isEqual(wanted, value) { faults.append("\(place) is not \(wanted)") }
    if let words = schema["enum"] as? [String], !words.contains(value as? String ?? "") {
      faults.append("\(place) is \(value), none of \(words)")
    }
    if let elements = value as? [Any], let items = schema["items"] as? [String: Any] {
      for (index, element) in elements.enumerated() {
        faults += self.faults(in: element, items, at: "\(place)[\(index)]")
      }
    }
    guard let object = value as? [String: Any] else { return faults }
    for name in schema["required"] as? [String] ?? [] where object[name] == nil {
      faults.append("\(place).\(name) is missing")
    }
    let properties = schema["properties"] as? [String: Any] ?? [:]
    let others = schema["additionalProperties"] as? [String: Any]
    for (name, member) in object {
      if let known = (properties[name] as? [String: Any]) ?? others {
        faults += self.faults(in: member, known, at: "\(place).\(name)")
      } else {
        faults.append("\(place).\(name) is not in the schema")
      }
    }
    return faults
  }

  private static func isOf(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "integer": (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
    default: false
    }
  }

  private static func isEqual(_ a: Any, _ b: Any) -> Bool {
    if let a = a as? String { return a == b as? String }
    return (a as? NSNumber)?.intValue == (b as? NSNumber)?.intValue
  }
}
