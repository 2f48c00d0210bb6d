internal import Records
internal import Wire

/// Names that a person would take for another: by UTS 39 (Unicode security mechanisms), sections 4 and 5.
///
/// A label of one script, or of the scripts that one language is written in together, is fine; any other mixture is
/// not. A label all of whose letters look like Latin ones is told with the Latin word that it looks like. The table
/// holds the letters that mail and web registries have seen abused, not all of Unicode's confusables.
package enum Lookalike {
  /// What is odd about the name (in its ASCII form), in words that go behind it; nil for an ordinary one.
  package static func reason(_ host: String, among others: Set<String> = []) -> String? {
    let name = HostName.unicode(host)
    let latin = skeleton(name)
    if latin != host, others.contains(latin) { return "looks like \(latin), which is another site" }
    for (ascii, label) in zip(host.split(separator: "."), name.split(separator: ".")) {
      if ascii.hasPrefix("xn--"), ascii == label { return "has a label that is no valid encoding of a name" }
      let scripts = Set(label.unicodeScalars.compactMap(script))
      if !isWrittenTogether(scripts) {
        return "mixes \(scripts.map(\.rawValue).sorted().joined(separator: " and ")) letters in one label"
      }
      let plain = skeleton(String(label))
      if plain != label, plain.utf8.allSatisfy({ $0 < 0x80 }) { return "looks like \(latin)" }
    }
    return nil
  }

  enum Script: String {
    case latin = "Latin"
    case cyrillic = "Cyrillic"
    case greek = "Greek"
    case armenian = "Armenian"
    case han = "Han"
    case kana = "Kana"
    case bopomofo = "Bopomofo"
    case hangul = "Hangul"
    case other = "other"
  }

  /// Nil for digits, marks and what all scripts share.
  static func script(_ scalar: Unicode.Scalar) -> Script? {
    guard scalar.properties.isAlphabetic || scalar.properties.generalCategory == .otherLetter else { return nil }
    switch scalar.value {
    case 0x30fc: return nil
    case 0x41...0x24f, 0x1e00...0x1eff, 0x2c60...0x2c7f, 0xa720...0xa7ff: return .latin
    case 0x250...0x2af: return .latin
    case 0x370...0x3ff, 0x1f00...0x1fff: return .greek
    case 0x400...0x52f, 0x1c80...0x1c8f, 0x2de0...0x2dff, 0xa640...0xa69f: return .cyrillic
    case 0x530...0x58f: return .armenian
    case 0x3040...0x30ff, 0x31f0...0x31ff: return .kana
    case 0x3100...0x312f, 0x31a0...0x31bf: return .bopomofo
    case 0x1100...0x11ff, 0xac00...0xd7af, 0x3130...0x318f: return .hangul
    case 0x3005...0x3007, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff, 0x20000...0x3ffff: return .han
    default: return .other
    }
  }

  /// UTS 39, "highly restrictive": one script, or Latin with those of Chinese, Japanese or Korean.
  private static func isWrittenTogether(_ scripts: Set<Script>) -> Bool {
    if scripts.count <= 1 { return true }
    let together: [Set<Script>] = [[.latin, .han, .kana], [.latin, .han, .bopomofo], [.latin, .han, .hangul]]
    return together.contains { scripts.isSubset(of: $0) }
  }

  /// Each letter as the Latin one that it looks like.
  static func skeleton(_ name: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in name.unicodeScalars { result.append(table[scalar] ?? scalar) }
    return String(result)
  }

  private static let table: [Unicode.Scalar: Unicode.Scalar] = [
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j", "ѕ": "s", "һ": "h",
    "ԁ": "d", "ԛ": "q", "ԝ": "w", "ӏ": "l", "ғ": "f", "ո": "n", "ս": "u", "օ": "o", "հ": "h", "ց": "g", "զ": "q",
    "α": "a", "ο": "o", "ν": "v", "ρ": "p", "ι": "i", "υ": "u", "κ": "k", "ϲ": "c", "ϳ": "j", "ı": "i", "ɑ": "a",
    "ɡ": "g", "ɩ": "i", "ʋ": "u", "ᴏ": "o", "ѵ": "v", "ѡ": "w",
  ]
}
