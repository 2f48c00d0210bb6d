import ControlAPI
import Foundation
import Glibc
import Records
import Testing

/// A hub whose data folder may be a small disk of its own, and a follower that brings it alerts from a file.
final class HubAtFault: Sendable {
  let space: Workspace
  let config: String
  /// The data folder as this process reaches it.
  private let reach: Guarded<String>
  private let holder = Guarded<Child?>(nil)
  private let running = Guarded<Child?>(nil)
  private let follower = Guarded<Child?>(nil)
  private let sent = Guarded(0)
  /// Of the disk; nil: the machine's own.
  private let kilobytes: Int?

  init(diskOf kilobytes: Int? = nil) async throws {
    space = try Workspace()
    self.kilobytes = kilobytes
    reach = Guarded(space.file("disk/data"))
    try FileManager.default.createDirectory(atPath: space.file("disk"), withIntermediateDirectories: false)
    config = try space.write(
      "vigil.yaml", "data: \(space.file("disk/data"))\nsensor: {enabled: no}\nscan: {enabled: no}\n")
    try await makeDisk()
    try await start()
  }

  var data: String { reach.with { $0 } }
  var client: Client { Client(socket: data + "/run/api.sock", timeoutMilliseconds: 20_000) }
  var hub: Child { get throws { try #require(running.with { $0 }) } }
  var said: String { (try? hub.complaint) ?? "" }

  /// A process that does nothing, in whose namespace the small disk is: it outlives the hub.
  private func makeDisk() async throws {
    guard let kilobytes else { return }
    let script = "mount -t tmpfs -o size=\(kilobytes)k,mode=755 none \"$0\" && echo mounted && exec sleep 600"
    let child = try Child(["unshare", "-m", "sh", "-c", script, space.file("disk")])
    try await require("a small disk", within: 20) { child.output.contains("mounted") }
    reach.with { $0 = "/proc/\(child.pid)/root" + space.file("disk/data") }
    holder.with { $0 = child }
  }

  func start() async throws {
    let inside = holder.with { $0 }.map { ["nsenter", "-t", "\($0.pid)", "-m"] } ?? []
    let child = try Child(inside + [VigilBinary.path, "hub", "--config", config])
    running.with { $0 = child }
    try await require("a hub", within: 30) {
      if let status = child.status { throw Failure("the hub ended with \(status): \(child.complaint)") }
      return child.output.contains("hub ready")
    }
  }

  func stop() async throws {
    let child = try hub
    child.send(SIGTERM)
    #expect(try await child.end() == 0)
  }

  /// Writes so many more alerts into the file that is followed, each with a rule of its own.
  func send(_ count: Int) throws {
    let first = sent.with { sent in
      defer { sent += count }
      return sent
    }
    let lines = (first..<(first + count)).map { number in
      "{\"timestamp\":\"2026-01-01T00:00:00.000000+0000\",\"event_type\":\"alert\",\"src_ip\":\"192.0.2.1\",\"src_port\":1,"
        + "\"dest_ip\":\"10.0.0.1\",\"dest_port\":80,\"proto\":\"TCP\",\"alert\":{\"action\":\"allowed\",\"gid\":1,"
        + "\"signature_id\":\(number + 1),\"rev\":1,\"signature\":\"rule \(number)\",\"category\":\"\",\"severity\":1}}\n"
    }
    let path = space.file("eve.json")
    if !FileManager.default.fileExists(atPath: path) { try space.write("eve.json", "") }
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(lines.joined().utf8))
    try handle.close()
  }

  /// Follows the file until the test ends; it lives on while the hub is away.
  func follow() throws {
    let child = try Child([
      VigilBinary.path, "ingest", "eve", space.file("eve.json"), "--socket", data + "/run/api.sock",
    ])
    follower.with { $0 = child }
  }

  /// All that was sent is stored, each once.
  func requireAll(within seconds: Double = 60) async throws {
    let count = sent.with { $0 }
    try await require("all \(count) alerts stored", within: seconds) { try await rows().count == count }
    #expect(try await rows().allSatisfy { $0.row.count == 1 }, "an alert was stored twice")
  }

  /// Of each rule, gathered or not: many rules of one source are shown as one row.
  func rows() async throws -> [QueueItem] {
    var (items, offset) = ([QueueItem](), 0)
    while true {
      let asked = ListRequest(filter: "wing:sensor place:shown,member", limit: 500, offset: offset)
      let page = try await client.call(API.queue, asked)
      items += page.items.filter { $0.row.gathering == nil }
      offset += page.items.count
      if page.items.count < 500 { return items }
    }
  }

  func reasons() async throws -> String { try await client.call(API.health).reasons.joined(separator: "\n") }

  func requireWell() async throws {
    let isWell = try await eventually(within: 30) { try await reasons().isEmpty }
    if !isWell { throw Failure("the hub still ails: \(try await reasons())") }
  }

  /// Why an act is refused; nil where it is done.
  func refusal(of id: Int64) async throws -> APIProblem? {
    do {
      _ = try await client.call(API.act, ActRequest(ids: [id], act: .comment, comment: "a word"))
      return nil
    } catch let problem as APIProblem {
      return problem
    }
  }

  func isAuditWhole() async throws -> Bool { try await client.call(API.verifyAudit, AuditVerifyRequest()).fault == nil }
}
