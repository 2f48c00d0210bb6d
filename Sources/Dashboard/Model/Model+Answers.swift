import ControlAPI
import Records
import Wire

/// Which questions the panels on screen need, and what the panels show of the answers.
extension Model {
  /// Each question once, however many panels share it; the header's on every screen.
  var wants: [Want] {
    var order = [Question.overview]
    var every = [Question.overview: definition?.refreshSeconds ?? Definition.usualRefresh]
    var stirred: Set<Question> = [.overview]
    for panel in askingPanels {
      let seconds = panel.refreshSeconds ?? definition?.refreshSeconds ?? Definition.usualRefresh
      for part in panel.parts {
        guard let question = question(part, of: panel) else { continue }
        if part.source.isStirred { stirred.insert(question) }
        if let known = every[question] {
          every[question] = question == .overview ? known : min(known, seconds)
        } else {
          order.append(question)
          every[question] = seconds
        }
      }
    }
    let screen = order.map { Want(question: $0, every: every[$0] ?? 0, isStirred: stirred.contains($0)) }
    return screen + detailWants + [Want(question: .me, every: 60, isStirred: false)]
  }

  /// Those on screen, and those that they follow.
  private var askingPanels: [Panel] {
    guard case .screen = place, let definition else { return [] }
    let shown = shownPanes.compactMap { definition.panel($0.name) }
    let followed = shown.compactMap(\.follow).filter { name in !shown.contains { $0.name == name } }
    return shown + followed.compactMap { definition.panel($0) }
  }

  func question(_ part: Panel.Part, of panel: Panel) -> Question? {
    part.source.question(
      panel.asked(part, variables: variables, filter: filter(panel), subject: subject(panel)))
  }

  /// The entry that is selected in the panel that this one follows.
  private func subject(_ panel: Panel) -> String? {
    guard let name = panel.follow, let followed = definition?.panel(name) else { return nil }
    return selectedEntry(followed)?.subject
  }

  // MARK: age

  func answers(to panel: Panel) -> [Answer] {
    panel.parts.compactMap { question($0, of: panel).flatMap { answers[$0] } }
  }

  /// When the oldest of what it shows was said; nil: nothing was yet.
  func time(_ panel: Panel) -> Timestamp? {
    panel.kind == .feed ? feed.heard : answers(to: panel).compactMap(\.at).min()
  }

  /// What it shows is not of now: it is drawn dim, with its age.
  func isOld(_ panel: Panel) -> Bool {
    guard let time = time(panel) else { return false }
    let every = panel.refreshSeconds ?? definition?.refreshSeconds ?? Definition.usualRefresh
    return isOld(time, every: every)
  }

  /// Of the header.
  var isOld: Bool {
    guard let time = answers[.overview]?.at else { return true }
    return isOld(time, every: definition?.refreshSeconds ?? Definition.usualRefresh)
  }

  /// Some askings may fail before a figure counts as old, but not for long.
  func isOld(_ time: Timestamp, every: Double) -> Bool {
    guard case .connected = link else { return true }
    return Model.seconds(now, since: time) > max(4 * every, 15)
  }

  static func seconds(_ time: Timestamp, since: Timestamp) -> Double { Double(time.nanoseconds(since: since)) / 1e9 }

  /// Why a panel has nothing newer; nil: nothing is wrong.
  func problem(_ panel: Panel) -> BilingualText? { answers(to: panel).compactMap(\.problem).first }

  // MARK: listings

  func listing(_ panel: Panel) -> Listing? { listings[key(panel)] }

  /// After an answer, a filter or a selection: what the panels of this screen now show.
  mutating func relist(_ isConcerned: (Question) -> Bool = { _ in true }) {
    guard let definition else { return }
    // Those that follow others come after them.
    for panel in definition.panels.filter({ $0.follow == nil }) + definition.panels.filter({ $0.follow != nil }) {
      let questions = panel.parts.compactMap { question($0, of: panel) }
      guard panel.follow != nil || questions.contains(where: isConcerned), !held.contains(key(panel)) else { continue }
      listings[key(panel)] = made(panel)
      keepSelection(panel)
      keepMarks(panel)
    }
  }

  private func made(_ panel: Panel) -> Listing? {
    var result: Listing?
    for part in panel.parts {
      guard let question = question(part, of: panel), let value = answers[question]?.value,
        var listing = part.source.listing(value)
      else { continue }
      if !part.source.isFilteredByHub { keep(part, panel, &listing) }
      result = result.map { $0.joined(listing) } ?? listing
    }
    result?.arrange(panel, now: now)
    return result
  }

  private func keep(_ part: Panel.Part, _ panel: Panel, _ listing: inout Listing) {
    let text = Panel.combined(part.query.filled(variables), filter(panel))
    guard let filter = try? Filter(text, part.source.schema) else { return }
    listing.keep(filter.resolved(in: FilterContext(me: me)), columns: part.source.columns, now: now)
  }
}

extension Listing {
  func joined(_ other: Listing) -> Listing {
    Listing(
      entries + other.entries, total: (total ?? entries.count) &+ (other.total ?? other.entries.count),
      isMore: isMore || other.isMore)
  }

  /// In the order in which the panel shows them.
  mutating func arrange(_ panel: Panel, now: Timestamp) {
    switch panel.kind {
    case .clocks:
      entries = entries.filter { $0.value(.due).moment != nil }
      sort([SortWord(column: .due, isDescending: false)])
    case .sites: (entries, sites) = SiteMark.ordered(entries)
    case .roster:
      entries = entries.filter { ($0.value(.until).moment ?? now) > now }
      sort([SortWord(column: .from, isDescending: false), SortWord(column: .step, isDescending: false)])
    default: if panel.source?.isSortedByHub == false { sort(panel.sort) }
    }
  }
}
