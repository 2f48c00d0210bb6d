import Testing
import Wire

@testable import Dashboard

@Suite("Bytes of a terminal into keys")
struct KeyTests {
  static let table: [(String, [Key])] = [
    ("a", [.character("a")]), ("é中", [.character("é"), .character("中")]), ("\r", [.enter]), ("\t", [.tab]),
    ("\u{7f}", [.backspace]), ("\u{3}", [.control("c")]), ("\u{1b}[A\u{1b}[B", [.up, .down]),
    ("\u{1b}OA\u{1b}OF", [.up, .end]), ("\u{1b}[5~\u{1b}[6~", [.pageUp, .pageDown]),
    ("\u{1b}[1~\u{1b}[4~", [.home, .end]),
    ("\u{1b}[Z", [.backTab]), ("\u{1b}[3~", [.delete]), ("\u{1b}[15~\u{1b}OP", [.function(5), .function(1)]),
    ("\u{1b}[1;5C", [.right]), ("\u{1b}[999~x", [.character("x")]), ("\u{1b}a", []),
    ("\u{1b}[<0;10;20Mx", [.character("x")]),
    ("\u{1b}[200~aaa\r\n\u{1b}[2Jq\u{1b}[201~j", [.pasted("aaa  [2Jq"), .character("j")]),
    ("\u{1b}\u{1b}[A", [.escape, .up]), ("\0", []), ("\u{1b}[[A\u{1b}[[E", [.function(1), .function(5)]),
    // What a terminal answers late: its name, a colour, its clipboard, and an application's own.
    ("\u{1b}P>|XTerm(388)\u{1b}\\j", [.character("j")]), ("\u{1b}]11;rgb:1e1e/1e1e/1e1e\u{7}j", [.character("j")]),
    ("\u{1b}]52;c;eGU=\u{1b}\\j", [.character("j")]), ("\u{1b}_xe\u{1b}\\\u{1b}^xe\u{1b}\\\u{1b}Xxe\u{1b}\\", []),
    ("\u{1b}Pxe\u{1b}[A", [.up]), ("\u{1b}]xe\u{18}j", [.character("j")]),
    // A sequence longer than any key's.
    ("\u{1b}[" + String(repeating: "1;", count: 40) + "xe", [.character("e")]),
  ]

  @Test("each press", arguments: table)
  func press(_ text: String, _ keys: [Key]) {
    var parser = InputParser()
    #expect(parser.receive(text.utf8) == keys)
  }

  @Test("bytes that come one by one, or split anywhere, are the same keys", arguments: table)
  func split(_ text: String, _ keys: [Key]) {
    let bytes = Array(text.utf8)
    for cut in 0...bytes.count {
      var parser = InputParser()
      #expect(parser.receive(bytes[..<cut]) + parser.receive(bytes[cut...]) == keys, "cut at \(cut)")
    }
  }

  @Test("an escape alone is a key when nothing follows")
  func loneEscape() {
    var parser = InputParser()
    #expect(parser.receive([0x1b]) == [])
    #expect(parser.isWaiting)
    #expect(parser.flush() == [.escape])
    #expect(parser.flush() == [])
    #expect(parser.receive("a".utf8) == [.character("a")])
  }

  @Test("messages without pause do not put a lone escape off, and an arrow that comes in pieces is none")
  func settled() {
    var parser = InputParser()
    let begin = ContinuousClock.now
    func later(_ milliseconds: Int) -> ContinuousClock.Instant { begin.advanced(by: .milliseconds(milliseconds)) }
    #expect(parser.receive([0x1b], at: begin) == [])
    #expect(parser.wait(at: begin) == 10 && parser.wait(at: later(9)) == 1 && parser.wait(at: later(99)) == 0)
    #expect(parser.settle(at: later(9)) == [])
    #expect(parser.settle(at: later(10)) == [.escape])
    #expect(parser.wait(at: later(10)) == nil)
    #expect(parser.receive([0x1b], at: later(40)) == [])
    #expect(parser.receive([0x5b], at: later(45)) == [])
    #expect(parser.settle(at: later(200)) == [])
    #expect(parser.receive([0x41], at: later(210)) == [.up])
  }

  @Test("of a sequence that a line cut behind its escape the rest presses no key of its own, and no other is held up")
  func rest() {
    let begin = ContinuousClock.now
    func later(_ milliseconds: Int) -> ContinuousClock.Instant { begin.advanced(by: .milliseconds(milliseconds)) }
    for (rest, at, keys) in [
      ("[A", 60, [Key.up]), ("OB", 60, [.down]), ("[6~j", 149, [.pageDown, .character("j")]),
      ("[", 60, [.character("[")]), ("jA", 60, [.character("j"), .character("A")]),
      ("[A", 161, [.character("["), .character("A")]),
    ] {
      var parser = InputParser()
      #expect(parser.receive([0x1b], at: begin) == [])
      #expect(parser.settle(at: later(10)) == [.escape])
      #expect(parser.receive(Array(rest.utf8), at: later(at)) == keys, "\(rest) after \(at) ms")
      #expect(parser.receive(Array("[A".utf8), at: later(at + 5)) == [.character("["), .character("A")])
    }
  }

  @Test("a paste that goes on over a pause presses nothing")
  func longPaste() {
    var parser = InputParser()
    #expect(parser.receive("\u{1b}[200~a".utf8) == [])
    #expect(parser.flush() == [])
    #expect(parser.receive("aaaa\u{1b}[20".utf8) == [])
    #expect(parser.receive("1~k".utf8) == [.pasted("aaaaa"), .character("k")])
  }

  @Test("a paste or an answer whose end is lost does not deafen: after a silence a key is a key again")
  func lostEnd() {
    let begin = ContinuousClock.now
    func later(_ milliseconds: Int) -> ContinuousClock.Instant { begin.advanced(by: .milliseconds(milliseconds)) }
    for (start, kept) in [("\u{1b}[200~aa", [Key.pasted("aa")]), ("\u{1b}P>|aa", []), ("\u{1b}]aa\u{1b}", [])] {
      var parser = InputParser()
      #expect(parser.receive(Array(start.utf8), at: begin) == [])
      #expect(parser.receive([0x03], at: later(1200)) == kept + [.control("c")])
      #expect(parser.receive([0x6a], at: later(1210)) == [.character("j")])
    }
  }

  @Test("alt and a letter, pressed by a person, is no answer of the terminal")
  func altLetter() {
    let begin = ContinuousClock.now
    for letter in "P]X^_" {
      var parser = InputParser()
      #expect(parser.receive(Array("\u{1b}\(letter)".utf8), at: begin) == [])
      #expect(parser.settle(at: begin.advanced(by: .milliseconds(31))) == [])
      #expect(parser.receive([0x6a], at: begin.advanced(by: .milliseconds(100))) == [.character("j")])
    }
  }

  @Test("a paste that a slow line holds up goes on, and its end may come late")
  func slowPaste() {
    let begin = ContinuousClock.now
    func later(_ milliseconds: Int) -> ContinuousClock.Instant { begin.advanced(by: .milliseconds(milliseconds)) }
    var parser = InputParser()
    #expect(parser.receive(Array("\u{1b}[200~aa".utf8), at: begin) == [])
    #expect(parser.receive(Array("close all of it".utf8), at: later(3000)) == [])
    #expect(parser.receive(Array("\u{1b}[20".utf8), at: later(3001)) == [])
    #expect(parser.receive(Array("1~".utf8), at: later(6000)) == [.pasted("aaclose all of it")])
  }

  @Test("of a long paste the beginning is kept, whole characters only")
  func boundedPaste() {
    var parser = InputParser()
    let text = "a" + String(repeating: "中", count: 9000)
    let keys = parser.receive("\u{1b}[200~\(text)\u{1b}[201~".utf8)
    #expect(keys == [.pasted("a" + String(repeating: "中", count: (InputParser.mostPasted - 1) / 3))])
  }

  @Test("bytes that are no UTF-8 press nothing, and the next key is heard")
  func invalid() {
    var parser = InputParser()
    #expect(parser.receive([0xff, 0xc3, 0x28, 0xe4, 0xb8]) == [.character("(")])
    #expect(parser.receive("a".utf8) == [.character("a")])
  }

  @Test("random bytes never trap, and the parser finds its way back", arguments: [1, 2, 3, 4, 5])
  func random(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var parser = InputParser()
    for _ in 0..<20_000 { _ = parser.receive([UInt8.random(in: 0...255, using: &random)]) }
    _ = parser.receive("\u{1b}[201~".utf8)
    _ = parser.receive("\u{1b}\\".utf8)
    _ = parser.flush()
    _ = parser.receive("~".utf8)
    #expect(parser.receive("q".utf8).last == .character("q"))
  }
}
