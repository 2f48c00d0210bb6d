package import ControlAPI
internal import Documents
internal import Records
package import Services

/// `Rules/posture` into the indicator tree: `tree.yaml` with dimensions and numbers, and beside it a folder for each
/// dimension with a file for each class. The first mistake ends it, with its file, line and column.
package enum IndicatorReader {
  package static func read(folder: String) throws(OperatorMistake) -> IndicatorTree {
    do {
      return try tree(folder)
    } catch let error as DocumentError {
      throw OperatorMistake(error)
    } catch let fault as IndicatorTree.Fault {
      throw OperatorMistake("posture.tree", at: folder, "the indicator \(fault.indicator): \(fault.sentence)")
    } catch {
      throw OperatorMistake("posture.tree", at: folder, "\(error)")
    }
  }

  /// How many indicators a tree has, and the checks that they are bound to.
  package static func contents(of folder: String) throws(OperatorMistake) -> (indicators: Int, checks: Set<String>) {
    let indicators = try read(folder: folder).indicators
    return (indicators.count, Set(indicators.flatMap(\.checks)))
  }

  private static func tree(_ folder: String) throws -> IndicatorTree {
    let root = try DocumentFile.value(path: folder + "/tree.yaml")
    try refuseUnknown(root, ["dimensions", "points", "criticality"])
    let dimensions = try root.required("dimensions").list().map { try dimension($0, folder) }
    return try IndicatorTree(
      dimensions: dimensions, points: try numbers(root.required("points")),
      criticality: try numbers(root.required("criticality")))
  }

  private static func numbers<Key>(_ map: DocumentValue) throws(DocumentError) -> [Key: Int]
  where Key: CaseIterable & RawRepresentable & Hashable, Key.RawValue == String {
    try refuseUnknown(map, Key.allCases.map(\.rawValue))
    var result: [Key: Int] = [:]
    for key in Key.allCases { result[key] = try map.required(key.rawValue).int(in: 0...100) }
    return result
  }

  private static func dimension(_ value: DocumentValue, _ folder: String) throws -> Dimension {
    try refuseUnknown(value, ["id", "en", "zh"])
    let id = try value.required("id").string()
    guard !id.isEmpty, id.allSatisfy({ $0.isASCII && ($0.isLetter || $0 == "_") }) else {
      throw DocumentError(.badValue, value.position, "a dimension's id has letters only: its folder is called so")
    }
    guard let files = DocumentFolder.names(in: folder + "/" + id) else {
      throw OperatorMistake("posture.folder", at: folder + "/" + id, "this folder of indicators cannot be read")
    }
    guard !files.isEmpty else {
      throw DocumentError(.badValue, value.position, "the folder \(id) has no class", hint: "add \(id)/<class>.yaml")
    }
    return Dimension(
      id: id, title: try bilingual(value), classes: try files.map { try group("\(folder)/\(id)/\($0)", below: id) })
  }

  private static func group(_ path: String, below dimension: String) throws -> IndicatorClass {
    let value = try DocumentFile.value(path: path)
    try refuseUnknown(value, ["class", "title", "indicators"])
    let id = dimension + "." + (try value.required("class").string())
    return IndicatorClass(
      id: id, title: try bilingual(value.required("title")),
      indicators: try value.required("indicators").list().map { try indicator($0) })
  }

  private static func indicator(_ value: DocumentValue) throws(DocumentError) -> Indicator {
    try refuseUnknown(
      value, ["id", "title", "checks", "alerts", "attacks", "severity", "weight", "remedy", "references"])
    return Indicator(
      id: try value.required("id").string(), title: try bilingual(value.required("title")),
      checks: try value["checks"]?.strings() ?? [], alerts: try value["alerts"]?.strings() ?? [],
      attacks: try value["attacks"]?.strings() ?? [], severity: try value.required("severity").choice(Severity.self),
      weight: try value.required("weight").int(in: 1...100), remedy: try bilingual(value.required("remedy")),
      references: try value["references"]?.strings() ?? [])
  }

  private static func bilingual(_ value: DocumentValue) throws(DocumentError) -> BilingualText {
    BilingualText(en: try value.required("en").string(), zh: try value.required("zh").string())
  }

  private static func refuseUnknown(_ value: DocumentValue, _ known: [String]) throws(DocumentError) {
    _ = try value.map()
    if let first = value.unknownKeys(besides: known).first { throw first }
  }
}
