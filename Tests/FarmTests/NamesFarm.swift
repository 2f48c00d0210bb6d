import Engines
import Foundation
import Records
import Wire

/// The farm of names: its process, started by a test, ended by its own id, its servers with it.
final class NamesFarm: @unchecked Sendable {
  // Sendable unchecked: nothing here changes after the start.
  private struct Told: Decodable {
    var error: String?
    var zones: [NameZone]?
    var addresses: [String: String]?
    var port: UInt16?
    var anchor: String?
    var trust: String?
  }

  let zones: [NameZone]
  let port: UInt16
  /// By the server's name in the table.
  let addresses: [String: IPAddress]
  private let anchor: String
  private let trust: String
  private let process: Process
  private let input: Pipe

  /// All zones, or the named ones; waits until each server has said that it answers.
  init(only names: [String] = []) throws {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Farm/zones/zones.py")
      .standardized
    let (process, input, output) = (Process(), Pipe(), Pipe())
    // Debian's own Python is the one that has python3-yaml.
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-B", script.path] + (names.isEmpty ? [] : ["--only", names.joined(separator: ",")])
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    (self.process, self.input) = (process, input)
    do {
      // Ends with a line or with the farm, which gives its own programs their time.
      let line = NamesFarm.line(of: output)
      let told = try JSONDecoder().decode(Told.self, from: line)
      guard let zones = told.zones, let port = told.port, let anchor = told.anchor, let trust = told.trust else {
        throw Farm.Failure(description: "the farm of names does not stand: " + (told.error ?? "it did not say why"))
      }
      (self.zones, self.port, self.anchor, self.trust) = (zones, port, anchor, trust)
      addresses = (told.addresses ?? [:]).compactMapValues { IPAddress($0) }
    } catch {
      NamesFarm.end(process, input)
      throw error
    }
  }

  deinit { stop() }
  func stop() { NamesFarm.end(process, input) }

  private static func end(_ process: Process, _ input: Pipe) {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  private static func line(of pipe: Pipe) -> Data {
    var bytes = Data()
    while bytes.last != UInt8(ascii: "\n") {
      let more = pipe.fileHandleForReading.availableData
      if more.isEmpty { break }
      bytes += more
    }
    return bytes
  }

  /// The closed world: every zone is asked of its own servers, and the root's key is the only one that is trusted.
  var settings: ScanContext.Settings {
    var settings = ScanContext.Settings()
    settings.policy = AddressPolicy(allowed: [IPPrefix("127.0.0.0/8")].compactMap(\.self))
    settings.limits = .lab
    settings.trustFile = trust
    var stubs: [ResolverSettings.Stub] = []
    for zone in [".", "example", "city", "lab"] { stubs += stub(zone, ["north", "south"]) }
    for zone in zones { stubs += stub(zone.zone, zone.servers) }
    settings.resolver.stubs = stubs
    settings.resolver.anchors = [anchor]
    settings.resolver.authorityPort = port
    settings.resolver.policyPort = port
    return settings
  }

  private func stub(_ zone: String, _ servers: [String]) -> [ResolverSettings.Stub] {
    servers.compactMap { addresses[$0] }.map { .init(zone: zone, server: .init($0, port: port)) }
  }
}

/// A row of the table `Tests/Farm/zones/zones.yaml`, which says what each word means.
struct NameZone: Decodable, Sendable {
  var name: String
  var zone: String
  var target: String
  var signed: String
  var validity: String
  var delegation: String
  var tampered: Bool
  var servers: [String]
  var transfer: Bool
  var a: [String]
  var aaaa: [String]
  var alias: String
  var hasTLSA: Bool
  var known: [String: [String]]
  var weak: [String]
  var idle: [String]
  var open: [String: String]
  var either: [String]
  var sees: FarmServer.Sight
  var reasons: [String]
}
