import ControlAPI
import Documents
import Records
import Services
import Store
import Testing
import Wire

@testable import Hub

@Suite struct RosterFileTests {
  @Test(
    "a mistake in a roster is told with file, line, column, what is wrong and what to do",
    arguments: [
      (
        "zone: Asia/Shanghai", "zone: Asia/Shangri-La",
        "roster.yaml:3:7: \"Asia/Shangri-La\" is no time zone (an IANA name such as Asia/Shanghai)"
      ),
      (
        "rotation: 12h", "rotation: fortnightly",
        "roster.yaml:5:57: \"fortnightly\" is no rotation (daily, weekly, or hours such as 12h (1h to 8784h))"
      ),
      ("step: 3", "step: 4", "roster.yaml:7:24: 4 is outside 1 to 3"),
      ("people: [eve]", "people: []", "roster.yaml:7:35: there are 0 people, and 1 to 100 may be"),
      (
        "from: 2026-11-19,", "from: soon,",
        "roster.yaml:5:68: \"soon\" is no date (the first turn's day, as 2026-11-02; its time is handover)"
      ),
      ("name: lead", "nam: lead", "roster.yaml:7:6: unknown key \"nam\" (did you mean \"name\"?)"),
    ])
  func mistakes(old: String, new: String, sentence: String) {
    let text = DutyBench.roster.replacing(old, with: new)
    #expect(throws: (any Error).self) { try RosterReader.read(text, name: "roster.yaml") }
    do { _ = try RosterReader.read(text, name: "roster.yaml") } catch { #expect("\(error)" == sentence) }
  }

  @Test("exported and imported again a roster is the same, in YAML as in JSON")
  func roundTrip() throws {
    let text = """
      id: big
      zone: Europe/Berlin
      layers:
        - {step: 1, people: [a, b], rotation: weekly, from: 2026-11-02, handover: "09:30", hours: "20:00-08:00", days: [mon, sun]}
        - {step: 2, people: [c], rotation: 5h, from: 2026-11-02, hours: "00:00-24:00"}
      overrides:
        - {step: 1, people: [c, d], from: 2026-12-24T08:00, until: "2026-12-27", reason: "a \\"quoted\\" holiday: yes"}
      """
    let roster = try RosterReader.read(text, name: "a.yaml")
    #expect(try RosterReader.read(RosterText.text(roster), name: "b.yaml") == roster)
    #expect(roster.layers[0].hours == Roster.DayHours(from: 72_000, until: 28_800))
    #expect(roster.layers[0].from == LocalMoment(text: "2026-11-02T09:30"))
    let json = #"{"id":"j","zone":"UTC","layers":[{"step":1,"people":["a"],"rotation":"daily","from":"2026-11-02"}]}"#
    #expect(try RosterReader.read(json, name: "a.json").layers[0].turnHours == 24)
  }

  @Test("the system's rules of a zone say when its clock changes, both ways")
  func zones() throws {
    let now = Timestamp(seconds: 1_784_000_000)
    let berlin = try #require(ZoneRules.zone("Europe/Berlin", around: now))
    for (utc, local) in [
      (1_774_745_999, "2026-03-29T01:59:59"), (1_774_746_000, "2026-03-29T03:00"),
      (1_792_889_999, "2026-10-25T02:59:59"), (1_792_890_000, "2026-10-25T02:00"),
    ] { #expect(berlin.local(Timestamp(seconds: Int64(utc))).text == local) }
    let shanghai = try #require(ZoneRules.zone("Asia/Shanghai", around: now))
    #expect(shanghai.changes.isEmpty && shanghai.offset == 8 * 3600)
    #expect(ZoneRules.zone("Asia/Nowhere", around: now) == nil)
  }

  @Test("a preview says gaps, overlaps and who cannot be reached, and keeps nothing; a put is audited and in force")
  func preview() async throws {
    let bench = try await DutyBench(roster: nil)
    let text = DutyBench.roster.replacing(
      "people: [ann, bo], rotation: 12h", with: "people: [ann, zoe], hours: \"08:00-20:00\", rotation: 12h")
    let seen = try await bench.core.setRoster(
      RosterRequest(name: "r.yaml", text: text, dryRun: true, weeks: 1), by: DutyBench.eve)
    #expect(!seen.isKept)
    #expect(try bench.store.rosters().isEmpty)
    #expect(seen.remarks.contains { $0.hasPrefix("gap: step 1, 2026-11-19 20:00") })
    #expect(seen.remarks.contains("zoe is not known here and cannot be paged"))
    let zoe = Person(id: "zoe", name: BilingualText("Zoe"), role: .analyst, organisations: ["tax"])
    try bench.store.put(zoe, by: DutyBench.eve, at: seen.turns[0].from)
    let again = try await bench.core.setRoster(
      RosterRequest(name: "r.yaml", text: text, dryRun: true, weeks: 1), by: DutyBench.eve)
    #expect(again.remarks.contains("zoe sees a part of the city, and would be paged for rows that zoe cannot open"))
    let put = try await bench.core.setRoster(RosterRequest(name: "r.yaml", text: text), by: DutyBench.eve)
    #expect(put.isKept && put.isInForce)
    #expect(try bench.store.audit(subject: "roster/city").map(\.act) == ["set roster"])
    _ = try await bench.core.removeRoster(RosterRemoval(id: "city"), by: DutyBench.eve)
    #expect(try bench.store.audit(subject: "roster/city").first?.before != nil)
  }
}
