import Foundation
import Testing

extension EndToEnd {
  /// What an operator does wrong: the status, the sentence, and nothing lost.
  @Suite(.serialized, .timeLimit(.minutes(2)))
  struct OperationsTests {
    let space: Workspace
    let config: String
    init() throws {
      space = try Workspace()
      config = try space.write(
        "vigil.yaml", "data: \(space.file("data"))\nsensor: {enabled: no}\nscan: {enabled: no}\n")
    }

    private func hub() async throws -> Child {
      let hub = try Child([VigilBinary.path, "hub", "--config", config])
      try await require("a hub", within: 20) { hub.output.contains("hub ready") }
      return hub
    }

    @Test("a second hub on the same store ends with a sentence; the first goes on")
    func secondHub() async throws {
      let first = try await hub()
      let second = try await vigil("hub", "--config", config)
      #expect(second.status == 2)
      print("figure: a second hub says: \(second.complaint)")
      #expect(second.complaint.contains("in use") || second.complaint.contains("another"))
      #expect(second.complaint.split(separator: "\n").count <= 2)
      let up = try await vigil("up", "--config", config)
      #expect(up.status == 2)
      #expect(try await vigil("alerts", "list", "--config", config).status == 0)
      first.send(15)
      #expect(try await first.end() == 0)
    }

    @Test("a socket that somebody answers on, or something else in its place, is told and left alone")
    func socketInUse() async throws {
      let first = try await hub()
      first.kill()
      let path = space.file("data/run/api.sock")
      try FileManager.default.removeItem(atPath: path)
      try space.write("data/run/api.sock", "a letter")
      let inTheWay = try await vigil("hub", "--config", config)
      #expect(inTheWay.status == 2)
      #expect(inTheWay.complaint.contains("something that is not a socket is in the way"))
      try FileManager.default.removeItem(atPath: path)
      let holder = try Child([
        "python3", "-c",
        "import socket,sys,time; s=socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print('ready',flush=True); time.sleep(60)",
        path,
      ])
      try await require("a stranger on the socket", within: 10) { holder.output.contains("ready") }
      let used = try await vigil("hub", "--config", config)
      #expect(used.status == 2)
      #expect(used.complaint.contains("another process answers on this socket"))
      holder.kill()
      let again = try await hub()
      again.send(15)
      #expect(try await again.end() == 0)
    }

    @Test("with no hub, commands say which socket did not answer and what starts one")
    func noHub() async throws {
      let answer = try await vigil("alerts", "list", "--config", config)
      #expect(answer.status == 2)
      #expect(answer.complaint.contains("vigil hub") || answer.complaint.contains("vigil up"))
    }

    @Test("a key that the configuration does not know is an error with its place")
    func unknownKey() async throws {
      let bad = try space.write("bad.yaml", "data: \(space.file("data"))\nsensr: {enabled: no}\n")
      let answer = try await vigil("hub", "--config", bad)
      #expect(answer.status == 2)
      #expect(answer.complaint.contains("bad.yaml:2:1"))
      #expect(answer.complaint.contains("sensor"))
    }

    @Test("an interface that does not exist is told once in a sentence, and the rest runs")
    func noInterface() async throws {
      let config = try space.write(
        "blind.yaml", "data: \(space.file("data"))\nsensor: {interface: nosuch0}\nscan: {enabled: no}\n")
      let up = try Child([VigilBinary.path, "up", "--config", config])
      try await require("the hub, and a word on the interface", within: 20) {
        up.output.contains("hub ready") && up.output.contains("nosuch0")
      }
      #expect(try await vigil("alerts", "list", "--config", config).status == 0)
      up.send(15)
      #expect(try await up.end() == 0)
      #expect(!up.output.contains("Fatal error"))
    }

    @Test(
      "a store on a full disk: what was stored is kept, and the hub says why it ails",
      .enabled(if: Network.works, Comment(rawValue: Network.reason)))
    func fullStore() async throws {
      let eve = (0..<12_000).map { number in
        "{\"timestamp\":\"2026-01-01T00:00:00.000000+0000\",\"event_type\":\"alert\",\"src_ip\":\"192.0.2.1\",\"src_port\":1,"
          + "\"dest_ip\":\"10.0.0.1\",\"dest_port\":80,\"proto\":\"TCP\",\"alert\":{\"action\":\"allowed\",\"gid\":1,"
          + "\"signature_id\":\(number % 7 + 1),\"rev\":1,\"signature\":\"a rule with a name\",\"category\":\"\",\"severity\":1}}"
      }
      try space.write("eve.json", eve.joined(separator: "\n") + "\n")
      let script = """
        mkdir -p '\(space.path)/disk' && mount -t tmpfs -o size=2200k,mode=755 none '\(space.path)/disk' || exit 9
        printf 'data: \(space.path)/disk/data\\nsensor: {enabled: no}\\nscan: {enabled: no}\\n' > '\(space.path)/small.yaml'
        '\(VigilBinary.path)' hub --config '\(space.path)/small.yaml' > '\(space.path)/hub.txt' 2>&1 & hub=$!
        i=0; while ! grep -q 'hub ready' '\(space.path)/hub.txt' && [ $i -lt 200 ]; do sleep 0.1; i=$((i+1)); done
        timeout -s INT 8 '\(VigilBinary.path)' ingest eve '\(space.path)/eve.json' --config '\(space.path)/small.yaml'
        '\(VigilBinary.path)' alerts list --json --config '\(space.path)/small.yaml' > '\(space.path)/rows.txt'
        echo rows $?; kill -TERM $hub; wait $hub; echo hub $?
        """
      let child = try Child(["unshare", "-m", "sh", "-c", script])
      #expect(try await child.end(within: 60) == 0, "\(child.complaint)")
      #expect(child.output.contains("rows 0"), "\(child.output) \(child.complaint)")
      #expect(child.output.contains("hub 0"), "\(child.output)")
      let said = child.complaint + space.text("hub.txt")
      #expect(said.contains("full"), "\(said.prefix(2000))")
      #expect(!said.contains("Fatal error"))
    }

    @Test(
      "on a fresh machine `up` writes a configuration with every key, in a folder that it makes, and goes on",
      .enabled(if: Network.works, Comment(rawValue: Network.reason)))
    func freshMachine() async throws {
      let path = space.file("fresh/vigil.yaml")
      // An empty /var/lib of its own: the default data folder of root lies there.
      let script = "mount -t tmpfs none /var/lib && exec \"$0\" up --config \"$1\""
      let up = try Child(["unshare", "-m", "sh", "-c", script, VigilBinary.path, path])
      try await require("a hub on the written configuration", within: 30) { up.output.contains("hub ready") }
      #expect(up.complaint.contains("wrote \(path)"))
      #expect(up.complaint.contains("no interface is named"))
      #expect(space.text("fresh/vigil.yaml").contains("interface: \"\""))
      up.send(15)
      #expect(try await up.end() == 0)
    }
  }
}
