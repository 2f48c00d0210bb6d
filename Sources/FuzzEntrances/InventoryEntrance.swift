internal import Documents
internal import Scheduling

/// Inventories that third parties hand in. What was taken comes back from each form of an export as it was.
enum InventoryEntrance {
  static func run(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let form = InventoryExport.Form.allCases[Int(input.byte()) % InventoryExport.Form.allCases.count]
    guard let text = try? DocumentFile.text(bytes: input.rest(), file: "fuzz"), let read = read(text, form) else {
      return
    }
    precondition(
      read.errors.count <= InventoryLimits.problems + 1 && read.warnings.count <= InventoryLimits.problems + 1,
      "what is told is bounded")
    for problem in read.errors + read.warnings { precondition(!problem.description.isEmpty, "a problem speaks") }
    for form in InventoryExport.Form.allCases {
      let again = Self.read(InventoryExport.text(read.inventory, as: form), form)
      precondition(again?.errors.isEmpty == true, "an exported inventory is an inventory")
      precondition(again?.inventory.snapshot == read.inventory.snapshot, "an exported inventory stays itself")
    }
    _ = read.inventory.duplicates()
  }

  private static func read(_ text: String, _ form: InventoryExport.Form) -> InventoryImport? {
    switch form {
    case .csv: try? InventoryImport.csv(text, file: "fuzz.csv")
    case .yaml: (try? YAMLDocument.parse(text, file: "fuzz.yaml")).map { InventoryImport.document($0) }
    case .json: (try? JSONDocument.parse(text, file: "fuzz.json")).map { InventoryImport.document($0) }
    }
  }
}
