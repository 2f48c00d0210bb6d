import Engines
import Foundation
import Records
import Scanner
import Testing
import Wire

/// What the servers themselves saw, by their logs, of a scan at default limits.
@Suite struct LimitsTests {
  /// A connection that the server saw: wall clock, in seconds.
  private struct Visit {
    var opened: Double
    var closed: Double
  }

  /// How late a busy machine may log a request. One twice as fast as allowed is still seen.
  private static let lateness = 0.5
  /// How late it may tell a server of an end.
  private static let lateEnd = 0.25
  /// Turns that come late in a second may make the next look crowded; twice the pace is still seen.
  private static let lateTurns = 5

  @Test("no address ever sees more than two connections, ten connects a second and one HTTP request a second")
  func limits() async throws {
    let farm = try Farm(only: ["measured one", "measured two"])
    defer { farm.stop() }
    let jobs = try ["measured one", "measured two"].enumerated().flatMap { number, name in
      let server = try farm.named(name)
      return ["tls", "certificate", "http"].map { FarmScan.job($0, server, host: "site\(number).test", probe: .probe) }
    }
    #expect(Set(jobs.map(\.target.address)).count == 1)
    var configuration = Scanner.Configuration()
    configuration.settings.policy = AddressPolicy(allowed: [IPPrefix("127.0.0.0/8")].compactMap(\.self))
    configuration.settings.trustFile = farm.trust
    let scanner = Scanner(configuration: configuration) { _ in }
    for job in jobs { scanner.submit(job) }
    await withCheckedContinuation { continuation in
      let waiter = Engines.Thread {
        _ = scanner.wait(milliseconds: 150_000)
        continuation.resume()
      }
      precondition(waiter.start(), "the system gives a thread")
    }
    #expect(scanner.status.completed == UInt64(jobs.count))

    let visits = try Self.visits(farm.folder + "/gates.log")
    let requests = try Self.requests(farm.folder + "/nginx-access.log")
    let (open, crowd) = (Self.mostOpen(visits), Self.most(of: visits.map(\.opened)))
    print("limits: \(visits.count) connections, at most \(open) open and \(crowd) a second; requests at \(requests)")
    #expect(visits.count > 20)
    #expect(open <= 2)
    #expect(crowd <= 10 + Self.lateTurns)
    #expect(requests.count >= 2)
    for (number, (earlier, later)) in zip(requests, requests.dropFirst()).enumerated() {
      #expect(later - earlier > 1 - Self.lateness)
      #expect(later - requests[0] > Double(number + 1) - Self.lateness, "a late one is not made up for by the next")
    }
  }

  private static func visits(_ path: String) throws -> [Visit] {
    var visits: [String: Visit] = [:]
    for line in try lines(path) {
      let words = line.split(separator: " ", maxSplits: 3)
      guard words.count == 4, let time = Double(words[0]) else { continue }
      let key = "\(words[2]) \(words[3])"
      if words[1] == "opened" {
        visits[key] = Visit(opened: time, closed: .infinity)
      } else {
        visits[key]?.closed = time
      }
    }
    return visits.values.sorted { $0.opened < $1.opened }
  }

  /// `$msec` of every request that a client sent.
  private static func requests(_ path: String) throws -> [Double] {
    try lines(path).compactMap { $0.split(separator: " ").first.flatMap { Double($0) } }.sorted()
  }

  private static func lines(_ path: String) throws -> [Substring] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
  }

  /// The most connections open at once, each with those before it that stay open for longer than the log is late.
  private static func mostOpen(_ visits: [Visit]) -> Int {
    visits.indices.map { index in
      1 + visits[..<index].filter { $0.closed > visits[index].opened + lateEnd }.count
    }.max() ?? 0
  }

  private static func most(of times: [Double]) -> Int {
    times.map { start in times.filter { $0 >= start && $0 < start + 1 }.count }.max() ?? 0
  }
}
