import Foundation

/// `Tests/Hostile/servers.py`, until the test ends: the port of each server by its name.
final class HostileServers: Sendable {
  private let child: Child
  let ports: [String: String]

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Hostile").path

  init() async throws {
    let child = try Child(["python3", HostileServers.folder + "/servers.py"])
    let isUp = await eventually(within: 30) { child.lines.last?.text == "ready" || child.status != nil }
    guard isUp, child.status == nil else { throw Failure("the servers did not start: \(child.complaint)") }
    self.child = child
    let words = child.lines.map { $0.text.split(separator: " ").map(String.init) }.filter { $0.count == 2 }
    ports = Dictionary(uniqueKeysWithValues: words.map { ($0[0], $0[1]) })
  }

  func port(_ name: String) throws -> String {
    guard let port = ports[name] else { throw Failure("no server is called \(name)") }
    return port
  }
}

/// A finished command with the most memory that it ever held.
struct Measured {
  let answer: Answer
  let seconds: Double
  /// Resident, in MiB.
  let peak: Int

  /// A parent of its own waits for it, so that the kernel's figure is of this child alone.
  init(_ words: [String], environment: [String: String] = [:], within limit: Double) async throws {
    let program = """
      import resource, subprocess, sys
      status = subprocess.call(sys.argv[1:])
      print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
      sys.exit(status)
      """
    let begun = Moment.now
    let child = try Child(["python3", "-c", program] + words, environment: environment)
    let status = try await child.end(within: limit)
    seconds = Moment.now - begun
    let last = child.complaint.split(separator: "\n").last?.split(separator: " ") ?? []
    guard last.count == 2, last[0] == "peak", let kibi = Int(last[1]) else {
      throw Failure("no measure: \(child.complaint)")
    }
    peak = kibi >> 10
    answer = Answer(status: status, output: child.output, complaint: child.complaint)
  }
}
