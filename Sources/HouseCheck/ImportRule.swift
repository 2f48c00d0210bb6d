/// Imports go down the floors, never up or sideways, and third parties only where the table names them.
struct ImportRule {
  var table: HouseTable

  func faults(in file: SourceFile) -> [Fault] {
    guard let row = row(of: file) else { return [] }
    return file.imports.compactMap { line, name in
      fault(name, module: file.module, row: row).map { Fault(file: file.path, line: line, sentence: $0) }
    }
  }

  /// Executables, test support and tests sit on top and may import what stands below them; a module's own rules
  /// bind its tests too, except that they may import the module, the builders and the JSON of a record.
  private func row(of file: SourceFile) -> HouseTable.Row? { file.isTest ? nil : table.rows[file.module] }

  private func fault(_ name: String, module: String, row: HouseTable.Row) -> String? {
    if HouseTable.system.contains(name) {
      let banned = name.hasPrefix("Foundation") && HouseTable.withoutFoundation.contains(module)
      return banned ? "\(module) must not import \(name): it runs where packets are" : nil
    }
    if row.own.contains(name) || row.thirdParty.contains(name) { return nil }
    guard let other = table.rows[name] else { return "\(module) imports \(name), which the table does not give it" }
    if other.floor > row.floor {
      return "\(module) (floor \(row.floor)) imports \(name) (floor \(other.floor)): upwards"
    }
    return "\(module) imports \(name), which the table does not give it"
  }
}
