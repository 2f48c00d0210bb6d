import Engines
import Foundation
import Records
import Services
import Testing

@testable import DemoCity

/// Each indicator moved by its weakness planted for real, and moved back by its end; no other one moves. What this
/// prints is the table of the proof.
@Suite("Indicators, each moved both ways", .serialized)
struct IndicatorTests {
  @Test("every indicator, and each check and rule that moves it, has its plant") func whole() throws {
    let tree = try WatchedSite.tree.get()
    let planted = PlantTable.all.flatMap(\.movers)
    let lacking = tree.indicators.filter { indicator in
      !(indicator.checks + indicator.alerts).contains(where: planted.contains)
    }
    #expect(lacking.map(\.id) == [], "indicators without a plant do not exist")
    let movers = tree.indicators.flatMap { $0.checks + $0.alerts }
    #expect(movers.filter { !planted.contains($0) } == [], "checks and rules without a plant")
    #expect(planted.filter { !movers.contains($0) } == [], "plants of what moves nothing")
  }

  @Test("what is planted at sites of the city moves its indicator, there and back") func city() async throws {
    let plants = PlantTable.all.compactMap { plant -> (Plant, traits: Set<SiteTrait>, beside: Set<SiteTrait>)? in
      if case .city(let traits, let beside) = plant.place { (plant, traits, beside) } else { nil }
    }
    let proofs = try await offPool { try CityProof.proofs(plants) }
    try judge(proofs)
    // Beside the plant a site of the city has nothing that costs points.
    for (proof, plant) in zip(proofs, plants) where plant.beside.isEmpty {
      #expect(proof.before.isEmpty, "\(plant.0.title)")
    }
  }

  @Test("what is planted at servers of the farm moves its indicator, there and back") func farm() async throws {
    let plants = PlantTable.all.filter { plant in
      if case .page = plant.place { false } else { !FarmProof.names(plant.place).isEmpty }
    }
    let farm = try Farm(only: Set(plants.flatMap { FarmProof.names($0.place) }).sorted())
    defer { farm.stop() }
    try judge(try await offPool { try FarmProof.proofs(plants, farm) })
  }

  @Test("the page of each template moves its indicator, and the page that nearly has its weakness moves it back")
  func pages() async throws {
    let plants = PlantTable.pages
    #expect(plants.count > 90)
    let without = plants.filter { plant in
      if case .page(let id) = plant.place { !FileManager.default.fileExists(atPath: PlantTable.page(id)) } else { true }
    }
    try #require(without.map(\.title) == [], "templates without a page")
    let farm = try Farm(only: plants.flatMap { FarmProof.names($0.place) })
    defer { farm.stop() }
    let proofs = try await offPool { try FarmProof.proofs(plants, farm) }
    try judge(proofs)
    for proof in proofs {
      #expect(proof.before.isEmpty, "\(proof.plant.title)")
      // Not even another template of the same indicator.
      #expect(proof.said == Set(proof.plant.movers), "\(proof.plant.title)")
    }
  }

  @Test("what is planted in zones moves its indicator, there and back") func zones() async throws {
    let plants = PlantTable.all.filter { if case .zone = $0.place { true } else { false } }
    let farm = try NamesFarm(only: NamesProof.names(plants))
    defer { farm.stop() }
    try judge(try await NamesProof.proofs(plants, farm))
  }

  @Test("what passes on the wire moves its indicator, and the closing of its alerts moves it back") func wire() throws {
    let plants = PlantTable.all.filter { if case .wire = $0.place { true } else { false } }
    let wire = try WireProof()
    try judge(try plants.map { try wire.proof($0) })
  }

  private func judge(_ proofs: [Proof]) throws {
    let tree = try WatchedSite.tree.get()
    print("indicator | planted at | moved by | points before -> with it -> after")
    for proof in proofs {
      print(proof.line(tree))
      #expect(proof.faults(tree) == [], "\(proof.plant.title)")
    }
  }

  /// Engines wait, and would keep other tests waiting.
  private func offPool<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      let thread = Engines.Thread { continuation.resume(with: Result { try body() }) }
      precondition(thread.start(), "the system gives a thread")
    }
  }
}
