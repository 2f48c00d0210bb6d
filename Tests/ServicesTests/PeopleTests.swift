import Records
import Testing
import Wire

@testable import Services

@Suite struct PeopleTests {
  private let now = Timestamp(seconds: 1_800_000_000)
  private func person(
    _ id: String, _ role: PersonRole = .viewer, _ organisations: [String] = [], user: String? = nil
  ) -> Person {
    Person(id: id, name: BilingualText(id), role: role, organisations: organisations, unixUser: user)
  }
  private func kept(_ text: TokenText, of person: String, _ role: PersonRole = .administrator) -> KeptToken {
    let token = AccessToken(
      id: text.id, person: person, name: "n", role: role, created: now, expires: now.advanced(seconds: 60))
    return KeptToken(token: token, hash: text.hash)
  }
  private let owners: [UInt32: String] = [0: "root", 700: "vigil-hub"]

  // MARK: tokens

  @Test("A token reads back from its text, and from no shorter, longer or changed one")
  func tokenText() throws {
    let token = TokenText(random: (0..<36).map { UInt8($0 * 7) })
    #expect(token.text.utf8.count == TokenText.length && TokenText(token.text) == token)
    for count in 0..<token.text.count { #expect(TokenText(token.text.prefix(count)) == nil) }
    #expect(TokenText(token.text + "0") == nil && TokenText(token.text.uppercased()) == nil)
    #expect(BearerHeader.token("Bearer " + token.text) == token && BearerHeader.token("bearer " + token.text) == token)
    for text in ["", "Bearer", "Bearer ", "Basic " + token.text, token.text, "Bearer  " + token.text] {
      #expect(BearerHeader.token(text) == nil, "\(text)")
    }
    #expect(!token.text.contains(SHA256.hex(token.hash)))
  }

  @Test("A token fits its own hash, and no hash that differs in one bit")
  func tokenMatches() {
    let token = TokenText(random: (0..<36).map { UInt8($0) })
    #expect(token.matches(token.hash) && !token.matches([]) && !token.matches(token.hash + [0]))
    for bit in 0..<256 {
      var other = token.hash
      other[bit / 8] ^= 1 << (bit % 8)
      #expect(!token.matches(other))
    }
  }

  @Test("A token gives the lower of its role and its person's, until it is revoked, has expired, or she is gone")
  func tokenRole() {
    let (text, other) = (TokenText(random: Array(repeating: 1, count: 36)), TokenText(random: Array(1...36)))
    var directory = PeopleDirectory(owners: owners, unknown: nil, people: [person("ann", .lead)])
    directory.take(kept(text, of: "ann", .analyst))
    #expect(directory.asker(token: text, now: now)?.role == .analyst)
    #expect(directory.asker(token: other, now: now) == nil)
    directory.take(person("ann", .viewer))
    let asker = directory.asker(token: text, now: now)
    #expect(asker?.role == .viewer)
    #expect(directory.asker(token: text, now: now.advanced(seconds: 60)) == nil)
    directory.remove("ann", at: now)
    #expect(directory.asker(token: text, now: now) == nil)
    #expect(asker.flatMap { directory.again($0, user: nil, now: now) } == nil)
    directory.take(person("ann", .lead))
    #expect(directory.asker(token: text, now: now) == nil, "a new person of that name has no old token")
  }

  @Test("The last use of a token is told once an hour")
  func tokenUse() {
    let text = TokenText(random: Array(1...36))
    var directory = PeopleDirectory(
      owners: owners, unknown: nil, people: [person("ann")], tokens: [kept(text, of: "ann")])
    let times = [0.0, 10, 3599, 3601, 3700, 90_000].filter {
      directory.used(text.id, now: now.advanced(seconds: $0)) != nil
    }
    #expect(times == [0, 3601, 90_000])
    #expect(directory.tokens[text.id]?.token.lastUsed?.seconds.isMultiple(of: 3600) == true)
  }

  // MARK: who is who

  @Test(
    "A user of this machine is who was put, an administrator where the hub is his, else what the configuration says",
    arguments: [
      (UInt32(0), "root", nil, "root", PersonRole.administrator as PersonRole?),
      (700, "vigil-hub", nil, "vigil-hub", .administrator),
      (1000, "li", nil, "ann", .analyst),
      (1001, "wang", nil, nil, nil),
      (1001, "wang", PersonRole.viewer, "wang", .viewer),
      // Who is called root and is not.
      (1002, "root", nil, nil, nil),
    ] as [(UInt32, String, PersonRole?, String?, PersonRole?)])
  func users(user: UInt32, name: String, unknown: PersonRole?, id: String?, role: PersonRole?) {
    let directory = PeopleDirectory(
      owners: owners, unknown: unknown, people: [person("ann", .analyst, ["tax"], user: "li")])
    let asker = directory.asker(user: user, named: name)
    #expect(asker?.person.id == id && asker?.role == role)
    #expect(asker.map { directory.again($0, user: user, now: now) == $0 } ?? true)
  }

  @Test("Whoever owns the hub sees all, whatever was put of him")
  func ownerIsWhole() {
    let directory = PeopleDirectory(
      owners: owners, unknown: nil, people: [person("boss", .viewer, ["tax"], user: "root")])
    let asker = directory.asker(user: 0, named: "root")
    #expect(asker?.person.id == "boss" && asker?.role == .administrator && asker?.person.organisations == [])
  }

  // MARK: what may be put

  @Test("Who may not be put is told why")
  func refusals() throws {
    let directory = PeopleDirectory(owners: owners, unknown: nil, people: [person("ann", .administrator, user: "li")])
    func reason(_ person: Person) -> String? {
      do { try directory.check(person, organisations: ["tax"]) } catch { return error.sentence }
      return nil
    }
    #expect(reason(person("bo", .lead, ["tax"])) == nil)
    #expect(reason(person("bo", .lead, ["park"])) == "there is no organisation park")
    #expect(reason(person("bo", .administrator, ["tax"]))?.hasPrefix("an administrator sees all") == true)
    #expect(reason(person("bo", user: "li")) == "the user li of this machine is ann already")
    #expect(reason(person("ann", .lead)) == "ann is the last administrator")
    #expect(reason(person("root", .viewer))?.hasPrefix("root is a user of this machine") == true)
    #expect(reason(person("vigil"))?.hasPrefix("vigil is what the hub calls itself") == true)
    for id in ["", "a b", "a/b", "安", String(repeating: "a", count: 65), "a\n"] {
      #expect(reason(person(id))?.hasPrefix("an id has") == true, "\(id)")
    }
    var odd = person("bo")
    odd.language = "fr"
    #expect(reason(odd) == "the language is fr, not en or zh")
    odd = person("bo")
    odd.name.zh = "\u{1b}[2J"
    #expect(reason(odd)?.hasPrefix("a name has") == true)
    #expect(throws: PersonRefusal("there is no person bo")) { try directory.checkRemoval("bo") }
    #expect(throws: PersonRefusal("ann is the last administrator", hint: "make another one first")) {
      try directory.checkRemoval("ann")
    }
  }

  @Test("A token may not be above its person, in the past, or longer than a year")
  func tokenRefusals() throws {
    let directory = PeopleDirectory(owners: owners, unknown: nil, people: [person("ann", .analyst)])
    func reason(_ person: String, _ role: PersonRole?, _ seconds: Double, name: String = "n") -> String? {
      do {
        _ = try directory.token(
          "0badcafe", of: person, name: name, role: role, expires: now.advanced(seconds: seconds), now: now)
      } catch { return error.sentence }
      return nil
    }
    #expect(reason("ann", nil, 60) == nil && reason("ann", .viewer, PeopleDirectory.longestToken) == nil)
    #expect(reason("bo", nil, 60) == "there is no person bo")
    #expect(reason("ann", .lead, 60) == "ann is analyst: a token of hers cannot be lead")
    #expect(reason("ann", nil, 0)?.hasPrefix("the token would have expired") == true)
    #expect(reason("ann", nil, PeopleDirectory.longestToken + 1)?.hasPrefix("a token holds at most 366 days") == true)
    #expect(reason("ann", nil, 60, name: "")?.hasPrefix("a token's name") == true)
  }

  @Test("Through any changes there is an administrator once there was one, and no two persons are one user")
  func changesWalk() {
    var seeds = SystemRandomNumberGenerator()
    for _ in 0..<40 {
      let seed = seeds.next()
      var random = SeededRandom(seed: seed)
      var directory = PeopleDirectory(owners: owners, unknown: nil)
      var hadOne = false
      for _ in 0..<120 {
        let id = ["a", "b", "c", "d"].randomElement(using: &random) ?? "a"
        if Int.random(in: 0..<3, using: &random) == 0 {
          if (try? directory.checkRemoval(id)) != nil { directory.remove(id, at: now) }
        } else {
          let next = person(
            id, PersonRole.allCases.randomElement(using: &random) ?? .viewer,
            user: [nil, "u", "v"].randomElement(using: &random) ?? nil)
          if (try? directory.check(next, organisations: [])) != nil { directory.take(next) }
        }
        let people = directory.people.values
        hadOne = hadOne || people.contains { $0.role == .administrator }
        #expect(!hadOne || people.contains { $0.role == .administrator }, "seed \(seed)")
        let users = people.compactMap(\.unixUser)
        #expect(Set(users).count == users.count, "seed \(seed)")
        for user in ["u", "v"] {
          let known = people.first { $0.unixUser == user }
          #expect(directory.asker(user: 1000, named: user)?.person == known, "seed \(seed)")
        }
      }
    }
  }

  // MARK: purviews

  @Test(
    "A purview has the organisations below, their sites and their hostings, and of a hosting's row not the site's word")
  func purview() {
    func organisation(_ id: String, _ parent: String?) -> Organisation {
      Organisation(id: id, name: BilingualText(id), parent: parent)
    }
    func site(_ id: String, _ organisation: String?) -> Site {
      Site(id: id, url: "https://\(id)/", scheme: "https", host: id, port: 443, organisation: organisation)
    }
    let purview = Purview(
      of: ["tax"],
      organisations: [
        organisation("tax", "city"), organisation("desk", "tax"), organisation("room", "desk"),
        organisation("city", nil), organisation("ring", "gnir"), organisation("gnir", "ring"),
      ],
      sites: [site("t", "tax"), site("r", "room"), site("c", "city"), site("n", nil)],
      platforms: [Platform(id: "p", name: "p", owner: "desk"), Platform(id: "q", name: "q", owner: "city")])
    #expect(purview.organisations == ["tax", "desk", "room"])
    #expect(purview.sites == ["t", "r"] && purview.platforms == ["p"])
    #expect(purview.has(site: "t", platform: nil) && purview.has(site: nil, platform: "p"))
    #expect(!purview.has(site: "t", platform: "q") && !purview.has(site: nil, platform: nil))
    #expect(Purview.all.has(site: nil, platform: nil))
    let none = Purview(of: ["gone"], organisations: [], sites: [site("n", nil)], platforms: [])
    #expect(none.sites.isEmpty && !none.isAll)
    #expect(
      Purview(
        of: ["ring"], organisations: [organisation("ring", "gnir"), organisation("gnir", "ring")], sites: [],
        platforms: []
      )
      .organisations == ["ring", "gnir"])
  }
}

@Suite struct RateTests {
  private let start = Timestamp(seconds: 1_800_000_000)

  @Test("A burst passes, then as many a second as are allowed, each by itself")
  func bucket() {
    var limit = RateLimit(perSecond: 2, burst: 3)
    #expect((0..<3).allSatisfy { _ in limit.take("a", now: start) == nil })
    #expect(limit.take("a", now: start) == 0.5)
    #expect(limit.take("b", now: start) == nil)
    #expect(limit.take("a", now: start.advanced(seconds: 0.5)) == nil)
    #expect(limit.take("a", now: start.advanced(seconds: 0.5)) != nil)
    #expect(limit.take("a", now: start.advanced(seconds: -3600)) != nil, "a clock set back fills nothing")
    #expect((0..<3).allSatisfy { _ in limit.take("a", now: start.advanced(seconds: 100)) == nil })
    #expect(limit.take("a", now: start.advanced(seconds: 100)) != nil)
  }

  @Test("In any time no more pass than the burst and what the time allows")
  func bound() {
    var seeds = SystemRandomNumberGenerator()
    for _ in 0..<20 {
      let seed = seeds.next()
      var random = SeededRandom(seed: seed)
      var limit = RateLimit(perSecond: 10, burst: 20)
      var (time, passed) = (0.0, 0)
      for _ in 0..<2_000 {
        time += Double.random(in: 0..<0.1, using: &random)
        if limit.take("a", now: start.advanced(seconds: time)) == nil { passed += 1 }
        #expect(Double(passed) <= 20 + time * 10 + 0.01, "seed \(seed)")
      }
      #expect(Double(passed) >= time * 10 - 1, "seed \(seed)")
    }
  }

  @Test("However many come, what is remembered of them stays bounded")
  func memory() {
    var (limit, failures) = (RateLimit(perSecond: 1, burst: 1), FailedAttempts())
    for number in 0..<30_000 {
      let now = start.advanced(seconds: Double(number) / 1000)
      _ = limit.take("\(number)", now: now)
      failures.failed("\(number)", now: now)
    }
    #expect(limit.known <= 4_096 && failures.known <= 10_000)
  }

  @Test("Who is nobody waits twice as long each time, up to five minutes, and is forgotten after a quarter of an hour")
  func failures() {
    var failures = FailedAttempts()
    for _ in 0..<FailedAttempts.free {
      #expect(failures.wait("x", now: start) == nil)
      failures.failed("x", now: start)
    }
    #expect(failures.wait("x", now: start) == nil)
    var now = start
    var waits: [Double] = []
    for _ in 0..<11 {
      failures.failed("x", now: now)
      let wait = failures.wait("x", now: now) ?? 0
      waits.append(wait)
      #expect(failures.wait("x", now: now.advanced(seconds: wait - 0.01)) != nil)
      now = now.advanced(seconds: wait)
      #expect(failures.wait("x", now: now) == nil)
    }
    #expect(waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
    #expect(failures.wait("y", now: now) == nil)
    failures.failed("x", now: now.advanced(seconds: FailedAttempts.memory + 1))
    #expect(failures.wait("x", now: now.advanced(seconds: FailedAttempts.memory + 1)) == nil)
  }
}
