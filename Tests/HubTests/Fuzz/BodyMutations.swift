/// Changes of a body that leave it JSON, or nearly so.
enum BodyMutations {
  static func mutated(_ body: FuzzJSON, _ dice: inout FuzzDice) -> FuzzJSON {
    var body = body
    for _ in 0...dice.size(4) { body = once(body, &dice) }
    return body
  }

  /// Goes down to some place by chance, and changes what is there.
  private static func once(_ body: FuzzJSON, _ dice: inout FuzzDice) -> FuzzJSON {
    switch body {
    case .object(var members) where !members.isEmpty && !dice.isOne(in: 5):
      let place = dice.below(members.count)
      if dice.isOne(in: 3) { return .object(changed(members, place, &dice)) }
      members[place].value = once(members[place].value, &dice)
      return .object(members)
    case .list(var items) where !items.isEmpty && !dice.isOne(in: 5):
      let place = dice.below(items.count)
      if dice.isOne(in: 3) { return .list(changed(items, place, &dice)) }
      items[place] = once(items[place], &dice)
      return .list(items)
    default: return other(body, &dice)
    }
  }

  /// Something else in a value's place.
  private static func other(_ value: FuzzJSON, _ dice: inout FuzzDice) -> FuzzJSON {
    switch (value, dice.below(10)) {
    case (_, 0): .list([value])
    case (_, 1): .object([.init(name: ["a", "en", "id", ""][dice.below(4)], value: value)])
    case (_, 2): .text(String(decoding: value.bytes.prefix(4096), as: UTF8.self))
    case (_, 3): HostileValues.any(&dice)
    case (.text(let text), 4): .text(text + text)
    case (.text(let text), 5): .text(text.uppercased())
    case (.text(let text), 6): joined(text, &dice)
    case (.text, _): HostileValues.text(&dice)
    case (.raw, _): HostileValues.number(&dice)
    case (.list(let items), _): repeated(items, &dice)
    case (.object, _): HostileValues.any(&dice)
    }
  }

  private static func joined(_ text: String, _ dice: inout FuzzDice) -> FuzzJSON {
    let hostile = HostileValues.texts[dice.below(HostileValues.texts.count)]
    return .text(dice.isOne(in: 2) ? text + hostile : hostile + text)
  }

  /// Seldom a hundred thousand.
  private static func repeated(_ items: [FuzzJSON], _ dice: inout FuzzDice) -> FuzzJSON {
    let count = dice.isOne(in: 40) ? 100_000 : 1 << dice.below(12)
    let item = items.first ?? HostileValues.any(&dice)
    // A hundred thousand of something large is refused for its size, which other bodies try.
    guard item.bytes.count * count < 8 << 20 else { return .list([item, item]) }
    guard case .raw = item, dice.isOne(in: 2) else { return .list(Array(repeating: item, count: count)) }
    return .list((0..<count).map { .raw("\($0)") })
  }

  private static func changed(
    _ members: [FuzzJSON.Member], _ place: Int, _ dice: inout FuzzDice
  ) -> [FuzzJSON.Member] {
    var members = members
    switch dice.below(7) {
    case 0: members.remove(at: place)
    case 1: members.append(members[place])
    case 2: members.append(.init(name: members[place].name, value: HostileValues.any(&dice)))
    case 3: members.insert(.init(name: members[place].name, value: HostileValues.any(&dice)), at: 0)
    case 4:
      let names = [members[place].name.uppercased(), members[place].name + " ", "", "\u{0}", "__proto__", "nosuch"]
      members[place].name = names[dice.below(names.count)]
    case 5: members.swapAt(place, dice.below(members.count))
    default:
      let other = dice.below(members.count)
      let value = members[place].value
      members[place].value = members[other].value
      members[other].value = value
    }
    return members
  }

  private static func changed(_ items: [FuzzJSON], _ place: Int, _ dice: inout FuzzDice) -> [FuzzJSON] {
    var items = items
    switch dice.below(4) {
    case 0: items.remove(at: place)
    case 1: items.append(items[place])
    case 2: items[place] = HostileValues.any(&dice)
    default: items.insert(HostileValues.any(&dice), at: place)
    }
    return items
  }
}

/// Changes that do not know what the bytes mean.
enum ByteMutations {
  static func mutated(_ bytes: [UInt8], with other: [UInt8], _ dice: inout FuzzDice) -> [UInt8] {
    var bytes = bytes
    for _ in 0...dice.size(6) { once(&bytes, other, &dice) }
    return bytes
  }

  private static func once(_ bytes: inout [UInt8], _ other: [UInt8], _ dice: inout FuzzDice) {
    guard !bytes.isEmpty else { return bytes = Array(other.prefix(dice.below(other.count))) }
    let place = dice.below(bytes.count)
    switch dice.below(8) {
    case 0: bytes[place] ^= 1 << UInt8(dice.below(8))
    case 1: bytes[place] = UInt8(dice.below(256))
    case 2: bytes.removeSubrange(place..<min(place + 1 + dice.size(16), bytes.count))
    case 3: bytes.removeSubrange(place...)
    case 4:
      let part = bytes[place..<min(place + 1 + dice.size(64), bytes.count)]
      bytes.insert(contentsOf: part, at: dice.below(bytes.count))
    case 5: bytes.replaceSubrange(place..., with: other.suffix(dice.below(other.count + 1)))
    case 6: bytes.insert(contentsOf: (0...dice.size(8)).map { _ in UInt8(dice.below(256)) }, at: place)
    default:
      let marks = Array("{}[],:\"\\".utf8)
      bytes.insert(marks[dice.below(marks.count)], at: place)
    }
  }
}
