/// In what order due jobs are taken. Within one urgency organisations take turns.
package enum Urgency: Int, Codable, Sendable, CaseIterable, Comparable {
  /// A person asked for it now.
  case wish
  /// A claim of repair waits for its proof.
  case retest
  /// What is looked at every few minutes: late by a minute is late by much.
  case watch
  case routine
  package static func < (a: Urgency, b: Urgency) -> Bool { a.rawValue < b.rawValue }
}

/// First in, first out; a place at the head for who comes back.
struct Line<Element: Sendable>: Sendable {
  private var items: [Element] = []
  private var head = 0

  var isEmpty: Bool { head == items.count }
  var count: Int { items.count - head }

  mutating func append(_ item: Element) { items.append(item) }

  mutating func prepend(_ item: Element) {
    guard head > 0 else { return items.insert(item, at: 0) }
    head -= 1
    items[head] = item
  }

  mutating func popFirst() -> Element? {
    guard head < items.count else { return nil }
    let item = items[head]
    head += 1
    if head == items.count {
      items.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 256, head * 2 > items.count {
      items.removeFirst(head)
      head = 0
    }
    return item
  }
}

/// A (site, engine) as queues hold it. A mark that is no longer the pair's own is of an earlier life, and is dropped.
struct Waiting: Sendable, Hashable {
  var pair: Int
  var mark: UInt32
  /// What the job takes of its organisation's share.
  var cost: Int
}

/// Deficit round robin (Shreedhar and Varghese 1995) over organisations: each gets the same share of the work, however
/// many sites it has. A job costs what it asks of the network, so that a port scan is not a DNS question.
struct FairQueue: Sendable {
  private var lines: [Line<Waiting>] = []
  private var deficits: [Int] = []
  private var isInTurn: [Bool] = []
  private var turns = Line<Int>()
  private(set) var count = 0
  /// A turn's share; at least the dearest job, so that each turn gives one.
  static let quantum = 4

  mutating func resize(organisations: Int) {
    lines = Array(repeating: Line(), count: organisations)
    deficits = Array(repeating: 0, count: organisations)
    isInTurn = Array(repeating: false, count: organisations)
    turns = Line()
    count = 0
  }

  mutating func push(_ item: Waiting, organisation: Int, atHead: Bool) {
    if atHead { lines[organisation].prepend(item) } else { lines[organisation].append(item) }
    count += 1
    guard !isInTurn[organisation] else { return }
    isInTurn[organisation] = true
    turns.append(organisation)
  }

  mutating func pop() -> Waiting? {
    while let organisation = turns.popFirst() {
      guard let item = lines[organisation].popFirst() else {
        isInTurn[organisation] = false
        deficits[organisation] = 0
        continue
      }
      guard deficits[organisation] >= item.cost else {
        lines[organisation].prepend(item)
        deficits[organisation] += FairQueue.quantum
        turns.append(organisation)
        continue
      }
      deficits[organisation] -= item.cost
      turns.prepend(organisation)
      count -= 1
      return item
    }
    return nil
  }
}

/// Everything that is due and may be tried: by urgency, and in each by turns.
struct ReadyQueue: Sendable {
  private var queues = Array(repeating: FairQueue(), count: Urgency.allCases.count)
  private var picks = 0
  /// One pick in so many begins with another urgency than the first, each in its turn: a thousand wishes starve nobody.
  static let sharedEvery = 4

  var isEmpty: Bool { queues.allSatisfy { $0.count == 0 } }

  mutating func resize(organisations: Int) {
    for index in queues.indices { queues[index].resize(organisations: organisations) }
  }

  mutating func push(_ item: Waiting, _ urgency: Urgency, organisation: Int, atHead: Bool = false) {
    queues[urgency.rawValue].push(item, organisation: organisation, atHead: atHead)
  }

  mutating func pop() -> Waiting? {
    picks &+= 1
    let first = picks % ReadyQueue.sharedEvery == 0 ? picks / ReadyQueue.sharedEvery % queues.count : 0
    for offset in 0..<queues.count {
      let index = (first + offset) % queues.count
      guard queues[index].count > 0 else { continue }
      if let item = queues[index].pop() { return item }
    }
    return nil
  }
}
