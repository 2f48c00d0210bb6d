import ArgumentParser
import ControlAPI
import Records

struct PeopleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "people", abstract: "Who works with Vigil: roles, organisations, tokens.",
    subcommands: [List.self, Add.self, Change.self, Remove.self, WhoAmICommand.self, TokenCommand.self],
    defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Everybody, for administrators.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    func run() async throws {
      try PeopleLines.show(try await hub.client().call(API.people).items, look)
    }
  }

  /// What may be said of a person.
  struct Particulars: ParsableArguments {
    @Option(help: "viewer, analyst, lead or administrator.") var role: PersonRole?
    @Option(help: "The name.") var name: String?
    @Option(name: .customLong("name-zh"), help: "The name in Chinese; else the same.") var chineseName: String?
    @Option(
      name: .customLong("organisation"),
      help: "Sees this organisation and all below it, and nothing else; may be given again. None: the whole city.")
    var organisations: [String] = []
    @Option(name: .customLong("unix-user"), help: "The user of the hub's machine who is this person.") var user: String?
    @Option(
      name: .customLong("address"),
      help: "Where a page reaches her, as mail:BOX or CHANNEL:RECEIVER; may be given again.")
    var addresses: [ContactAddress] = []
    @Option(help: "en or zh.") var language: String?

    func applied(to person: Person) -> Person {
      var person = person
      role.map { person.role = $0 }
      name.map { person.name = BilingualText(en: $0, zh: chineseName ?? $0) }
      if name == nil, let chineseName { person.name.zh = chineseName }
      if !organisations.isEmpty { person.organisations = organisations }
      user.map { person.unixUser = $0.isEmpty ? nil : $0 }
      if !addresses.isEmpty { person.addresses = addresses }
      language.map { person.language = $0 }
      return person
    }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Adds a person.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var particulars: Particulars
    @Argument(help: "Her id, as the audit keeps it: letters, digits, '.', '-', '_'.") var id: String

    func run() async throws {
      let client = try hub.client()
      guard try await client.call(API.people).items.allSatisfy({ $0.id != id }) else {
        throw OperatorMistake("people.there", at: id, "this person is there already", hint: "see vigil people change")
      }
      let plain = Person(id: id, name: BilingualText(id), role: .viewer)
      try PeopleLines.show(
        [try await client.call(API.putPerson, PersonRequest(person: particulars.applied(to: plain)))], look)
    }
  }

  struct Change: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Changes what is named of a person, and leaves the rest.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var particulars: Particulars
    @Flag(name: .customLong("whole-city"), help: "Sees the whole city again.") var seesAll = false
    @Argument(help: "Her id.") var id: String

    func validate() throws {
      if seesAll, !particulars.organisations.isEmpty {
        throw ValidationError("give --whole-city or --organisation, not both")
      }
    }

    func run() async throws {
      let client = try hub.client()
      let all = try await client.call(API.people).items
      guard let before = all.first(where: { $0.id == id }) else {
        let near = NearestWord.find(id, among: all.map(\.id)).map { "did you mean \($0)?" }
        throw OperatorMistake(
          "people.unknown", at: id, "there is no such person", hint: near ?? "see vigil people list")
      }
      var person = particulars.applied(to: before)
      if seesAll { person.organisations = [] }
      try PeopleLines.show([try await client.call(API.putPerson, PersonRequest(person: person))], look)
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Removes a person and revokes her tokens.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Argument(help: "Her id.") var id: String
    func run() async throws {
      let removed = try await hub.client().call(API.removePerson, PersonEnd(id: id))
      if look.json { return try look.objects([removed]) }
      Console.out.line("removed \(removed.id)")
    }
  }

  struct WhoAmICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "whoami", abstract: "Who the hub says that you are.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    func run() async throws {
      let me = try await hub.client().call(API.whoAmI)
      if look.json { return try look.objects([me]) }
      let sees = me.organisations.map { $0.joined(separator: ", ") } ?? "the whole city"
      Console.out.line("\(me.person.id): \(me.role.rawValue), sees \(Table.harmless(sees)), from \(me.origin)")
    }
  }
}

extension PersonRole: ExpressibleByArgument {}

/// `mail:ann@example.gov`
extension ContactAddress: ExpressibleByArgument {
  public init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, let channel = ContactChannel(rawValue: parts[0]) else { return nil }
    self.init(channel, parts[1])
  }
}

enum PeopleLines {
  static func show(_ people: [Person], _ look: Look) throws {
    if look.json { return try look.objects(people) }
    if people.isEmpty {
      return Console.out.line("nobody is added: the hub's own user and root are administrators")
    }
    var table = Table([
      .init("PERSON"), .init("ROLE"), .init("NAME", yields: true), .init("SEES"), .init("UNIX USER"),
      .init("ADDRESSES"),
    ])
    for person in people {
      let name = person.name.zh == person.name.en ? person.name.en : "\(person.name.en) \(person.name.zh)"
      table.add([
        person.id, person.role.rawValue, name,
        person.organisations.isEmpty ? "the whole city" : person.organisations.joined(separator: " "),
        person.unixUser ?? "-",
        person.addresses.isEmpty
          ? "-" : person.addresses.map { "\($0.channel.rawValue):\($0.to)" }.joined(separator: " "),
      ])
    }
    table.print(look.style)
  }
}
