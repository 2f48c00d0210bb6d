import Records
import Wire

/// What is in view of the pane where one stands: an act is on what was seen, and nothing else.
struct Sight: Sendable, Equatable {
  var target: ActSubject?
  /// Where a step leads is seen too.
  var entries: [String]
}

extension Model {
  /// Nobody reads another row and means it in less.
  static let readingSeconds = 0.3

  static let moved = BilingualText(
    en: "the list moved under the key: look, and press it again", zh: "列表已变动，请确认后重按")

  private var sight: Sight {
    guard case .screen = place, let panel = focusedPanel else { return Sight(target: target, entries: []) }
    return Sight(target: target, entries: entries(panel).map(\.key))
  }

  /// This model is on the screen now.
  mutating func drew() {
    let sight = sight
    if let seen, seen.target != nil, seen.target != sight.target { movedAt = now }
    seen = sight
  }

  /// What an act would be on is not what the officer saw, or only just.
  var hasMoved: Bool {
    guard let seen else { return false }
    if seen.target != target { return true }
    return movedAt.map { (0..<Model.readingSeconds).contains(Model.seconds(now, since: $0)) } ?? false
  }

  /// Why nothing is done to what is selected; nil: it was seen.
  var movedRefusal: BilingualText? { hasMoved ? Model.moved : nil }

  /// Keys walk from what is seen to what will be: only a message moves a list unseen.
  mutating func pressInView(_ key: Key) -> [Effect] {
    let wasInView = seen.map { $0 == sight } ?? false
    let effects = press(key)
    if wasInView { seen = sight }
    return effects
  }
}
