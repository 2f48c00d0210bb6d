/// Bytes of the terminal into keys. Pure: a lone escape is told from a sequence by `flush`, called when nothing came
/// for a moment.
///
/// Pasted text (bracketed paste) is one key of its own, so that a clipboard cannot close a hundred rows. Unknown sequences
/// are swallowed whole, and so are the strings that a terminal answers with; invalid UTF-8 is dropped, and of a sequence
/// no more than `longest` bytes are kept.
struct InputParser: Sendable {
  /// Longer than any key's sequence.
  static let longest = 32

  private enum State: Sendable, Equatable {
    case ground, escape, sequence([UInt8]), single, text([UInt8], Int), paste
    /// A device's answer (DCS, OSC, APC, PM or SOS) until its end; after an escape in it, which may be the end.
    case string, stringEscape
    /// An answer comes at once; alt and its letter, pressed by a person, look like the beginning of one.
    case stringStart
  }
  private var state = State.ground
  /// The last bytes of a paste, to find its end across reads.
  private var tail: [UInt8] = []
  /// What was pasted, its first `mostPasted` bytes; and how many came.
  private var pasted: [UInt8] = []
  private var pastedCount = 0
  /// Longer than anything that is typed here.
  static let mostPasted = 4096

  /// A lone escape is one when no byte follows for so long: an officer waits for it each time.
  static let escapeMilliseconds = 10
  /// Of a sequence that a bad line cut behind its escape the rest comes within so long, and presses nothing of its own.
  static let restMilliseconds = 150
  /// The end of a paste or of a string is lost when so little comes after such a silence: somebody presses a key.
  static let lostMilliseconds = 1000
  static let mostPressed = 8
  private var received: ContinuousClock.Instant?
  /// When an escape was taken for a lone one.
  private var settled: ContinuousClock.Instant?

  /// Whether an escape waits for what follows it.
  var isWaiting: Bool { state == .escape || state == .stringStart }

  mutating func receive(_ bytes: some Collection<UInt8>, at now: ContinuousClock.Instant) -> [Key] {
    let isLate = received.map { $0.duration(to: now) >= .milliseconds(InputParser.lostMilliseconds) } ?? false
    received = now
    if isRest(bytes, at: now) { state = .escape }
    settled = nil
    guard isLate, isDeaf, bytes.count <= InputParser.mostPressed else { return receive(bytes) }
    // The end itself may be what comes late.
    var going = self
    let keys = going.receive(bytes)
    if !going.isDeaf, state != .stringEscape || bytes.first == UInt8(ascii: "\\") {
      self = going
      return keys
    }
    return abandon() + receive(bytes)
  }

  /// Whether it goes on with an escape that was taken for a lone one. A person presses one key at a time.
  private func isRest(_ bytes: some Collection<UInt8>, at now: ContinuousClock.Instant) -> Bool {
    guard state == .ground, let settled, bytes.count > 1, let first = bytes.first,
      [UInt8(ascii: "["), UInt8(ascii: "O")].contains(first)
    else { return false }
    return settled.duration(to: now) < .milliseconds(InputParser.restMilliseconds)
  }

  /// Whether what comes presses nothing.
  private var isDeaf: Bool { [.paste, .string, .stringEscape].contains(state) }

  /// Ends what has no end: what was pasted till then counts.
  private mutating func abandon() -> [Key] {
    defer { state = .ground }
    return state == .paste ? [.pasted(InputParser.line(String(decoding: pasted, as: UTF8.self)))] : []
  }

  /// The key of an escape that has waited long enough, whatever else than keys came meanwhile.
  mutating func settle(at now: ContinuousClock.Instant) -> [Key] {
    guard isWaiting, let received else { return [] }
    guard received.duration(to: now) >= .milliseconds(InputParser.escapeMilliseconds) else { return [] }
    if state == .escape { settled = now }
    return flush()
  }

  /// Milliseconds after which `settle` has that key; nil where none waits.
  func wait(at now: ContinuousClock.Instant) -> Int32? {
    guard isWaiting, let received else { return nil }
    let passed = min(received.duration(to: now) / .milliseconds(1), Double(InputParser.escapeMilliseconds))
    return Int32((Double(InputParser.escapeMilliseconds) - max(passed, 0)).rounded(.up))
  }

  mutating func receive(_ bytes: some Sequence<UInt8>) -> [Key] { bytes.compactMap { next($0) } }

  /// Nothing followed: a lone escape is the key itself; half a sequence is dropped. A paste or a string goes on.
  mutating func flush() -> [Key] {
    defer { if !isDeaf { state = .ground } }
    return state == .escape ? [.escape] : []
  }

  private mutating func next(_ byte: UInt8) -> Key? {
    switch state {
    case .ground: return ground(byte)
    case .escape: return afterEscape(byte)
    case .single:
      state = .ground
      return InputParser.single(byte)
    case .sequence(let collected): return inSequence(collected, byte)
    case .text(let collected, let missing): return inText(collected, missing, byte)
    case .paste: return inPaste(byte)
    case .stringStart, .string, .stringEscape: return inString(byte)
    }
  }

  private mutating func ground(_ byte: UInt8) -> Key? {
    switch byte {
    case 0x1b:
      state = .escape
      return nil
    case 0x0d, 0x0a: return .enter
    case 0x09: return .tab
    case 0x7f, 0x08: return .backspace
    case 0: return nil
    case 0x01...0x1a: return .control(Character(Unicode.Scalar(byte + 0x60)))
    case 0x1c...0x1f: return nil
    case 0x20..<0x7f: return .character(Character(Unicode.Scalar(byte)))
    case 0xc2...0xdf: state = .text([byte], 1)
    case 0xe0...0xef: state = .text([byte], 2)
    case 0xf0...0xf4: state = .text([byte], 3)
    default: break
    }
    return nil
  }

  private mutating func afterEscape(_ byte: UInt8) -> Key? {
    switch byte {
    case UInt8(ascii: "["): state = .sequence([])
    case UInt8(ascii: "O"): state = .single
    case UInt8(ascii: "P"), UInt8(ascii: "]"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
      state = .stringStart
    case 0x1b: return .escape
    default:
      // Alt with a key: the key alone would be an act nobody asked for.
      state = .ground
    }
    return nil
  }

  private mutating func inSequence(_ collected: [UInt8], _ byte: UInt8) -> Key? {
    if byte == 0x1b {
      state = .escape
      return nil
    }
    // F1 to F5 of the Linux console have a bracket more.
    let isConsole = collected.isEmpty && byte == UInt8(ascii: "[")
    guard (0x40...0x7e).contains(byte), !isConsole else {
      let isPart = (0x20...0x3f).contains(byte) || isConsole
      // One byte more than the longest says that it was too long: its rest is no key.
      let kept = collected.count > InputParser.longest ? collected : collected + [byte]
      state = isPart ? .sequence(kept) : .ground
      return nil
    }
    state = .ground
    guard collected.count <= InputParser.longest else { return nil }
    if byte == UInt8(ascii: "~"), collected == Array("200".utf8) {
      state = .paste
      (tail, pasted, pastedCount) = ([], [], 0)
      return nil
    }
    return InputParser.sequence(collected, byte)
  }

  private mutating func inText(_ collected: [UInt8], _ missing: Int, _ byte: UInt8) -> Key? {
    guard byte & 0xc0 == 0x80 else {
      state = .ground
      return ground(byte)
    }
    let bytes = collected + [byte]
    guard missing == 1 else {
      state = .text(bytes, missing - 1)
      return nil
    }
    state = .ground
    guard let text = String(validating: bytes, as: UTF8.self), let character = text.first, text.count == 1,
      let scalar = character.unicodeScalars.first, scalar.properties.generalCategory != .control
    else { return nil }
    return .character(character)
  }

  /// Until BEL, ST (escape and a backslash) or a cancel; another escape sequence ends it too.
  private mutating func inString(_ byte: UInt8) -> Key? {
    if state == .stringEscape, byte != 0x1b {
      state = .ground
      return byte == UInt8(ascii: "\\") ? nil : afterEscape(byte)
    }
    switch byte {
    case 0x07, 0x18, 0x1a: state = .ground
    case 0x1b: state = .stringEscape
    default: state = .string
    }
    return nil
  }

  private mutating func inPaste(_ byte: UInt8) -> Key? {
    let end = Array("\u{1b}[201~".utf8)
    pastedCount += 1
    if pasted.count < InputParser.mostPasted { pasted.append(byte) }
    tail = Array((tail + [byte]).suffix(end.count))
    guard tail == end else { return nil }
    state = .ground
    let bytes = pasted.prefix(max(pastedCount - end.count, 0))
    return .pasted(InputParser.line(String(decoding: bytes, as: UTF8.self)))
  }

  /// As one line: breaks are spaces, and what no key types is left out.
  private static func line(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.compactMap { scalar -> Unicode.Scalar? in
          if scalar == "\n" || scalar == "\t" || scalar == "\r" { return " " }
          return scalar.properties.generalCategory == .control || scalar == "\u{fffd}" ? nil : scalar
        }))
  }

  private static func sequence(_ collected: [UInt8], _ final: UInt8) -> Key? {
    if collected.first == UInt8(ascii: "[") {
      return (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(final) ? .function(Int(final) - 0x40) : nil
    }
    let numbers = String(decoding: collected, as: UTF8.self).split(separator: ";").map { Int($0) }
    if final != UInt8(ascii: "~") { return final == UInt8(ascii: "Z") ? .backTab : single(final) }
    switch numbers.first.flatMap(\.self) {
    case 1, 7: return .home
    case 4, 8: return .end
    case 3: return .delete
    case 5: return .pageUp
    case 6: return .pageDown
    case let number? where (11...15).contains(number): return .function(number - 10)
    case let number? where (17...21).contains(number): return .function(number - 11)
    case let number? where (23...24).contains(number): return .function(number - 12)
    default: return nil
    }
  }

  private static func single(_ byte: UInt8) -> Key? {
    switch byte {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "F"): .end
    case UInt8(ascii: "P"): .function(1)
    case UInt8(ascii: "Q"): .function(2)
    case UInt8(ascii: "R"): .function(3)
    case UInt8(ascii: "S"): .function(4)
    default: nil
    }
  }
}
