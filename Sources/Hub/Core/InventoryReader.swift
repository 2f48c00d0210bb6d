internal import ControlAPI
internal import Documents
internal import Records
internal import Scheduling

/// Inventories out of what operators hand in.
enum InventoryReader {
  static func read(
    _ request: ImportRequest, addresses: AddressPolicy, over base: Scheduling.Inventory
  ) throws -> InventoryImport {
    let (text, name) = (request.text, request.name)
    do {
      switch request.form {
      case .csv: return try InventoryImport.csv(text, file: name, addresses: addresses, over: base)
      case .yaml:
        return InventoryImport.document(
          try YAMLDocument.parse(text, file: name), addresses: addresses, over: base)
      case .json:
        return InventoryImport.document(
          try JSONDocument.parse(text, file: name), addresses: addresses, over: base)
      }
    } catch {
      throw OperatorMistake(error)
    }
  }

  /// Nil where the configuration says nothing of sites. Any mistake ends the start, told with its place.
  static func configured(
    _ configuration: Configuration, _ addresses: AddressPolicy, over current: Scheduling.Inventory
  ) throws -> InventoryImport? {
    var whole: InventoryImport?
    // A site whose id was changed in the file stands beside its old entry until somebody removes that.
    var known = current
    known.sites = []
    func base() -> Scheduling.Inventory { whole.map { known.overlaid(by: $0.inventory) } ?? known }
    func add(_ part: InventoryImport) throws {
      if let error = part.errors.first { throw OperatorMistake(error) }
      guard var sum = whole else {
        whole = part
        return
      }
      sum.inventory = sum.inventory.overlaid(by: part.inventory)
      sum.warnings += part.warnings
      whole = sum
    }
    do {
      for file in configuration.inventory.files {
        try add(try InventoryImport.read(path: file, addresses: addresses, over: base()))
      }
      if configuration.inventory.isInline, let file = configuration.file {
        var root = try DocumentFile.value(path: file)
        root.content = .map(root.entries.filter { ["sites", "organisations", "authorisations"].contains($0.key) })
        try add(InventoryImport.document(root, addresses: addresses, over: base()))
      }
    } catch let error as DocumentError {
      throw OperatorMistake(error)
    }
    return whole
  }
}
