import ArgumentParser
import ControlAPI
import Records
import Wire

/// What people do to a case, an act a command.
extension IncidentsCommand {
  struct Join: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Rows and sites into a case; rows are escalated.")
    @OptionGroup var incident: ActedIncident
    @Option(name: .customLong("site"), help: "A site; may be said again.") var sites: [String] = []
    @Argument(help: "The rows' numbers.") var rows: [Int64] = []
    func run() async throws { try await incident.act(IncidentActRequest(.join, rows: rows, sites: sites)) }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Rows and sites out of a case, with a reason.")
    @OptionGroup var incident: ActedIncident
    @Option(help: "Why they do not belong to it.") var reason: String
    @Option(name: .customLong("site"), help: "A site; may be said again.") var sites: [String] = []
    @Argument(help: "The rows' numbers.") var rows: [Int64] = []
    func run() async throws {
      try await incident.act(IncidentActRequest(.remove, rows: rows, sites: sites, text: reason))
    }
  }

  struct Level: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "A lead sets the level; the guide only proposes one.")
    @OptionGroup var incident: ActedIncident
    @Argument(help: "I, II, III or IV.") var level: IncidentLevel
    @Option(help: "Why this level.") var reason: String
    func run() async throws { try await incident.decide(IncidentDecision(.level, level: level, text: reason)) }
  }

  struct Lead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Who leads the case.")
    @OptionGroup var incident: ActedIncident
    @Argument(help: "The person.") var person: String
    func run() async throws { try await incident.decide(IncidentDecision(.lead, person: person)) }
  }

  struct Member: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Who works on the case.")
    @OptionGroup var incident: ActedIncident
    @Flag(help: "Takes the person out of it.") var remove = false
    @Argument(help: "The person.") var person: String
    func run() async throws {
      try await incident.act(IncidentActRequest(remove ? .removeMember : .addMember, person: person))
    }
  }

  struct Step: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "contained, recovered, closed: each after the one before, with its proof.")
    @OptionGroup var incident: ActedIncident
    @Argument(help: "contained, recovered or closed.") var state: IncidentState
    @Option(help: "What proves it.") var proof: String
    @Option(help: "When it happened, a moment; else now.") var at: String?
    func run() async throws {
      let time = try at.map(Moment.past)
      switch state {
      case .contained: try await incident.act(IncidentActRequest(.contain, text: proof, at: time))
      case .recovered: try await incident.act(IncidentActRequest(.recover, text: proof, at: time))
      case .closed where time == nil: try await incident.decide(IncidentDecision(.close, text: proof))
      case .closed: throw OperatorMistake("time", "a case closes when somebody closes it", hint: "leave out --at")
      case .open: throw OperatorMistake("step", "a case is opened again with: vigil incidents reopen")
      }
    }
  }

  struct Reopen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Back to open, with a reason.")
    @OptionGroup var incident: ActedIncident
    @Option(help: "Why.") var reason: String
    func run() async throws { try await incident.decide(IncidentDecision(.reopen, text: reason)) }
  }

  struct Known: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Records when the operator knew; a correction wants a reason and keeps the old.")
    @OptionGroup var incident: ActedIncident
    @Argument(help: "A moment such as 2026-11-22T03:04:05Z, or a span before now such as 20m.") var at: String
    @Option(help: "How that is known, or why it is corrected.") var reason: String?
    func run() async throws {
      try await incident.act(IncidentActRequest(.awareness, text: reason, at: try Moment.past(at)))
    }
  }

  struct Fact: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "States a measure that the level is proposed by.")
    @OptionGroup var incident: ActedIncident
    @Argument(help: "hoursUnreachable, hoursAltered, hoursAlteredInside, personsLeaked or lossYuan.")
    var measure: IncidentMeasure
    @Argument(help: "How much.") var value: Double
    @Option(help: "From where it is known.") var basis: String
    func run() async throws {
      try await incident.act(IncidentActRequest(.fact, text: basis, measure: measure, value: value))
    }
  }

  struct Mark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What was done and ends a clock: receipt, feedback, reports.")
    @OptionGroup var incident: ActedIncident
    @Argument(help: "received, feedback, reported or reportedOnward.") var done: IncidentMark.Kind
    @Option(help: "By what way, to whom, under what number.") var note: String
    @Option(help: "When it happened; else now.") var at: String?
    func run() async throws {
      try await incident.act(IncidentActRequest(.mark, text: note, at: try at.map(Moment.past), mark: done))
    }
  }

  struct Kind: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What happened.")
    @OptionGroup var incident: ActedIncident
    @Argument(help: "tampering, leak, webshell, outage, attack or other.") var kind: IncidentKind
    func run() async throws { try await incident.act(IncidentActRequest(.kind, kind: kind)) }
  }

  struct Operator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Whose duty the report upward is.")
    @OptionGroup var incident: ActedIncident
    @Argument(help: "criticalInfrastructure, centralOrgan or other.") var kind: OperatorKind
    func run() async throws { try await incident.act(IncidentActRequest(.operator, operatorKind: kind)) }
  }

  struct Log: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Writes into the log what happened.")
    @OptionGroup var incident: ActedIncident
    @Argument(help: "The line.") var text: String
    func run() async throws { try await incident.act(IncidentActRequest(.log, text: text)) }
  }

  struct Comment: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Writes a comment into the log.")
    @OptionGroup var incident: ActedIncident
    @Argument(help: "The comment.") var text: String
    func run() async throws { try await incident.act(IncidentActRequest(.comment, text: text)) }
  }
}
