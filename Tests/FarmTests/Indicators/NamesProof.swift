import Engines
import Records

@testable import Scanner

/// Plants of the farm of names: a zone beside its twin, each asked once however many plants need it.
enum NamesProof {
  static func names(_ plants: [Plant]) -> [String] {
    let names = plants.flatMap { plant -> [String] in
      if case .zone(let name, let twin) = plant.place { [name, twin] } else { [] }
    }
    return Set(names).sorted()
  }

  static func proofs(_ plants: [Plant], _ farm: NamesFarm) async throws -> [Proof] {
    guard let engine = EngineRegistry.named("dns") else { return [] }
    let seen = await NamesScan.each(farm) { zone, result in
      ReportFold(
        job: NamesScan.job(zone, farm), result: result, engine: engine, vantage: "proof",
        time: MonotonicClock.wallClock()
      ).observations
    }
    let byName = Dictionary(uniqueKeysWithValues: zip(farm.zones.map(\.name), seen))
    return try plants.map { plant in
      guard case .zone(let name, let twin) = plant.place else { return Proof(plant) }
      let (weak, good) = (byName[name] ?? [], byName[twin] ?? [])
      return try Proof(plant, clean: good, weak: weak, again: later(good))
    }
  }

  /// The same answers at a later look: a twin was asked once, and what is older than a finding says nothing of it.
  private static func later(_ observations: [Observation]) -> [Observation] {
    let now = MonotonicClock.wallClock()
    return observations.map { observation in
      var observation = observation
      observation.time = now
      return observation
    }
  }
}
