import Documents
import Records
import Testing
import Wire

@testable import Dashboard

/// Any definition that the reader accepts draws any data at any size: without a trap, each row as wide as the screen.
@Suite("Any definition at any size")
struct PropertyTests {
  @Test("generated definitions are accepted, and drawn whole", arguments: 1...12)
  func generated(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for round in 0..<12 {
      var maker = DefinitionMaker(random: random)
      let text = maker.text()
      random = maker.random
      let (definition, problems) = DefinitionReader.read(text: text, file: "x.yaml")
      #expect(problems.map(\.description) == [], "seed \(seed), round \(round):\n\(text)")
      try draw(try #require(definition), &random, "seed \(seed), round \(round)")
    }
  }

  @Test("definitions that were damaged are refused with a place, or drawn whole", arguments: 1...8)
  func damaged(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed &* 77)
    for round in 0..<40 {
      var maker = DefinitionMaker(random: random)
      var bytes = Array(maker.text().utf8)
      random = maker.random
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(UInt8.random(in: 0x20..<0x7f, using: &random), at: place)
        default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &random))
        }
      }
      let read = DefinitionReader.read(text: String(decoding: bytes, as: UTF8.self), file: "x.yaml")
      if let definition = read.definition {
        try draw(definition, &random, "seed \(seed), damaged in round \(round)")
      } else {
        #expect(!read.problems.isEmpty)
        #expect(read.problems.allSatisfy { $0.description.hasPrefix("x.yaml:") || $0.description.hasPrefix("x.yaml") })
      }
    }
  }

  private func draw(_ definition: Definition, _ random: inout SeededRandom, _ name: String) throws {
    var model = Night.model(80, 24, definitions: [definition], screen: definition.id)
    for panel in definition.panels where panel.kind != .feed {
      let entries = (0..<Int.random(in: 0...40, using: &random)).map { StrangeEntry(number: $0, random: random.next()) }
      var listing = Listing(entries, total: Int.random(in: 0...9000, using: &random), isMore: .random(using: &random))
      listing.arrange(panel, now: model.now)
      if Int.random(in: 0..<4, using: &random) > 0 { model.listings[model.key(panel)] = listing }
    }
    if .random(using: &random) { _ = model.update(.lost(BilingualText("中枢 gone"), again: 4)) }
    for _ in 0..<6 {
      model.size = size(&random)
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        let keys: [Key] = [.tab, .down, .up, .right, .left, .enter, .pageDown, .end, .character("/"), .escape]
        _ = model.update(.key(keys.randomElement(using: &random) ?? .tab))
      }
      let language: Language = .random(using: &random) ? .zh : .en
      var look = Night.look(language, .full, Theme.Name.allCases.randomElement(using: &random) ?? .dark)
      look.capabilities.glyphs = [.ascii, .blocks, .braille].randomElement(using: &random) ?? .blocks
      let grid = View.draw(model, look)
      #expect(grid.size == model.size)
      for y in 0..<grid.size.rows where grid.row(y).reduce(0, { $0 + Int($1.width) }) != grid.size.columns {
        Issue.record("\(name): row \(y) of \(model.size) is not whole")
        return
      }
    }
  }

  private func size(_ random: inout SeededRandom) -> Size {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: Size(columns: .random(in: 1...25, using: &random), rows: .random(in: 1...8, using: &random))
    case 1: Size(columns: 1, rows: 1)
    case 2: Size(columns: .random(in: 1...300, using: &random), rows: .random(in: 1...100, using: &random))
    default: Size(columns: .random(in: 20...140, using: &random), rows: .random(in: 5...45, using: &random))
    }
  }
}

/// An entry that has any value in any column, also such as no hub would send.
struct StrangeEntry: Listed {
  var number: Int
  var random: UInt64

  var key: String {
    ["transport", "transport.x", "transport.x.y", "naming.z"][number % 4] + (number < 4 ? "" : "\(number)")
  }
  var branch: String? { key.lastIndex(of: ".").map { String(key[..<$0]) } }
  var actRow: Int64? { number % 3 == 0 ? Int64(number) : nil }

  private static let texts =
    TextTests.hostile + [
      "", " ", "网站后门执行了命令", "e\u{301}\u{302}\u{303}", String(repeating: "长", count: 300), "ｆｕｌｌ", "ก็็็",
    ]
  private static let figures: [Double] = [0, 1, -1, 0.5, 1e300, -1e300, .infinity, .nan, 1e15, 99.95, 3e9]
  private static let moments: [Int64] = [
    0, 1, .max, .min, Night.now.nanoseconds, Night.now.nanoseconds + 90_000_000_000,
  ]

  func value(_ column: Column) -> Value {
    var random = SeededRandom(seed: random ^ UInt64(column.rawValue.utf8.reduce(7) { $0 &* 31 &+ Int($1) }.magnitude))
    func pick<T>(_ all: [T]) -> T { all[Int(random.next() % UInt64(all.count))] }
    let text = pick(Self.texts)
    switch random.next() % 14 {
    case 0: return .none
    case 1, 2: return .text(text)
    case 3: return .words(BilingualText(en: text, zh: pick(Self.texts)))
    case 4: return .name(NamedValue(name: text, title: BilingualText(text), role: .high, rank: pick([0, .max, .min])))
    case 5: return .severity(pick(Severity.allCases))
    case 6: return .count(pick([0, 1, .max, .min, 1912]))
    case 7: return .number(pick(Self.figures))
    case 8: return .share(pick(Self.figures))
    case 9: return .time(Timestamp(nanoseconds: pick(Self.moments)))
    case 10: return .due(Timestamp(nanoseconds: pick(Self.moments)))
    case 11: return .seconds(pick(Self.figures))
    case 12: return .bits(pick(Self.figures))
    default: return .list([text, pick(Self.texts)])
    }
  }
}
