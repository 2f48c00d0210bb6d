internal import Records
internal import Wire

/// What jobs share and may not crowd: a host, an address, a platform, a network.
struct Gate: Sendable {
  enum Kind: String, Sendable, CaseIterable { case host, address, platform, network }
  let kind: Kind
  let limit: Int
  private(set) var used = 0
  /// Who waits here, by urgency.
  private var lines = Array(repeating: Line<Waiting>(), count: Urgency.allCases.count)

  init(_ kind: Kind, limit: Int) { (self.kind, self.limit) = (kind, max(limit, 1)) }

  /// A quarter, and one at least, stays free of routine: a probe of minutes must not hold up a look of a second. Where
  /// there is one place alone, all share it.
  private var routineLimit: Int { limit - (limit > 1 ? max(limit / 4, 1) : 0) }

  func isOpen(to urgency: Urgency) -> Bool { used < (urgency == .routine ? routineLimit : limit) }
  mutating func enter() { used += 1 }
  mutating func leave() { used = max(0, used - 1) }

  mutating func wait(_ item: Waiting, _ urgency: Urgency, atHead: Bool) {
    if atHead { lines[urgency.rawValue].prepend(item) } else { lines[urgency.rawValue].append(item) }
  }

  mutating func next() -> Waiting? {
    for index in lines.indices where !lines[index].isEmpty { return lines[index].popFirst() }
    return nil
  }
}

/// Jobs open at once. (Connections and requests are counted by the scanner, which makes them.)
package struct JobLimits: Sendable, Hashable {
  /// As many as connections may be open to one address (MODEL.md): a job may need one alone.
  package var perAddress = 2
  package var perPlatform = 4
  /// Of one /24 or /48: about a hosting room.
  package var perNetwork = 8
  package init() {}
}

/// The gates of an inventory, found by what they guard.
struct GateTable: Sendable {
  private(set) var gates: [Gate] = []
  private var known: [String: Int] = [:]

  subscript(_ index: Int) -> Gate {
    get { gates[index] }
    _modify { yield &gates[index] }
  }

  private mutating func gate(_ kind: Gate.Kind, _ name: String, _ limit: Int) -> Int {
    let key = "\(kind.rawValue) \(name)"
    if let index = known[key] { return index }
    gates.append(Gate(kind, limit: limit))
    known[key] = gates.count - 1
    return gates.count - 1
  }

  /// The host first. An address that is not in the inventory is not known here; its scanner keeps its limits.
  mutating func gates(of site: Site, _ limits: JobLimits) -> [Int] {
    var result = [gate(.host, site.host, 1)]
    if let address = site.target.address ?? IPAddress(site.host) {
      result.append(gate(.address, "\(address)", limits.perAddress))
      if let network = IPPrefix(address, length: address.isV6 ? 48 : 24) {
        result.append(gate(.network, "\(network)", limits.perNetwork))
      }
    }
    if let platform = site.platform { result.append(gate(.platform, platform, limits.perPlatform)) }
    return result
  }

  func firstClosed(_ indices: [Int], to urgency: Urgency) -> Int? {
    indices.first { !gates[$0].isOpen(to: urgency) }
  }
}
