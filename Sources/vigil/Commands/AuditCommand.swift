import ArgumentParser
import ControlAPI
import Records
import Store

struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Who did what, and whether that log is whole.",
    subcommands: [List.self, Verify.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Entries, newest first.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Option(help: "At most so many entries.") var limit = 50
    @Argument(help: "For example: who:li act:close on:queue/17 since:24h") var filter: [String] = []

    func run() async throws {
      let request = ListRequest(
        filter: filter.joined(separator: " "), limit: min(max(limit, 1), ListRequest.longestPage))
      let page = try await hub.client().call(API.audit, request)
      if look.json { return try look.objects(page.items) }
      for entry in page.items { Console.out.line(AuditLines.line(entry)) }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Walks the chain of the log: whole (0), broken (1) or not readable (2).",
      discussion: """
        Asks the hub, or reads a store that rests (--store; its head file is looked for beside it) or a backup
        (--backup; it has no head). The last line is worth noting on paper: given later as --expect it shows that
        nobody has written the log anew since.
        """)
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Option(help: "The file of a store, vigil.sqlite.") var store: String?
    @Option(help: "The file of a backup.") var backup: String?
    @Option(help: "An entry with its hash, noted earlier, as 17:5f...; may be given again.") var expect: [String] = []
    @Option(help: "Begin behind this entry, taken as it is: to go on behind a break that is known.") var after: Int64 =
      0

    func validate() throws {
      if store != nil, backup != nil { throw ValidationError("give --store or --backup, not both") }
      if after < 0 { throw ValidationError("--after wants an entry's number") }
    }

    func run() async throws {
      let verdict = try await verdict(try AuditVerifyRequest.digests(expect))
      if look.json {
        try look.objects([verdict])
      } else {
        AuditLines.lines(verdict).forEach(Console.out.line)
      }
      if verdict.fault != nil { throw ExitCode(1) }
    }

    private func verdict(_ expected: [AuditDigest]) async throws -> AuditVerdict {
      guard let file = store ?? backup else {
        let request = AuditVerifyRequest(after: after, expected: expected)
        return try await ProgressBar.waiting(
          BilingualText(en: "walking the log", zh: "核对日志"), isJSON: look.json, LanguageOption.configured(hub.config)
        ) {
          try await hub.client(timeoutMilliseconds: 600_000).call(API.verifyAudit, request)
        }
      }
      do {
        return try Store.verifyAudit(file: file, isBackup: backup != nil, after: after, expected: expected)
      } catch {
        throw OperatorMistake(
          "audit.\(error.code.rawValue)", error.sentence, hint: error.hint.isEmpty ? nil : error.hint)
      }
    }
  }
}

/// How the audit log looks: plain lines.
enum AuditLines {
  static func line(_ entry: AuditEntry) -> String {
    let change = [entry.before, entry.after].map { $0.map { Table.harmless(String($0.prefix(200))) } ?? "-" }
    return "\(entry.id)\t\(entry.time.text)\t\(Table.harmless(entry.actor.name))\t\(Table.harmless(entry.actor.origin))"
      + "\t\(entry.act)\t\(Table.harmless(entry.subject))\t\(change.joined(separator: " -> "))"
  }

  static func lines(_ verdict: AuditVerdict) -> [String] {
    var lines: [String] = []
    if let fault = verdict.fault {
      let time = fault.time.map { ", \($0.text)" } ?? ""
      lines.append("BROKEN at entry \(fault.id)\(time) (\(fault.kind.rawValue)): \(Table.harmless(fault.sentence))")
      lines.append("\(verdict.entries) entries before it are whole")
    } else {
      lines.append(
        "whole: \(verdict.entries) entries" + (verdict.head == nil ? ", no head file to hold them against" : ""))
    }
    for id in verdict.restores { lines.append("entry \(id) is a restore: what a backup took the place of is not here") }
    if let last = verdict.last { lines.append("last: \(last)") }
    return lines
  }
}
