import Engines
import Testing

/// Every server of the table, asked by every engine that the table names for it.
@Suite struct FarmTests {
  @Test("every truth of the farm is found or not determined with a right reason, and nothing is invented")
  func farm() async throws {
    let farm = try Farm()
    defer { farm.stop() }
    let ledgers = await FarmScan.ledgers(farm)
    print(([Ledger.head] + ledgers.flatMap(\.lines)).joined(separator: "\n"))
    let unasked = ledgers.reduce(into: Set<String>()) { $0.formUnion($1.unasked) }
    print("farm: \(Ledger.sums(ledgers)); checks that no truth is mapped to: \(unasked.sorted())")
    for ledger in ledgers where !ledger.unused.isEmpty {
      print("allowed and not needed by \(ledger.server.name): \(ledger.unused)")
    }
    let mapped = Set(Questions.all.keys).union(unasked)
    // Names have a farm of their own, and each template its two mock pages.
    let lacking = EngineRegistry.all.filter { $0.name != "templates" }.flatMap(\.checks).map(\.id).filter {
      !$0.hasPrefix("dns.") && (!mapped.contains($0) || unasked.contains($0))
    }
    #expect(lacking == [], "every check has its question")
    #expect(ledgers.count == farm.servers.count)
    for ledger in ledgers {
      #expect(ledger.missed == [], "\(ledger.server.name)")
      #expect(ledger.invented == [], "\(ledger.server.name)")
    }
  }
}
