import ArgumentParser
import ControlAPI
import Records

/// What people say of a finding's life.
extension FindingsCommand {
  struct Accept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Accepts the risk of a finding until a day, with the reason.")
    @OptionGroup var settled: SettledFinding
    func run() async throws { try await settled.call(API.acceptFinding) }
  }

  struct False: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "false", abstract: "Calls a finding false until a day, with the reason.")
    @OptionGroup var settled: SettledFinding
    func run() async throws { try await settled.call(API.falseFinding) }
  }

  struct Claim: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Enters that a finding is said to be fixed: the engines that saw it look again.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Argument(help: "The finding's number.") var id: Int64
    func run() async throws {
      try NoticeLines.said(try await hub.client().call(API.claimFinding, id: String(id), FindingAct()), look)
    }
  }

  struct Retest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Has the engines that saw a finding look again.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Argument(help: "The finding's number.") var id: Int64
    func run() async throws {
      try NoticeLines.said(try await hub.client().call(API.retestFinding, id: String(id), FindingAct()), look)
    }
  }
}

/// A finding that leaves the work for a time.
struct SettledFinding: ParsableArguments {
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @Option(help: "A span from now such as 90d, or a moment; within a year.") var until: String
  @Option(help: "Why.") var reason: String
  @Argument(help: "The finding's number.") var id: Int64

  func call(_ endpoint: Endpoint<FindingAct, FindingActReport>) async throws {
    let act = FindingAct(reason: reason, until: try Moment.ahead(until))
    try NoticeLines.said(try await hub.client().call(endpoint, id: String(id), act), look)
  }
}
