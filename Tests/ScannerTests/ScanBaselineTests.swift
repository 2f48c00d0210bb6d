import Glibc
import Records
import Scanner
import Testing
import Wire

@Suite struct ScanBaselineTests {
  private let start = Timestamp(seconds: 1_764_100_000)
  private func later(_ days: Int64) -> Timestamp { Timestamp(seconds: 1_764_100_000 + days * 86_400) }

  private func seen(
    _ answers: [(String, String?, Observation.Answer, String)], at key: String = "https://a/",
    memories: [String: String] = [:]
  ) -> SeenTarget {
    SeenTarget(
      key: key,
      observations: answers.map { check, parameter, answer, evidence in
        Observation(
          time: start, engine: "e", check: check, title: BilingualText(check), severity: .high,
          target: Target(scheme: "https", host: "a", port: 443), parameter: parameter, answer: answer,
          evidence: evidence)
      }, memories: memories)
  }

  private func kinds(_ comparison: ScanComparison) -> [String] {
    comparison.changes.map { "\($0.kind.rawValue) \($0.key.check)\($0.key.parameter.map { " \($0)" } ?? "")" }
  }

  @Test("new, changed, gone and back are told apart, and what is not determined is none of them") func life() {
    var baseline = ScanBaseline(written: start)
    let first = seen([
      ("e.stays", nil, .yes, "x"), ("e.changes", nil, .yes, "1"), ("e.goes", nil, .yes, "y"),
      ("e.dark", nil, .yes, "z"), ("e.clean", nil, .no, ""),
    ])
    #expect(ScanComparison(nil, [first]).worstNew == .high)
    baseline.renew([first], at: start)

    let second = seen([
      ("e.stays", nil, .yes, "x"), ("e.changes", nil, .yes, "2"), ("e.goes", nil, .no, ""),
      ("e.dark", nil, .notDetermined(reason: "timed out"), ""), ("e.clean", nil, .yes, "now"),
    ])
    let change = ScanComparison(baseline, [second])
    #expect(kinds(change) == ["new e.clean", "changed e.changes", "gone e.goes"])
    #expect(change.changes[1].before == "1" && change.changes[1].evidence == "2")
    #expect(change.same == 1)
    #expect(Array(change.unknown.values) == ["timed out"])

    baseline.renew([second], at: later(1))
    let third = ScanComparison(baseline, [seen([("e.goes", nil, .yes, "y"), ("e.dark", nil, .yes, "z")])])
    #expect(kinds(third) == ["back e.goes"])
    #expect(third.worstNew == .high)
    #expect(third.same == 1, "what was not determined in between is what it was")
    #expect(third.unknown.count == 3, "what was not asked this time is unknown, not gone")
    let kept = baseline.findings.first { $0.check == "e.stays" }
    #expect(kept?.first == start && kept?.last == later(1))
  }

  @Test("findings with a parameter are apart, and one that is no longer named is gone") func parameters() {
    var baseline = ScanBaseline(written: start)
    baseline.renew([seen([("e.open", "22", .yes, ""), ("e.open", "80", .yes, "")])], at: start)
    #expect(
      kinds(ScanComparison(baseline, [seen([("e.open", "80", .yes, ""), ("e.open", "443", .yes, "")])]))
        == ["new e.open 443", "gone e.open 22"])
    #expect(
      kinds(ScanComparison(baseline, [seen([("e.open", nil, .no, "")])])) == ["gone e.open 22", "gone e.open 80"])
    let dark = ScanComparison(baseline, [seen([("e.open", nil, .notDetermined(reason: "deadline"), "")])])
    #expect(kinds(dark) == [] && dark.unknown.count == 2)
  }

  @Test("targets that were not scanned stay as they were, with their memories") func others() {
    var baseline = ScanBaseline(written: start)
    baseline.renew(
      [
        seen([("e.x", nil, .yes, "")], at: "https://a/", memories: ["certificate": "{\"a\":1}"]),
        seen([("e.x", nil, .yes, "")], at: "https://b/", memories: ["certificate": "{\"b\":1}"]),
      ], at: start)
    let now = seen([("e.x", nil, .no, "")], at: "https://a/", memories: ["certificate": "{\"a\":2}"])
    #expect(kinds(ScanComparison(baseline, [now])) == ["gone e.x"])
    baseline.renew([now], at: later(1))
    #expect(
      baseline.memoryByTarget == [
        "https://a/": ["certificate": "{\"a\":2}"], "https://b/": ["certificate": "{\"b\":1}"],
      ])
    #expect(baseline.findings.map(\.state) == [.gone, .present])
    baseline.renew([seen([], at: "https://a/")], at: later(2))
    #expect(
      baseline.memoryByTarget["https://a/"] == ["certificate": "{\"a\":2}"], "an engine that gave none keeps its own")
  }

  @Test("a memory over the limit is not kept") func largeMemory() {
    var baseline = ScanBaseline(written: start)
    let large = String(repeating: "x", count: EngineMemory.bodyLimit + 1)
    baseline.renew([seen([], memories: ["e": large])], at: start)
    #expect(baseline.memories.isEmpty)
  }

  @Test("findings that are gone are forgotten, oldest first, when there are too many") func bounded() {
    var baseline = ScanBaseline(written: start)
    let many = (0..<ScanBaseline.goneLimit).map { ("e.\($0)", String?.none, Observation.Answer.yes, "") }
    baseline.renew([seen([("e.first", nil, .yes, "")], at: "https://old/")], at: start)
    baseline.renew([seen([("e.first", nil, .no, "")], at: "https://old/")], at: later(1))
    baseline.renew([seen(many)], at: later(2))
    baseline.renew([seen(many.map { ($0.0, nil, .no, "") })], at: later(3))
    #expect(baseline.findings.count == ScanBaseline.goneLimit)
    #expect(!baseline.findings.contains { $0.check == "e.first" })
  }

  // MARK: the file

  private func file(_ name: String) -> String { "/tmp/vigil-baseline-\(getpid())-\(name)" }

  private var whole: ScanBaseline {
    var baseline = ScanBaseline(written: start)
    baseline.renew([seen([("e.x", "p", .yes, "证书"), ("e.y", nil, .yes, "")], memories: ["dns": "{}"])], at: start)
    return baseline
  }

  @Test("what is written reads back as itself, only its owner may read it, and a second writing replaces it")
  func file() throws {
    let path = file("round")
    defer { unsafe unlink(path) }
    #expect(try ScanBaseline.read(path) == nil)
    try whole.write(path)
    #expect(try ScanBaseline.read(path) == whole)
    var status = stat()
    #expect(unsafe stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    var renewed = whole
    renewed.renew([seen([("e.x", "p", .no, "")])], at: later(1))
    try renewed.write(path)
    #expect(try ScanBaseline.read(path) == renewed)
  }

  @Test("every truncation of a file is refused in a sentence") func truncations() throws {
    let bytes = try RecordJSON.encode(whole)
    for length in 0..<bytes.count {
      let error = #expect(throws: BaselineError.self) { try ScanBaseline.parse(Array(bytes.prefix(length))) }
      #expect(error?.sentence == "the file is no baseline of vigil scan, or it is cut off", "\(length)")
    }
  }

  @Test(
    "what is no baseline of ours is refused in a sentence",
    arguments: [
      ("[]", "the file is no baseline of vigil scan, or it is cut off"),
      ("{\"type\":\"vigil.baseline\"}", "the file is no baseline of vigil scan, or it is cut off"),
      ("{\"type\":\"other\",\"schema\":1}", "the file is no baseline of vigil scan, or it is cut off"),
      (
        "{\"type\":\"vigil.baseline\",\"schema\":2}", "the baseline has schema 2, and this version reads schema 1"
      ),
      (
        "{\"type\":\"vigil.baseline\",\"schema\":1,\"written\":\"yesterday\",\"findings\":[],\"memories\":[]}",
        "the baseline is damaged: a field is missing or of the wrong kind"
      ),
      (String(repeating: "[", count: 100_000), "the file is no baseline of vigil scan, or it is cut off"),
    ])
  func foreign(text: String, sentence: String) {
    let error = #expect(throws: BaselineError.self) { try ScanBaseline.parse(Array(text.utf8)) }
    #expect(error?.sentence == sentence)
  }

  @Test("a folder, a pipe, a file that is too large and one that may not be made are told") func odd() throws {
    func sentence(_ body: () throws(BaselineError) -> Void) -> String {
      do throws(BaselineError) { try body() } catch { return error.sentence }
      return "nothing"
    }
    #expect(
      sentence { () throws(BaselineError) in _ = try ScanBaseline.read("/tmp") } == "the baseline is no ordinary file")
    let (pipe, large) = (file("pipe"), file("large"))
    defer { for path in [pipe, large] { unsafe unlink(path) } }
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    #expect(
      sentence { () throws(BaselineError) in _ = try ScanBaseline.read(pipe) } == "the baseline is no ordinary file")
    let descriptor = unsafe open(large, O_CREAT | O_WRONLY, 0o600)
    #expect(ftruncate(descriptor, ScanBaseline.byteLimit + 1) == 0)
    close(descriptor)
    #expect(
      sentence { () throws(BaselineError) in _ = try ScanBaseline.read(large) }
        == "the baseline has more than 256 MiB, the limit")
    #expect(
      sentence { () throws(BaselineError) in try whole.write("/nowhere/there/b.json") }
        == "the baseline cannot be written: no such file or directory")
  }
}
