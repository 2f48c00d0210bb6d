/// Where the officer was, back and forth as in a browser: a new place forgets what lay ahead.
struct Walk: Sendable, Equatable {
  struct Visit: Sendable, Equatable {
    var place: Model.Place
    /// Lines above the first that is shown, of a place that scrolls.
    var scroll = 0
    /// The link that is selected, of a place that has some.
    var link: Int?
  }
  /// Steps that are remembered: more than anyone goes back.
  static let longest = 100

  private var visits: [Visit]
  private var index = 0

  init(_ place: Model.Place) { visits = [Visit(place: place)] }

  var present: Model.Place { visits[index].place }
  var scroll: Int {
    get { visits[index].scroll }
    set { visits[index].scroll = max(newValue, 0) }
  }
  var link: Int? {
    get { visits[index].link }
    set { visits[index].link = newValue }
  }
  /// Where one came from.
  var past: Model.Place? { index > 0 ? visits[index - 1].place : nil }
  var hasPast: Bool { index > 0 }
  var hasFuture: Bool { index + 1 < visits.count }

  /// The screen under whatever is open above it.
  var screen: String? {
    for visit in visits[...index].reversed() { if case .screen(let id) = visit.place { return id } }
    return nil
  }

  mutating func go(_ place: Model.Place) {
    guard place != present else { return }
    visits.removeSubrange((index + 1)...)
    visits.append(Visit(place: place))
    visits.removeFirst(max(visits.count - Walk.longest, 0))
    index = visits.count - 1
  }

  mutating func back() { if hasPast { index -= 1 } }
  mutating func forth() { if hasFuture { index += 1 } }

  /// Screens that are gone are no places any more; `home` is where one then is.
  mutating func keep(screens: Set<String>, home: Model.Place) {
    func isThere(_ visit: Visit) -> Bool {
      if case .screen(let id) = visit.place { screens.contains(id) } else { true }
    }
    guard !visits.allSatisfy(isThere) else { return }
    let past = visits[..<index].filter(isThere)
    let ahead = visits[index...].filter(isThere)
    visits = past + ahead
    index = min(past.count, max(visits.count - 1, 0))
    if visits.isEmpty { self = Walk(home) }
    if screen == nil { go(home) }
  }
}
