package import ControlAPI
internal import Documents
internal import Records
package import Services

/// `Rules/grading/incidents.yaml` into the guide that levels are proposed and clocks are run by. The first mistake ends
/// it, with its file, line and column.
package enum GradingGuideReader {
  /// The one that the configuration names, else the one that comes with Vigil. Without one every incident would pass
  /// for an ordinary one, and no clock would run.
  static func installed(_ configuration: Configuration) throws(OperatorMistake) -> GradingGuide {
    guard let path = configuration.rules.incidents ?? InstalledFiles.path("Rules/grading/incidents.yaml") else {
      throw OperatorMistake(
        "incidents.guide", "the grading guide of incidents is not installed", hint: "name its file by rules.incidents")
    }
    return try read(path: path)
  }

  package static func read(path: String) throws(OperatorMistake) -> GradingGuide {
    do {
      return try guide(DocumentFile.value(path: path))
    } catch {
      throw OperatorMistake(error)
    }
  }

  private static func guide(_ root: DocumentValue) throws(DocumentError) -> GradingGuide {
    try refuseUnknown(root, ["measured", "conditions", "clocks"])
    var guide = GradingGuide()
    for entry in try root["measured"]?.map() ?? [] {
      guard let measure = IncidentMeasure(rawValue: entry.key) else {
        throw DocumentError(.badValue, entry.keyPosition, "there is no measure \(entry.key)")
      }
      guide.measured[measure] = try entry.value.strings()
    }
    for value in try root.required("conditions").list() { guide.conditions.append(try condition(value)) }
    for value in try root.required("clocks").list() { guide.clocks.append(try clock(value)) }
    return guide
  }

  private static func condition(_ value: DocumentValue) throws(DocumentError) -> GradingGuide.Condition {
    try refuseUnknown(value, ["level", "measure", "from", "operators", "source", "verified"])
    return GradingGuide.Condition(
      level: try value.required("level").choice(IncidentLevel.self),
      measure: try value.required("measure").choice(IncidentMeasure.self),
      from: try value.required("from").double(in: 0...1e15), operators: try operators(value["operators"]),
      source: try value.required("source").string(), isVerified: try value.required("verified").bool())
  }

  private static func operators(_ value: DocumentValue?) throws(DocumentError) -> [OperatorKind] {
    var result: [OperatorKind] = []
    for item in try value?.list() ?? [] { result.append(try item.choice(OperatorKind.self)) }
    return result
  }

  private static func clock(_ value: DocumentValue) throws(DocumentError) -> GradingGuide.ClockRule {
    try refuseUnknown(
      value, ["id", "title", "from", "until", "kinds", "level", "within", "source", "verified"])
    var kinds: [IncidentKind] = []
    for item in try value["kinds"]?.list() ?? [] { kinds.append(try item.choice(IncidentKind.self)) }
    let title = try value.required("title")
    return GradingGuide.ClockRule(
      id: try value.required("id").string(),
      title: BilingualText(en: try title.required("en").string(), zh: try title.required("zh").string()),
      start: try value.required("from").choice(GradingGuide.ClockRule.Start.self),
      end: try value.required("until").choice(GradingGuide.ClockRule.End.self), kinds: kinds,
      minimumLevel: try value["level"]?.choice(IncidentLevel.self),
      seconds: try within(value.required("within")), source: try value.required("source").string(),
      isVerified: try value.required("verified").bool())
  }

  private static func within(_ value: DocumentValue) throws(DocumentError) -> [OperatorKind: Double] {
    guard case .map = value.content else {
      let seconds = try value.seconds()
      return Dictionary(uniqueKeysWithValues: OperatorKind.allCases.map { ($0, seconds) })
    }
    try refuseUnknown(value, OperatorKind.allCases.map(\.rawValue))
    var result: [OperatorKind: Double] = [:]
    for kind in OperatorKind.allCases { result[kind] = try value[kind.rawValue]?.seconds() }
    return result
  }

  private static func refuseUnknown(_ value: DocumentValue, _ known: [String]) throws(DocumentError) {
    _ = try value.map()
    if let first = value.unknownKeys(besides: known).first { throw first }
  }
}
