/// The manifest gives a target no dependency that the table does not give its module.
struct ManifestRule {
  var table: HouseTable

  func faults(in manifest: String) -> [Fault] {
    manifest.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line -> [Fault] in
      guard let (module, names) = Self.target(String(line)), let row = table.rows[module] else { return [] }
      return names.filter { !row.own.contains($0) && !row.thirdParty.contains($0) }.map {
        Fault(
          file: "Package.swift", line: index + 1,
          sentence: "target \(module) depends on \($0), which the table does not give it")
      }
    }
  }

  /// `module("Name", ["A", "B"])`, the one form in which the manifest declares a module on one line.
  static func target(_ line: String) -> (String, [String])? {
    guard line.contains("module(\"") else { return nil }
    let strings = line.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    guard let name = strings.first else { return nil }
    return (name, Array(strings.dropFirst()))
  }
}
