import Records
import Services

/// What became of a plant: the site's posture before, with it, and without it again.
struct Proof: Sendable {
  let plant: Plant
  var before: [String: Int] = [:]
  var planted: [String: Int] = [:]
  var after: [String: Int] = [:]
  /// Checks and rules that took points while it was there.
  var said: Set<String> = []

  init(_ plant: Plant) { self.plant = plant }

  /// By observations of the place without, with and again without it.
  init(_ plant: Plant, clean: [Observation], weak: [Observation], again: [Observation]) throws {
    self.init(plant)
    var site = try WatchedSite()
    site.take(clean)
    before = site.posture()
    site.take(weak)
    (planted, said) = (site.posture(), site.movers)
    site.take(again)
    after = site.posture()
  }

  /// Indicators whose points are others than before.
  var moved: Set<String> {
    Set(planted.keys).union(before.keys).filter { planted[$0] != before[$0] }
  }

  /// What is wrong, in sentences; none where the plant proves its movers.
  func faults(_ tree: IndicatorTree) -> [String] {
    var faults = plant.movers.filter { !said.contains($0) }.map { "\($0) was not said" }
    let own = Set(plant.movers.compactMap { tree.place(of: $0)?.indicator.id })
    let expected = own.union(plant.consequences.keys)
    faults += expected.subtracting(moved).sorted().map { "\($0) did not move" }
    faults += moved.subtracting(expected).sorted().map { "\($0) moved, which is unrelated" }
    faults += moved.filter { (planted[$0] ?? 0) < (before[$0] ?? 0) }.sorted().map { "\($0) moved the wrong way" }
    let left = Set(after.keys).union(before.keys).filter { after[$0] != before[$0] }
    faults += left.sorted().map { "\($0) did not move back: \(before[$0] ?? 0) before, \(after[$0] ?? 0) after" }
    return faults
  }

  /// `indicator | planted at | moved by | points and back`.
  func line(_ tree: IndicatorTree) -> String {
    let own = Set(plant.movers.compactMap { tree.place(of: $0)?.indicator.id }).sorted().joined(separator: ", ")
    let points = moved.sorted().map { "\(before[$0] ?? 0) -> \(planted[$0] ?? 0) -> \(after[$0] ?? 0)" }
    let with = plant.consequences.sorted { $0.key < $1.key }.map { "; with \($0.key): \($0.value)" }.joined()
    return
      "\(own) | \(plant.title) | \(plant.movers.joined(separator: ", ")) | \(points.joined(separator: ", "))\(with)"
  }
}
