import Engines
import Foundation
import Records
import Synchronization

@testable import Scanner

/// Plants of the farm: a server beside its twin, a template's page beside its twin, or a server that is another at the
/// second look.
enum FarmProof {
  /// Rows of the table that a plant needs.
  static func names(_ place: Plant.Place) -> [String] {
    switch place {
    case .farm(let name, let twin), .publicly(let name, let twin): [name, twin]
    case .page(let id): [page(id), page(id) + " nearly"]
    case .change(let name, .server(let next)): [name, next]
    case .change(let name, _): [name]
    case .city, .zone, .wire: []
    }
  }

  /// As Tests/Farm/pages.py calls the server of a template's page.
  private static func page(_ id: String) -> String { "template " + id }

  /// Nearly all of the time is waiting: plants are looked at side by side.
  static func proofs(_ plants: [Plant], _ farm: Farm) throws -> [Proof] {
    let made = Mutex([Int: Result<Proof, any Error>]())
    // A server of two plants would be asked by two at once: the mocks and nginx do not mind.
    Pool.run(plants.count) { index in
      let one = Result { try proof(plants[index], farm) }
      made.withLock { $0[index] = one }
    }
    return try made.withLock { made in try plants.indices.compactMap { try made[$0]?.get() } }
  }

  private static func proof(_ plant: Plant, _ farm: Farm) throws -> Proof {
    switch plant.place {
    case .farm(let name, let twin): try twins(plant, try farm.named(name), try farm.named(twin), farm)
    case .publicly(let name, let twin):
      try twins(plant, try farm.named(name), try farm.named(twin), farm, isPublic: true)
    case .page(let id): try twins(plant, try farm.named(page(id)), try farm.named(page(id) + " nearly"), farm)
    case .change(let name, let change): try changed(plant, try farm.named(name), change, farm)
    case .city, .zone, .wire: Proof(plant)
    }
  }

  private static func twins(
    _ plant: Plant, _ weak: FarmServer, _ good: FarmServer, _ farm: Farm, isPublic: Bool = false
  ) throws -> Proof {
    // The same engines at both: what only one of them asks would move by itself.
    let engines = weak.engines.filter(good.engines.contains)
    func look(_ server: FarmServer) -> [Observation] {
      engines.compactMap { EngineRegistry.named($0) }.flatMap { engine in
        observations(FarmScan.ask(engine, server, trust: farm.trust, isPublic: isPublic), engine, server)
      }
    }
    return try Proof(plant, clean: look(good), weak: look(weak), again: look(good))
  }

  /// The second look has the memory of the first, and the third that of the second. Another server is accepted by a
  /// person at the third; what else has changed is as it was.
  private static func changed(
    _ plant: Plant, _ server: FarmServer, _ change: Plant.Change, _ farm: Farm
  ) throws -> Proof {
    let engines = server.engines.compactMap { EngineRegistry.named($0) }
    var memories: [String: String] = [:]
    func look(_ server: FarmServer, accepts: Bool = false) -> [Observation] {
      engines.flatMap { engine in
        let result = FarmScan.ask(
          engine, server, trust: farm.trust, known: memories[engine.name], accepts: accepts)
        memories[engine.name] = result.memory
        return observations(result, engine, server)
      }
    }
    let clean = look(server)
    let other = try turn(change, server, farm)
    let weak = look(other)
    try turnBack(change, server, farm)
    let isAnother = if case .server = change { true } else { false }
    return try Proof(plant, clean: clean, weak: weak, again: look(isAnother ? other : server, accepts: isAnother))
  }

  private static func turn(_ change: Plant.Change, _ server: FarmServer, _ farm: Farm) throws -> FarmServer {
    switch change {
    case .files:
      for (path, text) in server.next ?? [:] {
        let file = URL(filePath: (server.root ?? "") + path)
        try Data(contentsOf: file).write(to: file.appendingPathExtension("first"))
        try Data(text.utf8).write(to: file)
      }
    case .ports(let open): try farm.tell("open " + open)
    case .server(let next): return try farm.named(next)
    }
    return server
  }

  private static func turnBack(_ change: Plant.Change, _ server: FarmServer, _ farm: Farm) throws {
    switch change {
    case .files:
      for path in (server.next ?? [:]).keys {
        let file = URL(filePath: (server.root ?? "") + path)
        try Data(contentsOf: file.appendingPathExtension("first")).write(to: file)
      }
    case .ports(let open): try farm.tell("close " + open)
    case .server: break
    }
  }

  /// As the scanner makes them of an engine's answers.
  static func observations(_ result: EngineResult, _ engine: any ScanEngine, _ server: FarmServer) -> [Observation] {
    ReportFold(
      job: FarmScan.job(engine.name, server), result: result, engine: engine, vantage: "proof",
      time: MonotonicClock.wallClock()
    ).observations
  }
}
