/// When each question is asked: a state machine without clock or connection. Times are seconds that only rise.
///
/// Each wanted question is in flight at most once and asked again its own time after it was answered. A hub that is
/// away is asked one question only, later and later; when it is back everything is due.
struct AskSchedule {
  private struct Entry {
    var every: Double
    var due: Double
    var asked: Double?
    var isStirred: Bool
    var isWanted = true
    var isInFlight = false
  }
  private var entries: [Question: Entry] = [:]
  /// Insertion order, so that a screen's first question is asked first.
  private var order: [Question] = []
  private var failures = 0
  /// Between 0.8 and 1.2, another on each screen: a hub that comes back is not asked by all in one moment.
  private let spread: Double

  /// Questions in flight at once.
  static let most = 4
  /// Seconds between tries while the hub is away.
  static let patience = [0.5, 1, 2, 4, 8, 15]
  /// Lists follow a change of rows so much later, so that a storm of changes is one question.
  static let settling = 1.5
  /// Questions that nobody wants now, remembered so that a step back asks no sooner than if it had not been made.
  static let mostRemembered = 200

  init(spread: Double = 1) { self.spread = spread }

  var isLost: Bool { failures > 0 }

  /// What to ask from now on. What was not wanted before is due at once.
  mutating func want(_ wants: [Want], at now: Double) {
    for question in order { entries[question]?.isWanted = false }
    for want in wants {
      if var entry = entries[want.question] {
        (entry.isWanted, entry.isStirred, entry.every) = (true, want.isStirred, want.every)
        entry.due = min(entry.due, (entry.asked ?? now) + want.every)
        entries[want.question] = entry
      } else {
        entries[want.question] = Entry(every: want.every, due: now, isStirred: want.isStirred)
        order.append(want.question)
      }
    }
    forget()
  }

  private mutating func forget() {
    guard order.count > AskSchedule.mostRemembered else { return }
    let gone = order.filter { entries[$0].map { !$0.isWanted && !$0.isInFlight } ?? true }
    for question in gone { entries[question] = nil }
    order.removeAll { entries[$0] == nil }
  }

  /// The questions to ask now; each counts as in flight until it is answered or fails.
  mutating func take(at now: Double) -> [Question] {
    guard room > 0 else { return [] }
    let due = waiting.filter { entries[$0].map { $0.due <= now } ?? false }.prefix(isLost ? 1 : room)
    for question in due {
      entries[question]?.isInFlight = true
      entries[question]?.asked = now
    }
    return Array(due)
  }

  private var room: Int { AskSchedule.most - entries.values.count { $0.isInFlight } }

  /// Wanted and not in flight; of a hub that is away the first alone.
  private var waiting: [Question] {
    let wanted = order.filter { entries[$0]?.isWanted ?? false }
    let all = isLost ? Array(wanted.prefix(1)) : wanted
    return all.filter { !(entries[$0]?.isInFlight ?? true) }
  }

  /// When `take` has something next, should nothing happen before; nil: nothing is wanted, or an answer must come first.
  var next: Double? { room > 0 ? waiting.compactMap { entries[$0]?.due }.min() : nil }

  /// True: the hub was away.
  mutating func answered(_ question: Question, at now: Double) -> Bool {
    guard var entry = entries[question] else { return false }
    entry.isInFlight = false
    entry.due = now + entry.every
    entries[question] = entry
    guard isLost else { return false }
    failures = 0
    for other in order where other != question { entries[other]?.due = now }
    return true
  }

  enum Failure: Equatable {
    /// The hub is away; seconds until the next try.
    case hub(again: Double)
    /// One question got no answer: it is asked again in its own time, and the hub at once whether it is there.
    case question
    /// It was known already that the hub is away.
    case known
  }

  /// Only the question that is asked first says of the hub that it is away: one that is slow says so of itself.
  mutating func failed(_ question: Question, at now: Double) -> Failure {
    entries[question]?.isInFlight = false
    let probe = order.first { entries[$0]?.isWanted ?? false }
    guard question == probe else {
      guard !isLost else { return .known }
      let pause = max(entries[question]?.every ?? 0, AskSchedule.settling)
      entries[question]?.due = now + pause
      if let probe { entries[probe]?.due = now }
      return .question
    }
    failures += 1
    let patience = AskSchedule.patience[min(failures, AskSchedule.patience.count) - 1] * spread
    for other in order { entries[other]?.due = now + patience }
    return .hub(again: patience)
  }

  /// Rows of the queue have changed: what shows rows is asked soon.
  mutating func stir(at now: Double) {
    guard !isLost else { return }
    for question in order {
      guard let entry = entries[question], entry.isStirred else { continue }
      let soon = max(now, entry.asked ?? now) + AskSchedule.settling
      entries[question]?.due = min(entry.due, soon)
    }
  }

  /// Somebody acted, or wants to see it now.
  mutating func hurry(at now: Double) {
    guard !isLost else { return }
    for question in order where entries[question]?.isWanted == true { entries[question]?.due = now }
  }
}
