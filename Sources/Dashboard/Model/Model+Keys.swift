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
    if let effects = pressEverywhere(key) { return effects }
    switch place {
    case .screen: return pressOnScreen(key)
    default: return pressInDetail(key)
    }
  }

  private mutating func pressOnScreen(_ key: Key) -> [Effect] {
    switch key {
    case .character("q"): return walk.hasPast ? back() : [.quit]
    case .escape: return escape()
    case .tab, .character("\t"): moveFocus(1)
    case .backTab: moveFocus(-1)
    case .enter, .character("\r"): return open()
    case .character("t"): freeze()
    case .character("/"): beginFilter()
    case .character("x"), .character(" "): mark()
    case .character("*"): marksNext = true
    default: move(key)
    }
    return []
  }

  /// The tail stands still, or what the pane shows stays as it is, until the key is pressed again.
  mutating func freeze() {
    guard let panel = focusedPanel else { return refuse("no pane is here to be held", "此处无可暂停的窗格") }
    if panel.kind == .feed { return changeFeed { $0.toggle() } }
    if held.remove(key(panel)) == nil { held.insert(key(panel)) } else { relist() }
  }

  /// Marks and a filter are given up before the screen is.
  private mutating func escape() -> [Effect] {
    if !marks.isEmpty {
      marks = []
      return []
    }
    if let panel = focusedPanel, !filter(panel).isEmpty {
      set(filter: "", of: panel)
      return []
    }
    return back()
  }

  private mutating func pressInDetail(_ key: Key) -> [Effect] {
    let page = max(body.rows - 4, 1)
    switch key {
    case .character("q"), .escape, .left, .backspace: return back()
    case .tab, .character("\t"): moveLink(1)
    case .backTab: moveLink(-1)
    case .enter, .right, .character("\r"): return chosenLink.map { go($0) } ?? []
    case .down, .character("j"): scroll(by: 1)
    case .up, .character("k"): scroll(by: -1)
    case .control("d"), .pageDown: scroll(by: page)
    case .control("u"), .pageUp: scroll(by: -page)
    case .character("g"), .home: scroll(by: -walk.scroll)
    case .character("G"), .end: scroll(by: .max)
    case .character("o"): return openSiteOfRow()
    default: break
    }
    return []
  }

  private mutating func openSiteOfRow() -> [Effect] {
    guard let id = row?.item.row.site else { return [] }
    return go(.site(id))
  }

  /// Keys that mean the same on a screen and in a detail; nil: not one of them.
  private mutating func pressEverywhere(_ key: Key) -> [Effect]? {
    guard case .character(let character) = key, place != .help || "[]0123456789:".contains(character) else {
      return nil
    }
    switch character {
    case "?": return go(.help)
    case ":":
      var begun = Prompt(purpose: .command)
      begun.about = target
      prompt = begun
      return []
    case "0"..."5": return call(screen: character)
    case "[": return back()
    case "]": return forth()
    case "a": return ask(.acknowledge)
    case "e": return ask(.escalate)
    case "u": return undo()
    case "U": return undoBulk()
    case ".": return openMenu()
    case "c": return begin { .verdict($0) }
    case "z": return begin({ .shelve($0) }, text: "2h")
    case "@": return begin({ .assign($0) }, text: officer)
    case "m": return begin { .comment($0) }
    case "y": return copy()
    default: return nil
    }
  }

  private mutating func call(screen character: Character) -> [Effect] {
    guard let number = character.wholeNumberValue, let found = definitions.first(where: { $0.number == number }) else {
      let name = character.wholeNumberValue.map { Definition.numbered[$0] } ?? ""
      refuse("screen \(character) (\(name)) has no definition", "屏幕 \(character)（\(name)）没有定义")
      return []
    }
    return go(.screen(found.id))
  }

  private mutating func pressAfterStar(_ key: Key) -> [Effect] {
    marksNext = false
    guard focusedPanel?.listsQueue == true else {
      refuse("rows are marked in a list of the queue", "仅可在待办列表中标记")
      return []
    }
    if refuses(movedRefusal) { return [] }
    if key == .character("1") { marks.formUnion(rowsOfSameRule()) }
    if key == .character("*") { marks.formUnion(rowsListed()) }
    return []
  }

  private mutating func copy() -> [Effect] {
    // Others choose what stands in it: pasted, a line's end would be a command.
    guard let text = copied.map(Ink.harmless) else { return [] }
    say(BilingualText(en: "copied: \(text)", zh: "已复制：\(text)"), isProblem: false)
    return [.copy(text)]
  }

  /// The row as one line; of what is no row of the queue its key.
  private var copied: String? {
    switch place {
    case .site(let id), .organisation(let id), .incident(let id): return id
    case .notice(let id), .shift(let id): return "\(id)"
    case .row, .alert, .screen, .help: break
    }
    let entry: (any Listed)? = place.isDetail ? row?.item : focusedPanel.flatMap(selectedEntry)
    guard let entry else { return currentRow.map { "\($0)" } }
    guard let item = (entry as? Feed.Entry)?.item ?? entry as? QueueItem else { return entry.key }
    return "\(item.id) \(item.row.title.en) \(item.row.subject) \(item.row.check)"
  }
}
