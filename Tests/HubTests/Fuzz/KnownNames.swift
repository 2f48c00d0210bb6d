import ControlAPI
import Foundation

/// Names of things that are there, by what they are names of: so that what is asked by chance is now and then of
/// something. Filled from the answers themselves.
struct KnownNames {
  private var names: [String: [String]]
  /// A busy hub makes more than are worth remembering.
  private static let most = 48

  init(_ names: [String: [String]]) { self.names = names }

  func of(_ area: String) -> [String] { names[area] ?? [] }

  /// What a path is about: `queue`, `duty/drills`.
  static func area(_ path: String) -> String {
    let words = path.split(separator: "/").dropFirst().map(String.init)
    guard let first = words.first else { return "" }
    if words.count > 1, ["guards", "tokens", "rosters", "shifts", "reports", "drills", "proposals"].contains(words[1]) {
      return words[1]
    }
    if first == "situation", words.count > 1 { return words[1] }
    return first == "duty" || first == "findings" ? "queue" : first
  }

  /// Every `id` of an answer is a name of what its path is about.
  mutating func learn(_ answer: Any, path: String, _ dice: inout FuzzDice, depth: Int = 0) {
    guard depth < 6 else { return }
    if let list = answer as? [Any] {
      for item in list.prefix(20) { learn(item, path: path, &dice, depth: depth + 1) }
    } else if let members = answer as? [String: Any] {
      for (name, value) in members.sorted(by: { $0.key < $1.key }) {
        if name == "id", value is String || value is NSNumber { note("\(value)", KnownNames.area(path), &dice) }
        learn(value, path: path, &dice, depth: depth + 1)
      }
    }
  }

  private mutating func note(_ name: String, _ area: String, _ dice: inout FuzzDice) {
    guard name.utf8.count < 200, !of(area).contains(name) else { return }
    if of(area).count < KnownNames.most {
      names[area, default: []].append(name)
    } else {
      names[area]?[dice.below(KnownNames.most)] = name
    }
  }

  // MARK: which name stands where

  /// Of a member that names something; nil: it names nothing.
  func area(ofMember name: String, path: String) -> String? {
    switch name {
    case "id", "ids": KnownNames.area(path)
    case "row", "rows", "bulk": "queue"
    case "site", "sites": "sites"
    case "organisation", "organisations": "organisations"
    case "person", "people", "assignee", "to", "over", "unixUser": "people"
    case "incident", "incidents": "incidents"
    case "report": "reports"
    case "period": "guards"
    case "engine", "engines", "frozenEngines": "engines"
    case "check": path.hasPrefix("/v1/duty/guards") ? "ticks" : "checks"
    default: nil
    }
  }
}
