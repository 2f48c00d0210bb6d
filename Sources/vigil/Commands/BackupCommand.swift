import ArgumentParser
import ControlAPI
import Glibc

struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Writes a whole, consistent copy of the store while the hub works.")
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @Argument(help: "The new file.") var file: String

  func run() async throws {
    let report = try await hub.client().call(API.backup, BackupRequest(path: AbsolutePath.of(file)))
    if look.json { return try look.objects([report]) }
    Console.out.line("\(report.path): \(report.bytes) bytes")
  }
}

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Puts a backup in the store's place; the hub goes on with it.")
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @Argument(help: "The backup's file.") var file: String

  func run() async throws {
    let report = try await hub.client().call(API.restore, BackupRequest(path: AbsolutePath.of(file)))
    if look.json { return try look.objects([report]) }
    Console.out.line("the store is now that of \(report.path) (\(report.bytes) bytes)")
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
