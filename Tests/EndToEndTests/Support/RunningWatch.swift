import Foundation
import Glibc
import Testing

/// `vigil up` without a terminal, in a namespace, on one end of the veth pair.
final class RunningWatch: Sendable {
  let space: Workspace
  let network: Network
  let link: RawLink
  let config: String
  private let running: Guarded<Child>

  /// `more` is appended to the configuration.
  /// Without `rules` those count that came with the program, or by bundle.
  /// `furnish` is done in the namespace before the watch starts.
  init(
    more: String = "scan: {enabled: no}\n", sensor: String = "", eve: String = "", rules: String? = Attack.rule,
    furnish: (Network, Workspace) async throws -> Void = { _, _ in }
  ) async throws {
    space = try Workspace()
    network = try await Network()
    try await furnish(network, space)
    link = try await network.link("va")
    if let rules { try space.write("e2e.rules", rules) }
    let files = rules == nil ? "" : "files: [e2e.rules], "
    config = try space.write(
      "vigil.yaml",
      """
      city: End to end
      data: \(space.file("data"))
      sensor: {name: veth-sensor, interface: vb\(sensor)}
      rules: {\(files)variables: {HOME_NET: "[10.0.0.0/8]"}}
      \(eve)
      \(more)
      """)
    unsafe _ = chmod(config, 0o600)
    running = Guarded(try RunningWatch.start(network, config))
    try await ready()
  }

  private static func start(_ network: Network, _ config: String) throws -> Child {
    try Child(network.prefix + [VigilBinary.path, "up", "--config", config])
  }

  var up: Child { running.with { $0 } }

  func ready() async throws {
    let up = up
    let isUp = await eventually(within: 30) {
      up.output.contains("hub ready") && up.output.contains("captures on") || up.status != nil
    }
    guard isUp, up.status == nil else { throw Failure("the watch did not start: \(up.output)\n\(up.complaint)") }
  }

  /// Everything is killed and started again.
  func restart() async throws {
    for role in ["hub", "sensor", "scanner"] { pid(of: role).map { _ = kill($0, SIGKILL) } }
    up.kill()
    let fresh = try RunningWatch.start(network, config)
    running.with { $0 = fresh }
    try await ready()
  }

  /// The process of a role, as the supervisor last told it.
  func pid(of role: String) -> pid_t? {
    let line = up.lines.last { $0.text.contains("\(role) runs as process ") }
    return line.flatMap { pid_t($0.text.split(separator: " ").last ?? "") }
  }

  /// Kills a role and waits for its successor; the moment of the kill.
  func murder(_ role: String) async throws -> Double {
    guard let before = pid(of: role) else { throw Failure("no \(role) runs") }
    let moment = Moment.now
    _ = kill(before, SIGKILL)
    try await require("a new \(role)", within: 15) { pid(of: role) != before }
    return moment
  }

  /// A command that asks this watch's hub.
  func ask(_ arguments: [String]) async throws -> Answer {
    let child = try Child(network.prefix + [VigilBinary.path] + arguments + ["--config", config])
    let status = try await child.end()
    return Answer(status: status, output: child.output, complaint: child.complaint)
  }

  /// Objects of a command's `--json`.
  func objects(_ arguments: String...) async throws -> [[String: Any]] {
    let answer = try await ask(arguments + ["--json"])
    guard answer.status == 0 else { throw Failure("\(arguments): \(answer.complaint)") }
    return answer.output.split(separator: "\n").compactMap {
      try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
  }

  func tail() throws -> Tail {
    Tail(try Child(network.prefix + [VigilBinary.path, "tail", "--json", "--since", "1h", "--config", config]))
  }

  func eveLines() -> [String] {
    space.files(below: "data/eve").flatMap { String(decoding: $0.bytes, as: UTF8.self).split(separator: "\n") }
      .map(String.init)
  }

  /// In order, so that all is flushed; then the lines of EVE are complete.
  func stop() async throws -> Int32 {
    up.send(SIGTERM)
    return try await up.end(within: 20)
  }
}

/// What `vigil tail --json` printed about attacks.
final class Tail: Sendable {
  let child: Child
  private let state = Guarded<(read: Int, times: [Int: Double], doubled: [Int], others: [String])>((0, [:], [], []))
  init(_ child: Child) { self.child = child }

  private func take() {
    state.with { state in
      let fresh = child.lines(after: state.read)
      state.read += fresh.count
      for line in fresh {
        guard let number = Attack.number(in: line.text) else {
          state.others.append(line.text)
          continue
        }
        if state.times.updateValue(line.time, forKey: number) != nil { state.doubled.append(number) }
      }
    }
  }

  /// When the line of each attack was printed.
  var times: [Int: Double] {
    take()
    return state.with { $0.times }
  }
  var doubled: [Int] {
    take()
    return state.with { $0.doubled }
  }
  /// Lines about anything else.
  var others: [String] {
    take()
    return state.with { $0.others }
  }
}
