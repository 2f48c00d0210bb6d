import ArgumentParser
import ControlAPI
import Documents
import Glibc
import Hub
import Records
import Wire

struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Keys of people to the API, for programs and other machines.",
    subcommands: [List.self, Add.self, Revoke.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Your own; for administrators everybody's.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    func run() async throws { try TokenCommand.show(try await hub.client().call(API.tokens).items, look) }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a token and shows it, this once: the hub keeps a hash of it.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Option(help: "What it is for.") var name: String
    @Option(help: "At most her own role: viewer, analyst, lead or administrator.") var role: PersonRole?
    @Option(help: "How long it holds, at most 366d.") var holds = "90d"
    @Option(help: "Write it into this new file (0600) instead of showing it.") var file: String?
    @Argument(help: "Whose.") var person: String

    func run() async throws {
      guard let span = DurationText.nanoseconds(holds), span > 0 else {
        throw OperatorMistake("token.holds", at: "--holds", "\"\(holds)\" is no span of time", hint: "for example 90d")
      }
      let now = WallClock.system.now()
      let descriptor = try file.map(TokenCommand.newFile)
      defer { descriptor.map { _ = close($0) } }
      let request = TokenRequest(
        person: person, name: name, role: role,
        expires: Timestamp(nanoseconds: now.nanoseconds.addingReportingOverflow(span).partialValue))
      let answer = try await hub.client().call(API.addToken, request)
      if let descriptor {
        Console(descriptor: descriptor).line(answer.secret)
        return try TokenCommand.show([answer.token], look)
      }
      if look.json { return try look.objects([answer]) }
      try TokenCommand.show([answer.token], look)
      Console.out.line(answer.secret)
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Ends a token now, and every stream that it holds open.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Argument(help: "Its id, the eight digits behind vigil_.") var id: String
    func run() async throws {
      try TokenCommand.show([try await hub.client().call(API.revokeToken, TokenEnd(id: id))], look)
    }
  }

  /// Made before the token is: a token that could not be written down would be lost.
  private static func newFile(_ path: String) throws -> Int32 {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw OperatorMistake(
        "token.file", at: path, unsafe "this file cannot be made: \(String(cString: strerror(errno)).lowercased())",
        hint: "name a file that does not exist")
    }
    return descriptor
  }

  private static func show(_ tokens: [AccessToken], _ look: Look) throws {
    if look.json { return try look.objects(tokens) }
    if tokens.isEmpty { return Console.out.line("no token") }
    let now = WallClock.system.now()
    var table = Table([
      .init("TOKEN"), .init("PERSON"), .init("ROLE"), .init("STATE"), .init("EXPIRES"), .init("LAST USED"),
      .init("NAME", yields: true),
    ])
    for token in tokens {
      let state = token.revoked != nil ? "revoked" : token.isValid(at: now) ? "holds" : "expired"
      table.add([
        token.id, token.person, token.role.rawValue, state, token.expires.secondText, token.lastUsed?.secondText ?? "-",
        token.name,
      ])
    }
    table.print(look.style)
  }
}
