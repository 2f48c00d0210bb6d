import ControlAPI
import Foundation
import Records
import Wire

@testable import Hub

/// One request of a run.
struct FuzzRequest {
  enum Kind {
    /// Of an endpoint, framed as it should be.
    case whole(EndpointEntry)
    /// Odd as HTTP: a connection of its own.
    case odd
  }
  var kind: Kind
  var bytes: [UInt8]
  /// For people.
  var place: String
}

/// Makes requests by chance.
struct FuzzRequests {
  private let posts = API.table.filter { $0.method == .post }
  private let gets = API.table.filter { $0.method == .get && !$0.isStream }
  private let maker: BodyMaker
  /// By path: bodies of the walk.
  private let seeds: [String: [FuzzJSON]]
  private let tokens: [String]
  private let folder: String
  private var names: KnownNames
  private var dice: FuzzDice

  init(_ world: WalkWorld, folder: String, validator: SchemaValidator, dice: FuzzDice) {
    self.folder = folder
    self.dice = dice
    maker = BodyMaker(validator: validator, folder: folder)
    var seeds: [String: [FuzzJSON]] = [:]
    for entry in API.table {
      for case let body? in world.visits["\(entry.method.rawValue) \(entry.path)"]?.own.map(\.body) ?? []
      where body != "[]" {
        guard let seed = try? RecordJSON.decode(FuzzJSON.self, from: body) else { continue }
        seeds[entry.path, default: []].append(seed)
      }
    }
    self.seeds = seeds
    tokens = world.walkers.compactMap(\.secret)
    names = FuzzRequests.names(world)
  }

  private static func names(_ world: WalkWorld) -> KnownNames {
    KnownNames([
      "queue": ["\(world.ownRow)", "\(world.foreignRow)", "\(world.nobodysRow)", "1", "2", "3", "4", "5"],
      "sites": [WalkWorld.ownSite, WalkWorld.foreignSite, "home.boreal.example"],
      "organisations": ["boreal", "boreal-east", "meridian"], "people": ["viewer-whole", "lead-boreal", "root"],
      "engines": ["tls", "http", "nosuch"], "checks": ["tls.version.ssl3", "http.hsts.missing"],
      "guards": ["for " + WalkWorld.ownSite], "proposals": [world.ownProposal, world.foreignProposal],
      "notices": ["1", "2"], "tasks": ["1", "2"], "ingest": ["eve"], "outbox": ["1"],
    ])
  }

  mutating func next() -> FuzzRequest {
    switch dice.below(100) {
    case 0..<76: post()
    case 76..<89: get(gets[dice.below(gets.count)], isValid: dice.isOne(in: 4))
    default: odd()
    }
  }

  mutating func learn(_ answer: Any, of entry: EndpointEntry) { names.learn(answer, path: entry.path, &dice) }

  // MARK: bodies

  private mutating func post() -> FuzzRequest {
    let entry = chosen()
    var body = valid(entry.path)
    var bytes: [UInt8]
    switch dice.below(20) {
    case 0..<5: bytes = body.bytes
    case 5..<15:
      body = BodyMutations.mutated(body, &dice)
      bytes = body.bytes
    case 15: bytes = HostileValues.any(&dice).bytes
    default:
      if dice.isOne(in: 3) { body = BodyMutations.mutated(body, &dice) }
      bytes = ByteMutations.mutated(body.bytes, with: valid(chosen().path).bytes, &dice)
    }
    if dice.isOne(in: 3000) {
      let limit = dice.isOne(in: 2) ? 4 << 20 : 32 << 20
      bytes = Array(repeating: UInt8(ascii: " "), count: limit + 1 - dice.below(2)) + bytes
    }
    return whole(entry, path(entry), guarded(bytes, entry))
  }

  /// Copying the store takes longer than all else.
  private mutating func chosen() -> EndpointEntry {
    let entry = posts[dice.below(posts.count)]
    return FuzzRequests.isOfFiles(entry) && !dice.isOne(in: 4) ? posts[dice.below(posts.count)] : entry
  }

  private mutating func valid(_ path: String) -> FuzzJSON {
    if let seed = dice.pick(seeds[path] ?? []), dice.isOne(in: 4) { return seed }
    return maker.body(path, names, &dice)
  }

  private static func isOfFiles(_ entry: EndpointEntry) -> Bool {
    entry.path == API.backup.path || entry.path == API.restore.path
  }

  /// The hub writes a backup wherever its user may write, and this is the test's user: no body names another file than
  /// one of the test's own folder. What the body says is read as the hub reads it.
  private func guarded(_ bytes: [UInt8], _ entry: EndpointEntry) -> [UInt8] {
    guard FuzzRequests.isOfFiles(entry), let request = try? RecordJSON.decode(BackupRequest.self, from: bytes) else {
      return bytes
    }
    let isOurs = request.path.hasPrefix(folder + "/fuzz/") && !request.path.contains("..")
    return isOurs ? bytes : FuzzJSON.object([.init(name: "path", value: .text(folder + "/fuzz/b.sqlite"))]).bytes
  }

  private mutating func path(_ entry: EndpointEntry) -> String {
    guard entry.path.contains("{id}") else { return entry.path }
    var id = dice.pick(names.of(KnownNames.area(entry.path))) ?? "1"
    if dice.isOne(in: 6) { id = HostileValues.texts[dice.below(HostileValues.texts.count)] }
    // Without an id it would be another endpoint's path.
    return entry.path.replacing("{id}", with: FuzzRequests.escaped(id.isEmpty ? "0" : id))
  }

  private mutating func whole(_ entry: EndpointEntry, _ path: String, _ body: [UInt8]) -> FuzzRequest {
    let token = dice.isOne(in: 5) ? dice.pick(tokens) : nil
    let head = """
      \(entry.method.rawValue) \(path) HTTP/1.1\r
      Host: vigil\r
      \(token.map { "Authorization: Bearer \($0)\r\n" } ?? "")Content-Length: \(body.count)\r
      \r

      """
    return FuzzRequest(
      kind: .whole(entry), bytes: Array(head.utf8) + body, place: "\(entry.method.rawValue) \(entry.path)")
  }

  // MARK: queries

  /// A question that a hub answers whatever has happened to it: the plain GET of an endpoint, of something that is there.
  mutating func get(_ entry: EndpointEntry, isValid: Bool) -> FuzzRequest {
    var pairs: [String] = []
    for name in entry.query where dice.isOne(in: 2) {
      var value = FuzzQueries.value(name, names, &dice)
      if !isValid, dice.isOne(in: 3), case .text(let text) = HostileValues.text(&dice) {
        value = String(text.prefix(4000))
      }
      pairs.append("\(name)=\(FuzzRequests.escaped(value))")
    }
    let query = pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    return whole(entry, path(entry) + query, [])
  }

  static func escaped(_ text: String) -> String {
    text.addingPercentEncoding(
      withAllowedCharacters: .alphanumerics.intersection(CharacterSet(charactersIn: "\0"..."\u{7f}")))
      ?? ""
  }

  // MARK: odd ones

  private mutating func odd() -> FuzzRequest {
    let isPost = dice.isOne(in: 2)
    var entry = isPost ? posts[dice.below(posts.count)] : gets[dice.below(gets.count)]
    if FuzzRequests.isOfFiles(entry) { entry = API.look.entry }
    let body = entry.method == .post ? valid(entry.path).bytes : []
    let base = OddRequests(method: entry.method.rawValue, path: path(entry), body: body)
    return FuzzRequest(kind: .odd, bytes: base.made(&dice), place: "odd, of \(entry.method.rawValue) \(entry.path)")
  }
}

/// What stands in a query, by its name.
enum FuzzQueries {
  private static let values: [String: [String]] = [
    "limit": ["1", "10", "100", "1000", "1001", "0", "-1"], "offset": ["0", "1", "1000000"],
    "sort": ["-severity", "count,-id", "nosuch", ""], "by": ["rule", "site", "who", "severity", "state", "wing", "x"],
    "since": ["1h", "90d", "2026-11-01T00:00:00Z", "99999d", "-1h", "9999-12-31T00:00:00Z"],
    "until": ["2026-11-26T00:00:00Z", "1h"],
    "scope": ["city", "organisation/boreal", "site/tax.boreal.example", "x/y"],
    "days": ["1", "30", "366", "0", "99999999"], "form": ["csv", "yaml", "json"], "hours": ["1", "24", "168", "99999"],
    "format": ["html", "markdown", "json", "sarif"], "language": ["en", "zh"], "weeks": ["1", "4", "26"],
    "period": ["day", "week", "month", "2026-10", "2026-W47", "2026-11-25", "9999-12"],
    "state": ["proposed", "accepted", "waiting", "dead", "delivered"], "before": ["1", "9223372036854775807"],
    "after": ["0", "1", "1:2"], "lane": ["mail", "file:log"], "expect": ["1:" + String(repeating: "0", count: 64)],
  ]

  static func value(_ name: String, _ names: KnownNames, _ dice: inout FuzzDice) -> String {
    if name == "filter" { return FuzzSamples.filters[dice.below(FuzzSamples.filters.count)] }
    if let area = names.area(ofMember: name, path: ""), let known = dice.pick(names.of(area)) { return known }
    return dice.pick(values[name] ?? []) ?? "1"
  }
}
