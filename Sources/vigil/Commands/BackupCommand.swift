import ArgumentParser
import ControlAPI
import Glibc
import Hub
import Records
import Store

struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Writes a whole, consistent copy of the store while the hub works.")
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @Argument(help: "The new file.") var file: String

  func run() async throws {
    let request = BackupRequest(path: AbsolutePath.of(file))
    let report = try await ProgressBar.waiting(
      BilingualText(en: "copying the store", zh: "备份"), isJSON: look.json, LanguageOption.configured(hub.config)
    ) {
      try await hub.client().call(API.backup, request)
    }
    if look.json { return try look.objects([report]) }
    Console.out.line("\(report.path): \(report.bytes) bytes")
  }
}

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Puts a backup in the store's place; the hub goes on with it.",
    discussion: """
      With --offline no hub is asked: for a store so damaged that no hub starts on it. What was there is kept beside it.
      """)
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @Flag(help: "No hub runs: into the data folder of --config, or --data.") var offline = false
  @Option(help: "The data folder, with --offline.") var data: String?
  @Argument(help: "The backup's file.") var file: String

  func run() async throws {
    if offline { return try putBack() }
    let request = BackupRequest(path: AbsolutePath.of(file))
    let report = try await ProgressBar.waiting(
      BilingualText(en: "restoring the store", zh: "恢复"), isJSON: look.json, LanguageOption.configured(hub.config)
    ) {
      try await hub.client().call(API.restore, request)
    }
    if look.json { return try look.objects([report]) }
    Console.out.line("the store is now that of \(report.path) (\(report.bytes) bytes)")
  }

  private func putBack() throws {
    let folder = try data ?? ConfigurationFile.read(hub.config).data.path
    let user = geteuid()
    let name = unsafe getpwuid(user).map { unsafe String(cString: $0.pointee.pw_name) } ?? "uid \(user)"
    do {
      let kept = try Store.restore(
        folder: folder, from: AbsolutePath.of(file), by: Actor(name: name, origin: "unix uid \(user), offline"),
        at: WallClock.system.now())
      Console.out.line("the store in \(folder) is now that of \(file)")
      if let kept { Console.out.line("what was there is \(kept)") }
    } catch {
      throw OperatorMistake(
        "restore.\(error.code.rawValue)", error.sentence, hint: error.hint.isEmpty ? nil : error.hint)
    }
  }
}

/// The hub has another working folder than the command.
enum AbsolutePath {
  static func of(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let folder = unsafe getcwd(nil, 0) else { return path }
    defer { unsafe free(folder) }
    return unsafe String(cString: folder) + "/" + path
  }
}
