import Foundation
import Records
import Wire

@testable import Hub

/// Bodies that fit the schema of their endpoint (Documentation/openapi.json), with names of things that are there.
struct BodyMaker {
  let validator: SchemaValidator
  /// Where a body may name a file.
  let folder: String

  func body(_ path: String, _ names: KnownNames, _ dice: inout FuzzDice) -> FuzzJSON {
    guard let schema = validator.request(path) else { return .object([]) }
    return value(schema, Place(path: path, name: ""), names, &dice)
  }

  private struct Place {
    var path: String
    var name: String
  }

  private func value(
    _ schema: [String: Any], _ place: Place, _ names: KnownNames, _ dice: inout FuzzDice
  ) -> FuzzJSON {
    if let reference = schema["$ref"] as? String {
      return value(validator.component(reference) ?? [:], place, names, &dice)
    }
    if let forms = schema["anyOf"] as? [[String: Any]], let form = dice.pick(forms) {
      return value(form, place, names, &dice)
    }
    switch schema["type"] as? String {
    case "string": return text(schema, place, names, &dice)
    case "boolean": return .raw(dice.isOne(in: 2) ? "true" : "false")
    case "integer": return integer(place, names, &dice)
    case "number": return .raw(["0", "1", "0.5", "2", "4", "100", "1000000", "99999999"][dice.below(8)])
    case "array": return list(schema["items"] as? [String: Any] ?? [:], place, names, &dice)
    case "object": return object(schema, place, names, &dice)
    default: return .raw("null")
    }
  }

  private func object(
    _ schema: [String: Any], _ place: Place, _ names: KnownNames, _ dice: inout FuzzDice
  ) -> FuzzJSON {
    let required = Set(schema["required"] as? [String] ?? [])
    var members: [FuzzJSON.Member] = []
    for (name, schema) in (schema["properties"] as? [String: [String: Any]] ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard required.contains(name) || dice.isOne(in: 2) else { continue }
      members.append(.init(name: name, value: value(schema, Place(path: place.path, name: name), names, &dice)))
    }
    return .object(members)
  }

  private func list(
    _ items: [String: Any], _ place: Place, _ names: KnownNames, _ dice: inout FuzzDice
  ) -> FuzzJSON {
    .list((0..<dice.size(6)).map { _ in value(items, place, names, &dice) })
  }

  private func integer(_ place: Place, _ names: KnownNames, _ dice: inout FuzzDice) -> FuzzJSON {
    let known = names.area(ofMember: place.name, path: place.path).map(names.of) ?? []
    let numbers = known.filter { Int64($0) != nil }
    if let number = dice.pick(numbers), !dice.isOne(in: 8) { return .raw(number) }
    return .raw("\(dice.size(100))")
  }

  private func text(
    _ schema: [String: Any], _ place: Place, _ names: KnownNames, _ dice: inout FuzzDice
  ) -> FuzzJSON {
    if let choice = schema["enum"] as? [String], let value = dice.pick(choice) { return .text(value) }
    switch schema["format"] as? String {
    case "date-time":
      return .text(WallClock.system.now().advanced(seconds: Double(dice.below(40) * 3600) - 3600).text)
    case "ip-address": return .text(["192.0.2.7", "2001:db8::7"][dice.below(2)])
    case "ip-network": return .text(["192.0.2.0/24", "198.51.100.9/32", "2001:db8::/32"][dice.below(3)])
    default: break
    }
    if let area = names.area(ofMember: place.name, path: place.path), let name = dice.pick(names.of(area)),
      !dice.isOne(in: 8)
    {
      return .text(name)
    }
    return .text(word(place, &dice))
  }

  private func word(_ place: Place, _ dice: inout FuzzDice) -> String {
    let choice: [String]
    switch (place.name, place.path) {
    case ("text", "/v1/sites/import"): choice = FuzzSamples.inventories
    case ("text", "/v1/duty/rosters"): choice = FuzzSamples.rosters
    case ("path", _): return "\(folder)/fuzz/b\(dice.below(4)).sqlite"
    case ("filter", _): choice = FuzzSamples.filters
    case ("base64", _): choice = ["", "YQ==", "JVBERi0=", "////", String(repeating: "QUFB", count: 1000)]
    case ("day", _): choice = ["2026-11-25", "2026-01-01", "2020-02-29"]
    case ("to", _), ("address", _): choice = ["a@example.gov", "ops", "https://example.gov/hook"]
    case ("language", _): choice = ["en", "zh"]
    case ("snapshot", _): choice = ["", "0"]
    default: choice = ["a word", "一句话", "x", "the desk called back at noon", "new-\(dice.below(1000))"]
    }
    return choice[dice.below(choice.count)]
  }
}

/// Texts that have a language of their own.
enum FuzzSamples {
  static let inventories = [
    "sites: []",
    "sites: [{url: \"https://tax.boreal.example/\", organisation: boreal-east, criticality: critical}]",
    "organisations: [{id: boreal, name: {en: B, zh: 北}, parent: meridian}]",
    "organisations: [{id: a, name: {en: A, zh: 甲}, parent: b}, {id: b, name: {en: B, zh: 乙}, parent: a}]",
    "sites:\n  - {url: \"https://new.boreal.example:8443/x\", organisation: boreal, addresses: [192.0.2.9], tags: [t]}",
    "authorisations:\n  - {id: z, granted_by: office, document: d, hosts: [\"*.boreal.example\"], from: 2026-01-01, "
      + "until: 2027-01-01, up_to: probe}",
    "platforms: [{id: cloud-a, name: A, owner: boreal, networks: [\"192.0.2.0/24\", \"2001:db8::/32\"]}]",
    "url,organisation,name_en,name_zh\nhttps://csv.boreal.example/,boreal,C,表\n",
    "{\"sites\":[{\"url\":\"https://json.boreal.example/\",\"organisation\":\"boreal\"}]}",
  ]

  static let rosters = [
    DutyBench.roster,
    "id: a\nzone: Asia/Shanghai\nlayers:\n  - {step: 1, people: [root], rotation: 12h, from: 2026-11-02}\n",
    "id: b\nzone: Europe/Berlin\nlayers:\n"
      + "  - {step: 1, people: [root, vigil], rotation: weekly, from: 2026-11-02, handover: \"09:30\", "
      + "hours: \"20:00-08:00\", days: [mon, sun]}\n  - {step: 2, people: [root], rotation: 1h, from: 2020-01-01}\n"
      + "overrides:\n  - {step: 1, people: [root], from: 2026-12-24T08:00, until: \"2026-12-27\", reason: x}\n",
    "{\"id\":\"j\",\"zone\":\"UTC\",\"layers\":[{\"step\":1,\"people\":[\"root\"],\"rotation\":\"daily\","
      + "\"from\":\"1970-01-01\"}]}",
  ]

  static let filters = [
    "", "severity:high", "severity>=medium site:*.example", "open:true,false", "not (wing:sensor OR state:new)",
    "age<1h", "id:1,2,3", "site:\"tax.boreal.example\"", "web shell", "state:closed -who:root", "count>1",
    "organisation:boreal", "source:198.51.100.0/24", "due<2h overdue:yes",
  ]
}
