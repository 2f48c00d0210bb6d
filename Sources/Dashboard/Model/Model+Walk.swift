import ControlAPI
import Records

/// From place to place, and from pane to pane.
extension Model {
  mutating func go(_ place: Place) -> [Effect] {
    walk.go(place)
    arrived()
    return []
  }

  mutating func back() -> [Effect] {
    walk.back()
    arrived()
    return []
  }

  mutating func forth() -> [Effect] {
    walk.forth()
    arrived()
    return []
  }

  /// A screen, and a detail that was open before, show what was last said until it is asked again.
  private mutating func arrived() {
    guard case .screen = place else { return }
    marked = [:]
    relist()
  }

  mutating func moveFocus(_ step: Int) {
    guard let names = layout?.panelNames, let current = focusedPanel?.name, let place = names.firstIndex(of: current)
    else { return }
    // Where nobody stands the feed's tail runs.
    if let panel = focusedPanel, panel.kind == .feed { panes[key(panel)] = nil }
    focus[screenID] = names[(place + step + names.count) % names.count]
  }

  /// What the selected entry leads to; a branch of a tree opens or closes.
  mutating func open() -> [Effect] {
    guard let panel = focusedPanel else { return [] }
    if panel.kind == .tree {
      turn(panel)
      return []
    }
    guard let place = (selectedEntry(panel) ?? told(panel))?.leadsTo else { return [] }
    return go(place)
  }

  /// What a panel of words is about: the watch's shift, the one that was handed over.
  private func told(_ panel: Panel) -> (any Listed)? {
    guard panel.kind == .state, let entries = listing(panel)?.entries else { return nil }
    return entries.first { entry in (entry as? ShiftItem).map { $0.shift.note != nil } ?? (entry.leadsTo != nil) }
  }

  mutating func mark() {
    if refuses(movedRefusal) { return }
    guard let panel = focusedPanel, panel.listsQueue, let index = selection(panel),
      let id = selectedEntry(panel)?.actRow
    else { return }
    if marks.remove(id) == nil { marks.insert(id) }
    select(index + 1, in: panel)
  }

  mutating func move(_ key: Key) {
    guard let panel = focusedPanel, let current = selection(panel) else { return }
    let page = max(body.rows / 2, 1)
    switch key {
    case .down, .character("j"): select(below(current, 1, panel), in: panel)
    case .up, .character("k"): select(below(current, -1, panel), in: panel)
    case .right, .character("l"): sideways(1, current, panel)
    case .left, .character("h"): sideways(-1, current, panel)
    case .control("d"), .pageDown: select(below(current, page, panel), in: panel)
    case .control("u"), .pageUp: select(below(current, -page, panel), in: panel)
    case .character("g"), .home: select(0, in: panel)
    case .character("G"), .end: select(.max, in: panel)
    default: break
    }
  }

  /// The entry so many lines below: on the map of sites a line has many.
  private func below(_ current: Int, _ lines: Int, _ panel: Panel) -> Int {
    guard panel.kind == .sites, let area = shownPanes.first(where: { $0.name == panel.name })?.area else {
      let (place, isOver) = current.addingReportingOverflow(lines)
      return isOver ? current : place
    }
    return SitesPlan(listing(panel)?.sites ?? [], Frame.inner(area, of: size)).step(from: current, lines: lines)
  }

  private mutating func sideways(_ step: Int, _ current: Int, _ panel: Panel) {
    switch panel.kind {
    case .sites: select(current + step, in: panel)
    case .tree: turn(panel, opening: step > 0)
    default: break
    }
  }

  // MARK: trees

  /// Opens or closes the selected branch; `opening` nil: the other of the two.
  private mutating func turn(_ panel: Panel, opening: Bool? = nil) {
    guard let node = selectedEntry(panel), let all = listing(panel)?.entries else { return }
    let key = key(panel)
    let isOpen = TreePlan.isOpen(node, turned: panes[key]?.turned ?? [])
    let hasBelow = all.contains { $0.branch == node.key }
    if hasBelow, isOpen != (opening ?? !isOpen) {
      panes[key, default: Pane()].turned.formSymmetricDifference([node.key])
    } else if opening == false, let above = node.branch {
      entries(panel).firstIndex { $0.key == above }.map { select($0, in: panel) }
    }
  }
}
