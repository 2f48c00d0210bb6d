import Foundation
import Records
import Wire

/// Holds JSON against a schema of the checked-in OpenAPI file: the words that the file uses, and no other. Stricter than
/// the standard in one thing: a member that an object's schema does not name is a fault, since nobody documented it.
struct SchemaValidator {
  let document: [String: Any]

  init(file: String) throws {
    let value = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: file)))
    document = value as? [String: Any] ?? [:]
  }

  func component(_ reference: String) -> [String: Any]? {
    var place: Any? = document
    for word in reference.split(separator: "/").dropFirst() { place = (place as? [String: Any])?[String(word)] }
    return place as? [String: Any]
  }

  func operation(_ path: String, _ method: String) -> [String: Any]? {
    ((document["paths"] as? [String: Any])?[path] as? [String: Any])?[method.lowercased()] as? [String: Any]
  }

  /// Of the answer with this status, as JSON; nil where the file names none.
  func answer(_ path: String, _ method: String, status: Int, _ type: String = "application/json") -> [String: Any]? {
    let responses = operation(path, method)?["responses"] as? [String: Any]
    var response = (responses?["\(status)"] ?? responses?["default"]) as? [String: Any]
    if let reference = response?["$ref"] as? String { response = component(reference) }
    return ((response?["content"] as? [String: Any])?[type] as? [String: Any])?["schema"] as? [String: Any]
  }

  func request(_ path: String) -> [String: Any]? {
    let content = (operation(path, "post")?["requestBody"] as? [String: Any])?["content"] as? [String: Any]
    return (content?["application/json"] as? [String: Any])?["schema"] as? [String: Any]
  }

  /// What does not fit, each with its place.
  func faults(_ value: Any, _ schema: [String: Any], at place: String = "$") -> [String] {
    if let reference = schema["$ref"] as? String {
      return component(reference).map { faults(value, $0, at: place) } ?? ["\(place): \(reference) leads nowhere"]
    }
    if let forms = schema["anyOf"] as? [[String: Any]] {
      return forms.contains { faults(value, $0, at: place).isEmpty } ? [] : ["\(place): none of the forms"]
    }
    switch schema["type"] as? String {
    case "string": return text(value, schema, place)
    case "boolean": return isFlag(value) ? [] : ["\(place): no flag"]
    case "integer":
      guard let number = value as? NSNumber, !isFlag(value), number.doubleValue == number.doubleValue.rounded() else {
        return ["\(place): no integer"]
      }
      return (schema["minimum"] as? Double).map { number.doubleValue >= $0 } ?? true ? [] : ["\(place): too small"]
    case "number": return value is NSNumber && !isFlag(value) ? [] : ["\(place): no number"]
    case "array":
      guard let list = value as? [Any], let items = schema["items"] as? [String: Any] else {
        return ["\(place): no list"]
      }
      return list.enumerated().flatMap { faults($1, items, at: "\(place)[\($0)]") }
    case "object": return object(value, schema, place)
    case "null": return value is NSNull ? [] : ["\(place): not null"]
    default: return schema.isEmpty ? [] : ["\(place): a schema of unknown words \(schema.keys.sorted())"]
    }
  }

  /// JSON's true and false are numbers of their own kind.
  private func isFlag(_ value: Any) -> Bool {
    guard let number = value as? NSNumber else { return false }
    return unsafe String(cString: number.objCType) == "c"
  }

  private func text(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    guard let text = value as? String else { return ["\(place): no text"] }
    if let choice = schema["enum"] as? [String], !choice.contains(text) {
      return ["\(place): \(text) is none of \(choice)"]
    }
    switch schema["format"] as? String {
    case "date-time": return Timestamp(text: text) == nil ? ["\(place): \(text) is no moment"] : []
    case "ip-address": return IPAddress(text) == nil ? ["\(place): \(text) is no address"] : []
    case "ip-network": return IPPrefix(text) == nil ? ["\(place): \(text) is no network"] : []
    default: return []
    }
  }

  private func object(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    guard let members = value as? [String: Any] else { return ["\(place): no object"] }
    if let each = schema["additionalProperties"] as? [String: Any] {
      return members.sorted { $0.key < $1.key }.flatMap { faults($1, each, at: "\(place).\($0)") }
    }
    let known = schema["properties"] as? [String: [String: Any]] ?? [:]
    let missing = (schema["required"] as? [String] ?? []).filter { members[$0] == nil }
    return missing.map { "\(place): \($0) is missing" }
      + members.sorted { $0.key < $1.key }.flatMap { name, value in
        known[name].map { faults(value, $0, at: "\(place).\(name)") } ?? ["\(place): nobody documented \(name)"]
      }
  }
}
