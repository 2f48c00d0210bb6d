import ControlAPI
import Records
import Wire

extension Model {
  mutating func press(_ key: Key) -> [Effect] {
    if key == .control("c") { return [.quit] }
    if key == .control("z") { return [.suspend] }
    if key == .control("l") { return [.redraw] }
    if prompt != nil { return pressInPrompt(key) }
    if marksNext { return pressAfterStar(key) }
    switch place {
    case .screen: return pressOnScreen(key)
    case .row, .site: return pressInDetail(key)
    case .help:
      back()
      return []
    }
  }

  private mutating func pressOnScreen(_ key: Key) -> [Effect] {
    if let effects = pressEverywhere(key) { return effects }
    switch key {
    case .character("q"): return path.count > 1 ? leave() : [.quit]
    case .escape: return escape()
    case .tab, .character("\t"): moveFocus(1)
    case .backTab: moveFocus(-1)
    case .enter, .character("\r"): return open()
    case .character("t"): feed.toggle()
    case .character("/"): prompt = Prompt(purpose: .filter, text: filter)
    case .character("x"), .character(" "): mark()
    case .character("*"): marksNext = true
    default: move(key)
    }
    return []
  }

  /// A filter and marks are given up before the screen is.
  private mutating func escape() -> [Effect] {
    if !marks.isEmpty {
      marks = []
      return []
    }
    if !filter.isEmpty {
      filter = ""
      return [.refresh]
    }
    return leave()
  }

  private mutating func leave() -> [Effect] {
    back()
    return [.refresh]
  }

  mutating func back() {
    guard path.count > 1 else { return }
    path.removeLast()
    scroll = 0
    switch place {
    case .row(let id): if row?.item.id != id { row = nil }
    case .site(let id): if site?.item.id != id { site = nil }
    default: (row, site) = (nil, nil)
    }
  }

  private mutating func pressInDetail(_ key: Key) -> [Effect] {
    if let effects = pressEverywhere(key) { return effects }
    let page = max(bodySize.rows - 4, 1)
    switch key {
    case .character("q"), .escape, .left, .backspace:
      back()
      return reopened()
    case .down, .character("j"): scroll += 1
    case .up, .character("k"): scroll -= 1
    case .control("d"), .pageDown: scroll += page
    case .control("u"), .pageUp: scroll -= page
    case .character("g"), .home: scroll = 0
    case .character("G"), .end: scroll = DetailView.lines(self).count
    case .character("o"): return openSiteOfRow()
    default: break
    }
    scroll = min(max(scroll, 0), max(DetailView.lines(self).count - bodySize.rows + 2, 0))
    return []
  }

  /// What a step back leads to is fetched where it is not held any more.
  private func reopened() -> [Effect] {
    switch place {
    case .row(let id): row == nil ? [.openRow(id)] : []
    case .site(let id): site == nil ? [.openSite(id)] : []
    case .screen, .help: [.refresh]
    }
  }

  private mutating func openSiteOfRow() -> [Effect] {
    guard case .row = place, let id = row?.item.row.site else { return [] }
    return open(.site(id))
  }

  /// Keys that mean the same on a screen and in a detail; nil: not one of them.
  private mutating func pressEverywhere(_ key: Key) -> [Effect]? {
    guard case .character(let character) = key else { return nil }
    switch character {
    case "?":
      path.append(.help)
      return []
    case ":":
      prompt = Prompt(purpose: .command)
      return []
    case "0"..."5": return call(screen: character)
    case "a": return ask(.acknowledge)
    case "e": return ask(.escalate)
    case "u": return ask(.undo)
    case "c": return begin { .verdict($0) }
    case "z": return begin({ .shelve($0) }, text: "2h")
    case "@": return begin({ .assign($0) }, text: me)
    case "m": return begin { .comment($0) }
    case "y": return copy()
    default: return nil
    }
  }

  private mutating func call(screen character: Character) -> [Effect] {
    guard let number = character.wholeNumberValue, let found = definitions.first(where: { $0.number == number }) else {
      say("screen \(character) has no definition yet", isProblem: false)
      return []
    }
    path = [.screen(found.id)]
    (row, site, scroll) = (nil, nil, 0)
    return [.refresh]
  }

  private mutating func moveFocus(_ step: Int) {
    guard let names = layout?.panelNames, let current = focusedPanel?.name, let place = names.firstIndex(of: current)
    else { return }
    focus[screenID] = names[(place + step + names.count) % names.count]
  }

  private mutating func move(_ key: Key) {
    guard let panel = focusedPanel, let current = selection(panel) else { return }
    let page = max(bodySize.rows / 2, 1)
    switch key {
    case .down, .character("j"): select(current + 1, in: panel)
    case .up, .character("k"): select(current - 1, in: panel)
    case .right, .character("l"): select(current + 1, in: panel)
    case .left, .character("h"): select(current - 1, in: panel)
    case .control("d"), .pageDown: select(current + page, in: panel)
    case .control("u"), .pageUp: select(current - page, in: panel)
    case .character("g"), .home: select(0, in: panel)
    case .character("G"), .end: select(.max, in: panel)
    default: break
    }
  }

  private mutating func open() -> [Effect] {
    guard let panel = focusedPanel, let index = selection(panel) else { return [] }
    if panel.source == .sites { return open(.site(cells[index].site)) }
    guard let id = currentRow else { return [] }
    return open(.row(id))
  }

  mutating func open(_ place: Place) -> [Effect] {
    path.append(place)
    scroll = 0
    switch place {
    case .row(let id):
      row = nil
      return [.openRow(id)]
    case .site(let id):
      site = nil
      return [.openSite(id)]
    case .screen, .help: return [.refresh]
    }
  }

  private mutating func mark() {
    guard let panel = focusedPanel, panel.listsQueue, let index = selection(panel) else { return }
    let id = items(panel)[index].id
    if marks.remove(id) == nil { marks.insert(id) }
    select(index + 1, in: panel)
  }

  private mutating func pressAfterStar(_ key: Key) -> [Effect] {
    marksNext = false
    if key == .character("1") { marks.formUnion(rowsOfSameRule()) }
    return []
  }

  private mutating func copy() -> [Effect] {
    guard let id = currentRow else { return [] }
    let item = row?.item.id == id ? row?.item : lists.values.lazy.flatMap(\.items).first { $0.id == id }
    let text = item.map { "\($0.id) \($0.row.title.en) \($0.row.subject) \($0.row.check)" } ?? "\(id)"
    say("copied: \(text)", isProblem: false)
    return [.copy(text)]
  }
}
