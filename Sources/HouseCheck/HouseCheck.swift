/// # HouseCheck: the rules of the house, as a program
///
/// Reads the table in `Documentation/house.md`, every `import` line under `Sources` and `Tests`, and the manifest,
/// and says where they disagree. SwiftPM's own check sees only what lies outside the transitive closure of a
/// target's dependencies; this one sees each line. It also looks for words and calls that the house does not use.
///
/// `swift run HouseCheck [FOLDER]`: 0 and a count when all holds, 1 and a line for each fault.
import Foundation

@main
struct HouseCheck {
  static func main() throws {
    let root = URL(fileURLWithPath: CommandLine.arguments.dropFirst().first ?? ".")
    let table = try HouseTable(
      markdown: String(contentsOf: root.appending(path: "Documentation/house.md"), encoding: .utf8))
    let files = SourceFile.all(under: root)
    let manifest = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
    let faults =
      files.flatMap { ImportRule(table: table).faults(in: $0) + StyleRule().faults(in: $0) }
      + ManifestRule(table: table).faults(in: manifest)
    for fault in faults { print(fault) }
    print(faults.isEmpty ? "house: \(files.count) files keep the rules" : "house: \(faults.count) faults")
    if !faults.isEmpty { exit(1) }
  }
}

/// One place where the code and the rules disagree.
struct Fault: CustomStringConvertible, Equatable {
  var file: String
  var line: Int
  var sentence: String
  var description: String { "\(file):\(line): \(sentence)" }
}
