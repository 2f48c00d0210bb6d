import Dispatch
import Foundation
import Records
import Testing
import Wire

@testable import ControlAPI
@testable import Hub

/// Every endpoint of the table with every role, with and without a purview, and by nobody.
@Suite(.serialized, .timeLimit(.minutes(5))) struct WalkTests {
  @Test("no role and no purview sees or changes what is not its own, by any endpoint")
  func walk() async throws {
    let folder = try TestFolder()
    let world = try await WalkWorld(folder)
    let visits = world.visits
    #expect(
      Set(visits.keys) == Set(API.table.map { "\($0.method.rawValue) \($0.path)" }),
      "an endpoint of the table is not walked: say in WalkVisits how it is asked")
    var sights: [String: Int] = [:]
    for walker in world.walkers {
      let before = try await world.foreignState()
      for entry in order(API.table) {
        guard let visit = visits["\(entry.method.rawValue) \(entry.path)"] else { continue }
        sights[walker.name, default: 0] += try await self.visit(entry, visit, walker, world)
      }
      for (before, after) in zip(before, try await world.foreignState()) {
        #expect(after == before, "\(walker.name) changed what is not hers")
      }
    }
    // The walk would show it if there were nothing to see.
    #expect(sights["viewer-whole", default: 0] >= 25, "\(sights)")
    #expect(sights.filter { $0.key.hasSuffix("-boreal") || $0.key.hasSuffix("token") }.values.allSatisfy { $0 == 0 })
    await world.hub.end()
  }

  /// A person is put before she gets a token, and removed last; the store is restored at the end.
  private func order(_ table: [EndpointEntry]) -> [EndpointEntry] {
    let last = [API.removePerson.entry.path, API.restore.entry.path]
    return table.filter { !last.contains($0.path) } + last.flatMap { path in table.filter { $0.path == path } }
  }

  /// The answers in which something of the other organisation stood.
  private func visit(
    _ entry: EndpointEntry, _ visit: Visit, _ walker: WalkWorld.Walker, _ world: WalkWorld
  ) async throws -> Int {
    let place: Testing.Comment = "\(walker.name): \(entry.method.rawValue) \(entry.path)"
    try? FileManager.default.removeItem(atPath: world.backup + ".again")
    let mayNot = refusal(entry, walker)
    var hasSeen = false
    for own in visit.own {
      let answer = try await ask(entry, own, walker, world)
      let told: Testing.Comment = "\(place.rawValue) was answered with \(answer.status): \(answer.text.prefix(300))"
      if let mayNot {
        #expect(mayNot.contains(answer.status), told)
        #expect(
          (try? RecordJSON.decode(APIProblem.self, from: Array(answer.text.utf8)))?.sentence.isEmpty == false, place)
      } else {
        #expect(own.mayBeAnswered(with: answer.status), told)
      }
      expectHers(answer.text, walker, place)
      hasSeen = hasSeen || answer.text.contains(WalkWorld.foreignMark)
    }
    for named in visit.named where walker.isScoped && mayNot == nil {
      let none = try await ask(entry, named(.none), walker, world)
      for thing in [Thing.foreign(world), Thing.nobodys(world)] + Thing.others(world) {
        let foreign = try await ask(entry, named(thing), walker, world)
        #expect(foreign.status == none.status, place)
        #expect(thing.isAnswered(foreign.text, as: none.text), "\(place.rawValue): \(foreign.text), \(none.text)")
        expectHers(thing.withoutNames(foreign.text), walker, place)
      }
    }
    return hasSeen ? 1 : 0
  }

  /// The statuses of a refusal; nil where the table says that this one may ask.
  private func refusal(_ entry: EndpointEntry, _ walker: WalkWorld.Walker) -> Set<Int>? {
    // Who is nobody too often is told to wait.
    guard let role = walker.role else { return [401, 429] }
    return role < entry.role || (walker.isScoped && entry.reach == .whole) ? [403] : nil
  }

  private func expectHers(_ text: String, _ walker: WalkWorld.Walker, _ place: Testing.Comment) {
    guard walker.isScoped || walker.role == nil else { return }
    for mark in [WalkWorld.foreignMark, WalkWorld.nobodysMark] {
      guard let range = text.range(of: mark) else { continue }
      let from = text.index(range.lowerBound, offsetBy: -120, limitedBy: text.startIndex) ?? text.startIndex
      Issue.record("\(place) shows \(mark): \(text[from...].prefix(300))")
    }
  }

  // MARK: asking

  private struct Reply {
    var status: Int
    var text: String
  }

  private func ask(
    _ entry: EndpointEntry, _ ask: Ask, _ walker: WalkWorld.Walker, _ world: WalkWorld
  ) async throws -> Reply {
    var path = entry.path.replacing("{id}", with: Client.escaped(ask.id ?? ""))
    if !ask.query.isEmpty {
      path += "?" + ask.query.map { "\($0.key)=\(Client.escaped($0.value))" }.sorted().joined(separator: "&")
    }
    let request = HubPlace(.socket(world.hub.configuration.data.apiSocket), token: walker.secret).request(
      path: path, method: entry.method.rawValue, body: entry.method == .post ? Array((ask.body ?? "{}").utf8) : nil,
      timeoutMilliseconds: 60_000)
    let seen = Seen()
    let transfer = entry.isStream ? Transfer { seen.add($0) } : Transfer()
    seen.transfer = transfer
    let reply = try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(with: Result { () throws -> Transfer.Reply in try transfer.perform(request) })
      }
    }
    let bytes = entry.isStream ? seen.bytes : reply.body
    return Reply(status: reply.status, text: String(decoding: bytes, as: UTF8.self))
  }

  /// A stream's lines until it says that nothing more is there.
  private final class Seen: @unchecked Sendable {
    private let lock = NSLock()
    private var all: [UInt8] = []
    weak var transfer: Transfer?
    var bytes: [UInt8] { lock.withLock { all } }
    func add(_ piece: [UInt8]) -> Bool {
      lock.withLock {
        all += piece
        if String(decoding: all, as: UTF8.self).contains("\"kind\":\"beat\"") { transfer?.cancel() }
        return true
      }
    }
  }
}
