import Foundation
import Glibc
import Testing

extension EndToEnd {
  @Suite(.serialized, .enabled(if: Network.works, Comment(rawValue: Network.reason)), .timeLimit(.minutes(3)))
  struct LiveTests {
    @Test("a capture replayed at full speed gives every alert once, soon, and in EVE")
    func replay() async throws {
      let watch = try await RunningWatch()
      let tail = try watch.tail()
      let count = 400
      let frames = (0..<count).map { Attack.frames($0) }
      let link = watch.link
      let sent = try await onThread {
        try frames.map { conversation in
          for frame in conversation { try link.send(frame) }
          return Moment.now
        }
      }
      try await require("every alert", within: 20) { tail.times.count >= count }
      let delays = tail.times.map { $0.value - sent[$0.key] }
      let figures = Figures(delays)
      let seconds = (sent.last ?? 0) - (sent.first ?? 0)
      print(
        "figure: \(count) attacks in \(frames.joined().count) packets sent in \(Int(seconds * 1000)) ms; "
          + "packet to line of vigil tail: \(figures.milliseconds)")
      #expect(figures.share(0.99) < 5)
      let rows = try await watch.objects("alerts", "list")
      let row = try #require(rows.first?["row"] as? [String: Any])
      let id = try #require(row["id"] as? Int)
      let rule = try await watch.objects("alerts", "show", "\(id)").first?["rule"] as? [String: Any]
      #expect((rule?["text"] as? String).map { $0 + "\n" } == Attack.rule)
      let opened = try await watch.ask(["alerts", "show", "\(id)"]).output
      #expect(opened.contains(#"it has "/attack-""#), "\(opened)")
      #expect(try await watch.stop() == 0)
      #expect(tail.doubled.isEmpty)
      #expect(tail.times.count == count)
      #expect(watch.eveLines().compactMap(Attack.number).sorted() == Array(0..<count))
      let total = rows.compactMap { ($0["row"] as? [String: Any])?["count"] as? Int }.reduce(0, +)
      #expect(total == count, "\(rows)")
    }

    @Test("the sensor of a watch that root started is another user, who reaches nothing but its own")
    func privileges() async throws {
      let watch = try await RunningWatch()
      let pid = try #require(watch.pid(of: "sensor"))
      let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
      #expect(status.contains("NoNewPrivs:\t1"))
      let user = status.split(separator: "\n").first { $0.hasPrefix("Uid:") }
      #expect(user?.split(separator: "\t").dropFirst().allSatisfy { $0 == "65534" } == true, "\(status)")
      let data = watch.space.file("data")
      func open(_ path: String) async throws -> Bool {
        let child = try Child(
          ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "cat", "\(data)/\(path)"])
        return try await child.end() == 0
      }
      for secret in ["vigil.sqlite", "masking.key", "run", "log", "hub.lock"] {
        #expect(try await !open(secret), "\(secret)")
      }
      #expect(try await !open("run/api.sock"))
      let mode = { (path: String) -> Int in
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(data)/\(path)")
        return attributes[.posixPermissions] as? Int ?? 0
      }
      #expect(try mode("run") == 0o700)
      #expect(try mode("run/api.sock") == 0o600)
      #expect(try mode("ingest/ingest.sock") == 0o600)
    }

    @Test("when the supervisor is killed, its roles end with it")
    func supervisorDies() async throws {
      let watch = try await RunningWatch()
      let roles = ["hub", "sensor"].compactMap { watch.pid(of: $0) }
      #expect(roles.count == 2)
      watch.up.kill()
      try await require("all have ended", within: 15) { roles.allSatisfy { Glibc.kill($0, 0) != 0 } }
    }

    @Test("EVE goes on in a new file after logrotate's SIGHUP, and rotates by itself when it is full")
    func rotation() async throws {
      let watch = try await RunningWatch(eve: "eve: {rotateSize: 20kb, types: [alert]}\n")
      let tail = try watch.tail()
      let eve = watch.space.file("data/eve/eve.json")
      for frame in Attack.frames(1) { try watch.link.send(frame) }
      try await require("the first alert", within: 10) { tail.times.count == 1 }
      try FileManager.default.moveItem(atPath: eve, toPath: eve + ".moved")
      watch.up.send(SIGHUP)
      try await require("a fresh file", within: 10) { FileManager.default.fileExists(atPath: eve) }
      for number in 2...60 { for frame in Attack.frames(number) { try watch.link.send(frame) } }
      try await require("the rest", within: 10) { tail.times.count == 60 }
      #expect(try await watch.stop() == 0)
      #expect(watch.eveLines().compactMap(Attack.number).sorted() == Array(1...60))
      let names = try FileManager.default.contentsOfDirectory(atPath: watch.space.file("data/eve"))
      #expect(names.count > 2, "\(names)")
    }
  }
}
