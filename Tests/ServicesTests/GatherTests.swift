import Records
import Testing
import Wire

@testable import Services

struct GatherMachineTests {
  let machine = GatherMachine()
  static let start = AlertFoldTests.start

  static func group(_ id: Int64, source: UInt32 = 1, place: String = "a") -> AlertGroup {
    var alert = JudgedCase.request()
    alert.source = IPAddress(v4: source)
    var group = AlertFold.absorb(alert, SiteAttribution(site: place, subject: place), nil, start)
    group.row.id = id
    return group
  }

  @Test(
    "An axis gathers beyond its limit within its window, and the row that does it is of the first",
    arguments: GatherAxis.allCases)
  func limits(axis: GatherAxis) {
    let limit = GatherMachine.limit(axis)
    var track = GatherTrack(axis: axis, key: "k", last: Self.start)
    for row in 1...Int64(limit.most) {
      #expect(machine.touch(&track, row: row, at: Self.start, isOpen: false) == .stays)
    }
    #expect(axis == .storm || machine.touch(&track, row: 1, at: Self.start, isOpen: false) == .stays)
    var late = track
    let after = Self.start.advanced(seconds: limit.seconds + 1)
    #expect(machine.touch(&late, row: 999, at: after, isOpen: false) == .stays)
    let next = Int64(limit.most) + 1
    let decision = machine.touch(&track, row: next, at: Self.start, isOpen: false)
    #expect(decision == .opens(axis == .storm ? [next] : Array(1...next)))
    track.row = 77
    #expect(machine.touch(&track, row: 500, at: Self.start, isOpen: true) == .joins(77))
    // A gathering row that is closed and silent for long gathers no more.
    #expect(machine.touch(&track, row: 501, at: after, isOpen: false) == .stays)
    #expect(track.row == nil)
  }

  @Test("A storm lets the limit through again when its hour has passed")
  func stormPasses() {
    var track = GatherTrack(axis: .storm, key: "high", last: Self.start, row: 77)
    var shown = 0
    for second in 0..<7200 {
      let time = Self.start.advanced(seconds: Double(second))
      if machine.touch(&track, row: Int64(second), at: time, isOpen: true) == .stays { shown += 1 }
      #expect(track.touched.count <= GatherMachine.limit(.storm).most)
    }
    #expect(shown == 2 * GatherMachine.limit(.storm).most)
  }

  @Test(
    "A row is gathered only while nobody works on it, its attack has not succeeded, and all it has is of one source")
  func freedom() {
    let alert = JudgedCase.request()
    let site = FollowUpTests.site
    func axes(_ change: (inout AlertGroup) -> Void) -> [GatherAxis] {
      var group = Self.group(1)
      change(&group)
      return machine.keys(group, alert, site, isMade: true).map(\.axis)
    }
    #expect(axes { _ in } == [.campaign, .tool, .wave, .storm])
    #expect(axes { $0.facets.sources.add("0.0.0.2") } == [.wave, .storm])
    #expect(axes { $0.row.triage.state = .acknowledged }.isEmpty)
    #expect(axes { $0.row.triage.assignee = "li" }.isEmpty)
    #expect(axes { $0.row.comments = 1 }.isEmpty)
    #expect(axes { $0.row.outcome = .succeeded }.isEmpty)
    #expect(axes { $0.row.place = .own }.isEmpty)
    #expect(axes { $0.row.place = .suppressed }.isEmpty)
    #expect(axes { $0.row.gathering = Gathering(axis: .wave) }.isEmpty)
  }

  @Test("A gathering row's count is the sum of its members', through joining, counting and releasing")
  func counts() {
    let site = FollowUpTests.site
    var gathering = machine.begin(GatherKey(.campaign, "k"), Self.group(1), JudgedCase.request(), site)
    gathering.row.id = 50
    var members = (1...3).map { Self.group(Int64($0), place: "site\($0)") }
    for index in members.indices { machine.join(&members[index], &gathering) }
    #expect(gathering.row.count == 3 && gathering.row.gathering?.members == 3)
    #expect(gathering.facets.sites?.entries.count == 3 && gathering.row.outcome == .attempted)
    #expect(members.allSatisfy { $0.row.place == .member && $0.row.parent == 50 })

    members[0].row.count += 1
    machine.counted(&members[0], &gathering, JudgedCase.request(), site)
    #expect(gathering.row.count == 4)
    // Another source at a member: the row stands by itself again, with all that it counts.
    var other = site
    other.remote = IPAddress(v4: 99)
    members[0].row.count += 1
    machine.counted(&members[0], &gathering, JudgedCase.request(), other)
    #expect(members[0].row.place == .shown && members[0].row.parent == nil)
    #expect(gathering.row.count == 2 && gathering.row.gathering?.members == 2)
    // A member whose attack succeeds does so too.
    members[1].row.count += 1
    members[1].row.outcome = .succeeded
    machine.counted(&members[1], &gathering, JudgedCase.request(), site)
    #expect(members[1].row.place == .shown && gathering.row.count == 1)
    #expect(gathering.row.outcome == .attempted)
  }

  @Test("What joins an acknowledged campaign is acknowledged; ten times as many rows bring the campaign back")
  func grows() {
    var gathering = machine.begin(GatherKey(.campaign, "k"), Self.group(1), JudgedCase.request(), FollowUpTests.site)
    gathering.row.id = 500
    for id in 1...6 {
      var member = Self.group(Int64(id))
      machine.join(&member, &gathering)
    }
    gathering.row.triage = Triage(state: .acknowledged, assignee: "li", acknowledgedAt: Self.start)
    gathering.rate.acknowledged = 6
    for id in 7...60 {
      var member = Self.group(Int64(id))
      machine.join(&member, &gathering)
      #expect(member.row.triage.assignee == "li" && member.row.triage.state == .acknowledged)
      #expect((gathering.row.triage.state == .new) == (id == 60))
    }
  }
}

struct ClientChainTests {
  @Test(
    "The client is the right-most hop that is no declared proxy, and only where a declared proxy speaks",
    arguments: [
      // peer, X-Forwarded-For, Forwarded, client
      ("10.0.0.1", "198.51.100.7", nil, "198.51.100.7"),
      ("10.0.0.1", "1.1.1.1, 198.51.100.7, 10.0.0.2", nil, "198.51.100.7"),
      ("10.0.0.1", "1.1.1.1, 10.0.0.3, 10.0.0.2", nil, "1.1.1.1"),
      ("10.0.0.1", "10.0.0.3 , 10.0.0.2", nil, "10.0.0.3"),
      ("10.0.0.1", "198.51.100.7:4711", nil, "198.51.100.7"),
      ("10.0.0.1", "[2001:db8::7]:4711", nil, "2001:db8::7"), ("10.0.0.1", "2001:db8::7", nil, "2001:db8::7"),
      ("10.0.0.1", nil, "for=192.0.2.43;proto=http, For=\"[2001:db8::1]:80\";by=10.0.0.1", "2001:db8::1"),
      ("10.0.0.1", nil, "for=\"192.0.2.43:99\"", "192.0.2.43"),
      ("10.0.0.1", "198.51.100.7", "for=198.51.100.7", "198.51.100.7"),
      // Not a declared proxy: whatever it says.
      ("203.0.113.5", "198.51.100.7", nil, nil), ("203.0.113.5", nil, "for=198.51.100.7", nil),
      ("203.0.113.5", "10.0.0.1, 10.0.0.2", nil, nil),
      // The chain does not say, or the headers say two things.
      ("10.0.0.1", nil, nil, nil), ("10.0.0.1", "", nil, nil), ("10.0.0.1", "unknown", nil, nil),
      ("10.0.0.1", "198.51.100.7, unknown", nil, nil), ("10.0.0.1", "198.51.100.7, 10.0.0.x", nil, nil),
      ("10.0.0.1", nil, "for=_hidden", nil), ("10.0.0.1", nil, "proto=http", nil),
      ("10.0.0.1", "198.51.100.7", "for=1.2.3.4", nil), ("10.0.0.1", "198.51.100.7", "garbage", nil),
    ] as [(String, String?, String?, String?)])
  func table(peer: String, xff: String?, forwarded: String?, client: String?) throws {
    let proxies = [try #require(IPPrefix("10.0.0.0/24"))]
    let found = ClientChain.client(
      of: try #require(IPAddress(peer)), forwardedFor: xff, forwarded: forwarded, proxies: proxies)
    #expect(found == client.flatMap { IPAddress($0) })
  }

  @Test(
    "What stands left of the first hop that is no proxy changes nothing, whatever it is",
    arguments: 0..<50 as Range<UInt64>)
  func hearsay(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let words = ["10.0.0.9", "unknown", "198.51.100.1", "\"", ";", "for=", "[", "]:", "::1", " ", "é", "10.0.0.2:80"]
    let left = (0..<Int.random(in: 0...60, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
    let balanced = left.filter { $0 != "\"" }.joined(separator: ",")
    let found = ClientChain.client(
      of: try #require(IPAddress("10.0.0.1")), forwardedFor: balanced + ", 203.0.113.9, 10.0.0.2", forwarded: nil,
      proxies: [try #require(IPPrefix("10.0.0.0/24"))])
    #expect(found == IPAddress("203.0.113.9"))
  }
}
