import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
  /// `vigil read` and bad input: the status and the exact sentence.
  @Suite(.serialized, .timeLimit(.minutes(2)))
  struct ReadTests {
    let space: Workspace
    init() throws { space = try Workspace() }

    private static let capture = PcapBuilder().file(
      (1...3).flatMap { Attack.frames($0) }.enumerated().map {
        CapturedPacket($1, nanoseconds: 1_700_000_000_000_000_000 + UInt64($0) * 1_000_000)
      })

    private func events(_ folder: String = "out") -> [[String: Any]] {
      space.text("\(folder)/eve.json").split(separator: "\n").compactMap {
        try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
    }
    private func alerts(_ folder: String = "out") -> Int {
      events(folder).count { $0["event_type"] as? String == "alert" }
    }

    private func read(_ capture: String, _ arguments: String...) async throws -> Answer {
      let rules = try space.write("e2e.rules", Attack.rule)
      let child = try Child(
        [VigilBinary.path, "read", capture, "--output", space.file("out"), "--rules", rules] + arguments)
      let status = try await child.end()
      return Answer(status: status, output: child.output, complaint: child.complaint)
    }

    @Test("a capture is read, and read again to the same lines")
    func whole() async throws {
      let capture = try space.write("three.pcap", Self.capture)
      let answer = try await read(capture)
      #expect(answer.status == 0)
      #expect(answer.complaint == "")
      #expect(alerts() == 3)
      let first = events().count
      #expect(try await read(capture).status == 0)
      #expect(events().count == first)
    }

    @Test("the capture comes from standard input")
    func standardInput() async throws {
      let capture = try space.write("three.pcap", Self.capture)
      let rules = try space.write("e2e.rules", Attack.rule)
      let answer = try await vigil("read", "-", "--output", space.file("out"), "--rules", rules, input: capture)
      #expect(answer.status == 0)
      #expect(alerts() == 3)
    }

    @Test("a missing file is the operator's mistake")
    func missing() async throws {
      let answer = try await read("/nonexistent/x.pcap")
      #expect(answer.status == 2)
      #expect(answer.complaint.contains("there is no file /nonexistent/x.pcap"))
      #expect(answer.complaint.contains("check the path"))
    }

    @Test("a file that is no capture is the operator's mistake")
    func notACapture() async throws {
      let answer = try await read(try space.write("letter.pcap", "Dear Sir or Madam, this is a letter."))
      #expect(answer.status == 2)
      #expect(answer.complaint.contains("letter.pcap"))
      #expect(answer.complaint.split(separator: "\n").count <= 2, "\(answer.complaint)")
    }

    @Test("an empty capture is a capture")
    func empty() async throws {
      let answer = try await read(try space.write("empty.pcap", PcapBuilder().file([])))
      #expect(answer.status == 0)
      #expect(alerts() == 0)
    }

    @Test("a capture that breaks off is read as far as it goes, with a warning and an event")
    func truncated() async throws {
      let answer = try await read(try space.write("cut.pcap", Array(Self.capture.dropLast(7))))
      #expect(answer.status == 0)
      #expect(answer.complaint.contains("warning: "))
      #expect(alerts() == 3)
      #expect(events().contains { ($0["anomaly"] as? [String: Any])?["event"] as? String == "capture.truncated" })
    }

    @Test("a corrupt capture is read as far as it goes, with a warning and an event")
    func corrupt() async throws {
      var bytes = Self.capture
      let place = bytes.count / 2
      bytes.replaceSubrange(place..<place + 400, with: [UInt8](repeating: 0xff, count: 400))
      let answer = try await read(try space.write("bad.pcap", bytes))
      #expect(answer.status == 0)
      #expect(answer.complaint.contains("warning: "))
      #expect(alerts() >= 1)
      #expect(events().contains { ($0["anomaly"] as? [String: Any])?["event"] as? String == "capture.corrupt" })
    }

    @Test("of a rule file with errors the rest loads; rules check says so with its status")
    func badRules() async throws {
      let bad = try space.write(
        "bad.rules",
        "alert http any any -> any any (msg:\"x\"; no_such_keyword:1; sid:1;)\n" + "alert tcp any\n" + Attack.rule)
      let capture = try space.write("three.pcap", Self.capture)
      let answer = try await vigil("read", capture, "--output", space.file("out"), "--rules", bad)
      #expect(answer.status == 0)
      #expect(alerts() == 3)
      #expect(answer.complaint.contains("bad.rules:1:"))
      #expect(answer.complaint.contains("no_such_keyword"))
      #expect(answer.complaint.contains("bad.rules:2:"))
      let check = try await vigil("rules", "check", bad)
      #expect(check.status == 1)
      #expect(check.output.contains("1 rules load, 2 are refused"))
      #expect(try await vigil("rules", "check", try space.write("good.rules", Attack.rule)).status == 0)
    }

    @Test("an unknown key of a suricata.yaml is a warning; a --set without a value is a mistake")
    func configuration() async throws {
      let capture = try space.write("three.pcap", Self.capture)
      let config = try space.write(
        "suricata.yaml", "vars: {address-groups: {HOME_NET: \"10.0.0.0/8\"}}\nflying-saucers: 3\n")
      let warned = try await read(capture, "--config", config)
      #expect(warned.status == 0)
      #expect(warned.complaint.contains("flying-saucers"))
      let refused = try await read(capture, "--set", "no-equals-sign")
      #expect(refused.status == 2)
      #expect(refused.complaint.contains("\"no-equals-sign\" is no key=value"))
      let missing = try await read(capture, "--config", "/nonexistent.yaml")
      #expect(missing.status == 2)
      let broken = try await read(capture, "--config", try space.write("broken.yaml", "a: [1, 2\nb: }"))
      #expect(broken.status == 2)
      #expect(broken.complaint.contains("broken.yaml:"))
    }

    @Test("an output folder that cannot be made is the operator's mistake")
    func output() async throws {
      let capture = try space.write("three.pcap", Self.capture)
      let answer = try await vigil("read", capture, "--output", "/proc/vigil/out")
      #expect(answer.status == 2)
      #expect(answer.complaint.contains("cannot make the folder /proc/vigil/out"))
      let inTheWay = try await vigil("read", capture, "--output", capture)
      #expect(inTheWay.status == 2)
      #expect(inTheWay.complaint.contains("cannot write \(capture)/eve.json: a part of the path is no folder"))
    }

    @Test(
      "on a full disk whole lines are kept, and what is lost is said",
      .enabled(if: Network.works, Comment(rawValue: Network.reason)))
    func fullDisk() async throws {
      let packets = (1...400).flatMap { Attack.frames($0) }.enumerated().map {
        CapturedPacket($1, nanoseconds: 1_700_000_000_000_000_000 + UInt64($0) * 1_000_000)
      }
      let capture = try space.write("many.pcap", PcapBuilder().file(packets))
      let rules = try space.write("e2e.rules", Attack.rule)
      let disk = space.file("disk")
      let script = """
        mkdir '\(disk)' && mount -t tmpfs -o size=64k none '\(disk)' \
        && '\(VigilBinary.path)' read '\(capture)' --output '\(disk)' --rules '\(rules)' && tail -c 1 '\(disk)/eve.json' | od -c
        """
      let child = try Child(["unshare", "-m", "sh", "-c", script])
      #expect(try await child.end() == 0, "\(child.complaint)")
      #expect(child.complaint.contains("the disk is full"))
      #expect(child.complaint.contains("lines are lost"))
      #expect(child.output.contains("\\n"), "the last line is whole")
    }
  }
}
