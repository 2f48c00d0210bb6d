/// The table of `Documentation/house.md`: per module its floor, and what of ours and of others it may import.
struct HouseTable {
  struct Row: Equatable {
    var floor: Int
    var own: Set<String>
    var thirdParty: Set<String>
  }

  var rows: [String: Row] = [:]

  init(markdown: String) throws(TableError) {
    for (index, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
        .map { $0.filter { $0 != " " } }
      guard cells.count == 4, let floor = Int(cells[0]) else { continue }
      let names = { (cell: String) in cell == "-" ? [] : Set(cell.split(separator: ",").map(String.init)) }
      guard rows[cells[1]] == nil else { throw TableError(line: index + 1, module: cells[1]) }
      rows[cells[1]] = Row(floor: floor, own: names(cells[2]), thirdParty: names(cells[3]))
    }
  }

  struct TableError: Error, CustomStringConvertible {
    var line: Int
    var module: String
    var description: String { "Documentation/house.md:\(line): module \(module) stands twice" }
  }

  /// Modules of the system that any target may import where its own rules do not forbid it (`StyleRule`).
  static let system: Set<String> = [
    "Foundation", "FoundationEssentials", "Glibc", "Dispatch", "Synchronization", "Testing", "RegexBuilder",
  ]
  /// Floors 0 to 2 of the passive wing know no Foundation: it allocates where packets are.
  static let withoutFoundation: Set<String> = [
    "Wire", "PatternMatching", "RuleLanguage", "AppLayer", "Decode", "Capture", "Flow", "Detection",
  ]
}
