import Testing
import Wire

@testable import Detection

/// Chains of contents against a matcher that tries every place for every content.
@Suite struct ReferenceMatchTests {
  struct Piece {
    var pattern: [UInt8]
    var isNegated: Bool
    var isNocase: Bool
    var distance: Int?
    var within: Int?
    var offset: Int?
    var depth: Int?

    var text: String {
      var text = "content:\(isNegated ? "!" : "")\"\(String(decoding: pattern, as: UTF8.self))\";"
      if isNocase { text += " nocase;" }
      if let distance { text += " distance:\(distance);" }
      if let within { text += " within:\(within);" }
      if let offset { text += " offset:\(offset);" }
      if let depth { text += " depth:\(depth);" }
      return text
    }
  }

  static func places(_ piece: Piece, _ bytes: [UInt8], after position: Int) -> [Int] {
    let fold = { (byte: UInt8) in piece.isNocase ? LiteralSearch.lower(byte) : byte }
    let isRelative = piece.distance != nil || piece.within != nil
    return bytes.indices.filter { place in
      let end = place + piece.pattern.count
      guard end <= bytes.count,
        (0..<piece.pattern.count).allSatisfy({ fold(bytes[place + $0]) == fold(piece.pattern[$0]) })
      else { return false }
      let start = isRelative ? position + (piece.distance ?? 0) : (piece.offset ?? 0)
      guard place >= start else { return false }
      if let within = piece.within, end > start + within { return false }
      if let depth = piece.depth, end > (piece.offset ?? 0) + depth { return false }
      return true
    }
  }

  static func matches(_ pieces: ArraySlice<Piece>, _ bytes: [UInt8], _ position: Int) -> Bool {
    guard let piece = pieces.first else { return true }
    let places = places(piece, bytes, after: position)
    if piece.isNegated { return places.isEmpty && matches(pieces.dropFirst(), bytes, position) }
    return places.contains { matches(pieces.dropFirst(), bytes, $0 + piece.pattern.count) }
  }

  static func piece(_ walk: inout SeededRandom, isFirst: Bool) -> Piece {
    let length = Int.random(in: 1...2, using: &walk)
    let pattern = (0..<length).map { _ in UInt8(ascii: "abA".unicodeScalars.randomElement(using: &walk)!) }
    var piece = Piece(
      pattern: pattern, isNegated: !isFirst && Int.random(in: 0..<5, using: &walk) == 0,
      isNocase: Bool.random(using: &walk))
    if !isFirst, Int.random(in: 0..<4, using: &walk) > 0 {
      if Bool.random(using: &walk) { piece.distance = Int.random(in: -2...3, using: &walk) }
      if Bool.random(using: &walk) { piece.within = Int.random(in: length...5, using: &walk) }
    } else if Bool.random(using: &walk) {
      piece.offset = Int.random(in: 0...3, using: &walk)
      if Bool.random(using: &walk) { piece.depth = Int.random(in: length...5, using: &walk) }
    }
    return piece
  }

  @Test("random chains match exactly where trying everything does", arguments: 1...8 as ClosedRange<UInt64>)
  func walk(_ seed: UInt64) throws {
    var walk = SeededRandom(seed: seed)
    for _ in 0..<40 {
      let pieces = (0..<Int.random(in: 1...4, using: &walk)).map { Self.piece(&walk, isFirst: $0 == 0) }
      let options = pieces.map(\.text).joined(separator: " ")
      let bench = try Bench("alert udp any any -> any any (\(options) sid:1;)")
      for _ in 0..<25 {
        let bytes = (0..<Int.random(in: 1...12, using: &walk)).map { _ in
          UInt8(ascii: "abAx".unicodeScalars.randomElement(using: &walk)!)
        }
        let expected = Self.matches(pieces[...], bytes, 0)
        #expect(
          bench.send(bytes) == (expected ? [1] : []),
          "seed \(seed): \(options) on \(String(decoding: bytes, as: UTF8.self))")
      }
    }
  }

  @Test(
    "the prefilter loses no match: with and without it the same rules alert", arguments: 1...4 as ClosedRange<UInt64>)
  func prefilter(_ seed: UInt64) throws {
    var walk = SeededRandom(seed: seed &* 77)
    let rules = (1...60).map { sid -> String in
      let pieces = (0..<Int.random(in: 1...3, using: &walk)).map { Self.piece(&walk, isFirst: $0 == 0) }
      let port = Int.random(in: 0..<3, using: &walk) == 0 ? "\([53, 80, 1_000].randomElement(using: &walk)!)" : "any"
      let pair = Bool.random(using: &walk) ? "any \(port) -> any any" : "any any -> any \(port)"
      return "alert udp \(pair) (\(pieces.map(\.text).joined(separator: " ")) sid:\(sid);)"
    }.joined(separator: "\n")
    let (with, without) = (try Bench(rules), try Bench(rules))
    without.detector.ignoresPrefilter = true
    for _ in 0..<150 {
      let bytes = (0..<Int.random(in: 1...14, using: &walk)).map { _ in
        UInt8(ascii: "abAx".unicodeScalars.randomElement(using: &walk)!)
      }
      let ports: (UInt16, UInt16) = (
        [53, 80, 1_000, 5_000].randomElement(using: &walk)!, [53, 80, 1_000, 5_000].randomElement(using: &walk)!
      )
      #expect(with.send(bytes, ports: ports) == without.send(bytes, ports: ports), "seed \(seed)")
    }
  }
}
