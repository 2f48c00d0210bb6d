import Foundation

/// A command as the parser tells of it (`--experimental-dump-help`), as far as a page needs it.
struct HelpedCommand: Decodable, Sendable {
  var commandName: String
  var abstract: String?
  var discussion: String?
  var shouldDisplay: Bool?
  var defaultSubcommand: String?
  var subcommands: [HelpedCommand]?
  var arguments: [HelpedArgument]?

  private struct Head: Decodable { var command: HelpedCommand }

  static func read(_ json: String) throws(Manual.Unreadable) -> HelpedCommand {
    do {
      return try JSONDecoder().decode(Head.self, from: Data(json.utf8)).command
    } catch {
      throw Manual.Unreadable(description: "the commands' help is not readable: \(error)")
    }
  }

  /// Every program has `help`, which says nothing that a page does not.
  var shown: [HelpedCommand] { (subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" } }

  /// What runs when no subcommand is named, where it is no command to name: its options are the command's own.
  var within: HelpedCommand? {
    subcommands?.first { $0.commandName == defaultSubcommand && $0.shouldDisplay == false }
  }

  var shownArguments: [HelpedArgument] {
    var seen: Set<String> = []
    return ((within?.arguments ?? []) + (arguments ?? [])).filter { $0.shouldDisplay && seen.insert($0.key).inserted }
  }
}

struct HelpedArgument: Decodable, Sendable {
  enum Kind: String, Decodable { case positional, option, flag }
  struct Name: Decodable, Sendable {
    enum Kind: String, Decodable { case long, short, longWithSingleDash }
    var kind: Kind
    var name: String
    var dashed: String { (kind == .long ? "--" : "-") + name }
  }
  var kind: Kind
  var shouldDisplay: Bool
  var sectionTitle: String?
  var isOptional: Bool
  var isRepeating: Bool
  var names: [Name]?
  var preferredName: Name?
  var valueName: String?
  var defaultValue: String?
  var allValues: [String]?
  var abstract: String?
  var discussion: String?

  var key: String { preferredName?.dashed ?? valueName ?? "" }
  /// Short ones first, as they stand on a page.
  var sortedNames: [Name] {
    let names = names ?? []
    return names.filter { $0.kind != .long } + names.filter { $0.kind == .long }
  }
}
