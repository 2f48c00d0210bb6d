internal import ControlAPI
internal import Documents
internal import Records
internal import RuleLanguage
internal import Sensor
internal import Store
internal import Wire

/// Made once: a migrated database in memory.
private let trial = try? FilterTrial()

/// Texts that people, other programs and downloads give us.
enum TextEntrances {
  static func rules(_ bytes: [UInt8]) {
    let parsed = RuleParser().parse(bytes, file: "fuzz.rules")
    for diagnostic in parsed.diagnostics { precondition(!diagnostic.description.isEmpty, "a diagnostic speaks") }
    guard let variables = try? RuleVariables.standard() else { return }
    let checked = variables.check(parsed.rules, file: "fuzz.rules")
    var thresholds = ThresholdFile()
    _ = thresholds.read(bytes, name: "threshold.config")
    var classes = Classification()
    _ = classes.read(bytes, name: "classification.config")
    // What was understood is printed, and read again it is the same.
    for rule in checked.rules.prefix(8) {
      let printed = rule.description
      let again = RuleParser().parse(Array(printed.utf8), file: "again.rules")
      precondition(again.rules.count == 1, "a printed rule is a rule: \(printed)")
      precondition(again.rules.first?.description == printed, "a printed rule stays itself: \(printed)")
    }
  }

  static func documents(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let kind = input.byte()
    guard let text = try? DocumentFile.text(bytes: input.rest(), file: "fuzz") else { return }
    switch kind % 3 {
    case 0: if let value = try? YAMLDocument.parse(text, file: "fuzz.yaml") { walk(value) }
    case 1: _ = try? CSVTable.parse(text, file: "fuzz.csv")
    default: if let value = try? JSONDocument.parse(text, file: "fuzz.json") { walk(value) }
    }
  }

  private static func walk(_ value: DocumentValue) {
    _ = try? value.int()
    _ = try? value.double()
    _ = try? value.bool()
    _ = try? value.seconds()
    _ = try? value.byteCount()
    for entry in value.entries { walk(entry.value) }
    for element in (try? value.list()) ?? [] { walk(element) }
  }

  static func settings(_ bytes: [UInt8]) {
    guard let text = try? DocumentFile.text(bytes: bytes, file: "fuzz"),
      let document = try? YAMLDocument.parse(text, file: "suricata.yaml")
    else { return }
    _ = SuricataSettings(document, folder: "/nowhere", base: FlowEntrance.settings)
  }

  static func filter(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let order = input.byte()
    for schema in [FilterSchema.queue, .findings, .sites, .audit, .alerts, .stream, .incidents, .notices, .intake] {
      _ = try? Filter(bytes.text, schema)
    }
    // What is a filter is a statement too, whatever stands in its quotes.
    guard let trial else { return }
    let lists: [(FilterTrial.List, FilterSchema, sorts: [String])] = [
      (.queue, .queue, Store.queueSorts), (.findings, .findings, Store.queueSorts), (.audit, .audit, ["id"]),
      (.notices, .notices, Store.noticeSorts), (.intake, .intake, Store.intakeSorts),
    ]
    for (list, schema, words) in lists {
      guard let filter = try? Filter(bytes.text, schema) else { continue }
      let sort = [SortKey(words[Int(order) % words.count], isDescending: order % 2 == 0)]
      do {
        try trial.run(filter.resolved(in: FilterContext(me: "me")), list, sort: sort)
      } catch {
        preconditionFailure("a filter is a statement: \(error)")
      }
    }
  }
}
