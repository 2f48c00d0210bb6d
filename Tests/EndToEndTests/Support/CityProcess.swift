import Foundation
import Glibc

/// `vigil demo-city --sites` as a process, told by lines what to do; its truth is read from its files.
final class CityProcess: Sendable {
  /// What is true of one site, by its id in the inventory.
  struct SiteTruth: Sendable {
    var site: String
    var target: String
    var traits: Set<String>
    var yes: Set<String>
    /// Checks, and groups that end in `.*`.
    var open: Set<String>
    var isPlain: Bool { target.hasPrefix("http://") }

    enum Answer { case yes, no, open }
    func answer(_ check: String) -> Answer {
      if yes.contains(check) { return .yes }
      return open.contains(check) || open.contains(check.prefix { $0 != "." } + ".*") ? .open : .no
    }
  }

  let folder: String
  let seed: UInt64
  private let child: Child
  private let words: Int32

  /// On ports of its own; waits until it serves.
  init(_ space: Workspace, sites: Int, faults: Int = 0, seed: UInt64 = UInt64.random(in: 0...UInt64(UInt32.max)))
    async throws
  {
    (folder, self.seed) = (space.file("city"), seed)
    // Held open at both ends: the city lives as long as somebody may still tell it something.
    let pipe = space.file("words")
    guard unsafe mkfifo(pipe, 0o600) == 0 else { throw Failure("no pipe for the city's words: error \(errno)") }
    words = unsafe open(pipe, O_RDWR | O_CLOEXEC)
    let port = UInt16.random(in: 14_000...14_900) * 2
    child = try Child(
      [VigilBinary.path, "demo-city", "--folder", folder, "--sites", "\(sites)", "--faults", "\(faults)"]
        + ["--seed", "\(seed)", "--tls-port", "\(port)", "--plain-port", "\(port + 1)"], input: pipe)
    let child = child
    let isUp = await eventually(within: 60) { child.output.contains("city ready") || child.status != nil }
    guard isUp, child.status == nil else { throw Failure("the city did not start: \(child.output) \(child.complaint)") }
  }

  deinit {
    child.kill()
    close(words)
  }

  func truth() throws -> [SiteTruth] {
    let text = try String(contentsOfFile: folder + "/truth.jsonl", encoding: .utf8)
    return text.split(separator: "\n").compactMap { line in
      guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let site = object["site"] as? String, let target = object["target"] as? String
      else { return nil }
      func set(_ name: String) -> Set<String> { Set(object[name] as? [String] ?? []) }
      return SiteTruth(
        site: site, target: target, traits: set("traits"), yes: set("yes"), open: set("notDetermined"))
    }
  }
}
