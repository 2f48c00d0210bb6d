import Foundation
import Glibc

/// Where bundles are made and brought in.
final class Office: Sendable {
  let space: Workspace
  let config: String

  init() async throws {
    space = try Workspace()
    config = try space.write("vigil.yaml", "data: \(space.file("data"))\ncontent: {keys: [maker.pub]}\n")
    try await makeKeys()
  }

  init(_ space: Workspace, config: String) async throws {
    (self.space, self.config) = (space, config)
    try await makeKeys()
  }

  private func makeKeys() async throws {
    for name in ["maker", "stranger"] {
      let made = try await vigil("content", "key", space.file(name))
      guard made.status == 0 else { throw Failure("no key: \(made.complaint)") }
    }
  }

  func start(_ words: [String]) throws -> Child {
    try Child([VigilBinary.path, "content"] + words + ["--config", config])
  }

  func content(_ words: [String]) async throws -> Answer {
    let child = try start(words)
    return Answer(status: try await child.end(within: 60), output: child.output, complaint: child.complaint)
  }

  func pack(
    _ name: String, _ files: [String: String], signed: Bool = true, key: String = "maker"
  ) async throws -> String {
    for (path, text) in files {
      let url = URL(fileURLWithPath: space.file("\(name)/\(path)"))
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    let bundle = space.file("\(name).vigil")
    let words = ["pack", space.file(name), "--output", bundle, "--named", name]
    let child = try Child([VigilBinary.path, "content"] + words + (signed ? ["--key", space.file(key)] : []))
    guard try await child.end(within: 60) == 0 else { throw Failure("not packed: \(child.complaint)") }
    return bundle
  }

  /// Enough files that an import takes a moment.
  func manyRules(_ name: String) async throws -> String {
    var files: [String: String] = [:]
    for number in 0..<150 {
      files["rules/\(number).rules"] =
        "alert tcp any any -> any any (msg:\"\(name) \(number)\"; content:\"\(name)\"; sid:\(8_000_000 + number); rev:1;)\n"
    }
    return try await pack(name, files)
  }

  func digest(of bundle: String) async throws -> String { String(try await run(["sha256sum", bundle]).prefix(64)) }

  /// The digest of the rules in force, nil for the program's own; every file of it was held against its manifest.
  func inForce() async throws -> String? {
    let answer = try await content(["show"])
    guard answer.status == 0 else { throw Failure("what is in force is not whole: \(answer.complaint)") }
    let digest = try await show().digest
    return digest.isEmpty ? nil : digest
  }

  /// Waits for the `count`th change of a folder's names, on a thread of its own, or for the end of `child`.
  func change(_ count: Int, of folder: String, by child: Child) async {
    let path = space.file(folder)
    _ = try? await onThread {
      var (last, seen) = (Office.stamp(path), 0)
      while seen < count, child.status == nil {
        let now = Office.stamp(path)
        if now != last { (last, seen) = (now, seen + 1) }
      }
    }
  }

  private static func stamp(_ path: String) -> [Int] {
    var state = stat()
    guard unsafe stat(path, &state) == 0 else { return [] }
    return [state.st_mtim.tv_sec, state.st_mtim.tv_nsec]
  }

  func show() async throws -> (digest: String, version: String) {
    let answer = try await content(["show", "--json"])
    let report = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any]
    let rules = (report?["kinds"] as? [[String: Any]])?.first { $0["kind"] as? String == "rules" }
    return (rules?["digest"] as? String ?? "", rules?["version"] as? String ?? "")
  }

  /// The tree that comes with the program, one of its titles changed.
  func shippedPosture(renaming file: String) throws -> (files: [String: String], title: String) {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    var files: [String: String] = [:]
    for name in FileManager.default.enumerator(atPath: root + "/Rules/posture")?.compactMap({ $0 as? String }) ?? []
    where name.hasSuffix(".yaml") {
      files["posture/" + name] = try String(contentsOfFile: root + "/Rules/posture/" + name, encoding: .utf8)
    }
    let changed = file.replacing("Rules/", with: "")
    let title = "A title that came by bundle"
    let lines = (files[changed] ?? "").components(separatedBy: "\n")
    guard let place = lines.lastIndex(where: { $0.contains("title:") && $0.contains("en:") }) else {
      throw Failure("\(changed) has no title to change")
    }
    var fresh = lines
    fresh[place] = fresh[place].replacing(/en: ("[^"]*"|[^,}]*)/, with: "en: \(title)")
    files[changed] = fresh.joined(separator: "\n")
    return (files, title)
  }
}

extension RunningWatch {
  /// What the API says to a GET, with its head.
  func api(_ path: String) async throws -> String {
    try await run([
      "python3", "-c",
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
      s.sendall(('GET %s HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' % sys.argv[2]).encode())
      while True:
          b = s.recv(65536)
          if not b: break
          sys.stdout.write(b.decode())
      """, space.file("data/run/api.sock"), path,
    ])
  }

  func report() async throws -> (
    serial: Int, behind: Int, versions: [String: String], ages: [String: Double]
  ) {
    let answer = try await api("/v1/content")
    guard let start = answer.firstIndex(of: "{"),
      let object = try JSONSerialization.jsonObject(with: Data(answer[start...].utf8)) as? [String: Any]
    else { throw Failure("no report: \(answer)") }
    var (versions, ages): ([String: String], [String: Double]) = ([:], [:])
    for item in object["kinds"] as? [[String: Any]] ?? [] {
      guard let kind = item["kind"] as? String else { continue }
      versions[kind] = item["version"] as? String
      ages[kind] = item["ageSeconds"] as? Double
    }
    return (object["serial"] as? Int ?? -1, (object["behind"] as? [Any])?.count ?? -1, versions, ages)
  }
}
