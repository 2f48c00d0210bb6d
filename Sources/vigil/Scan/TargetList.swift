import ControlAPI
import Records
import Scheduling
import Wire

/// The targets of a scan, from the command line and from a file.
struct TargetList {
  /// What a scan by hand may name; the inventory is for more.
  static let limit = 10_000
  private static let byteLimit = 4 << 20

  let starttls: StartTLSProtocol?

  func read(_ words: [String], file: String?) throws -> [Target] {
    var targets = try words.map { try target($0, place: nil) }
    if let file {
      for (number, line) in try lines(of: file).enumerated() {
        let text = line.prefix { $0 != "#" }.trimmed
        guard !text.isEmpty else { continue }
        targets.append(try target(line: text, place: "\(file):\(number + 1)"))
        guard targets.count <= TargetList.limit else {
          throw OperatorMistake(
            "scan.targets", at: file, "more than \(TargetList.limit) targets, the limit",
            hint: "split the file, or import it: vigil sites import")
        }
      }
    }
    guard !targets.isEmpty else {
      throw OperatorMistake("scan.targets", at: file, "no target is named", hint: "write vigil scan https://host")
    }
    var seen: Set<Target> = []
    return targets.filter { seen.insert($0).inserted }
  }

  /// A line of a file: a target, and behind it the address where a name of a test's lies, which must be loopback: for
  /// any other address there is `--ip`, which asks by whose word.
  private func target(line: Substring, place: String) throws -> Target {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let address = IPAddress(String(words[1])) else {
      return try target(String(line), place: place)
    }
    guard AddressPolicy().refusal(of: address) == .loopback else {
      throw OperatorMistake(
        "scan.target", at: place, "an address behind a target must be a loopback address",
        hint: "leave it away, or give another address with --ip")
    }
    var target = try target(String(words[0]), place: place)
    target.address = address
    return target
  }

  private func target(_ text: String, place: String?) throws -> Target {
    do throws(SiteAddress.Malformed) {
      var target = try SiteAddress(parsing: text).target
      if let starttls {
        target.scheme = "https"
        if !TargetList.hasPort(text) { target.port = starttls.port }
      }
      return target
    } catch {
      let shown = Table.harmless(String(text.prefix(200)))
      throw OperatorMistake(
        "scan.target", at: place.map { "\($0): \(shown)" } ?? shown, error.description,
        hint: starttls == nil ? "write https://host:port/path" : "write host:port")
    }
  }

  /// Whether an address that `SiteAddress` could read names its port.
  private static func hasPort(_ text: String) -> Bool {
    let behind = text.split(separator: "://", maxSplits: 1).last ?? ""
    let authority = behind.prefix { $0 != "/" }
    if let end = authority.lastIndex(of: "]") { return authority[end...].contains(":") }
    return authority.filter { $0 == ":" }.count == 1
  }

  private func lines(of file: String) throws -> [Substring] {
    let bytes = try InputFile.bytes(
      file, limit: TargetList.byteLimit, "the targets",
      hint: "name a file with a target a line, or - for standard input")
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw OperatorMistake(
        "scan.targetsFile", at: file, "the file is not UTF-8", hint: "write it in UTF-8, a target a line")
    }
    return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  }
}

extension Substring {
  var trimmed: Substring {
    var text = self
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
