/// Lines of `Documentation/api.md`, so that the page and the table cannot part ways.
package enum APIPage {
  package static func line(_ entry: EndpointEntry) -> String {
    let takes = entry.request.map { "`\($0)`" } ?? "-"
    let answer =
      entry.isText ? "text" : entry.isStream ? "`\(entry.answer)` a line" : "`\(entry.answer)`"
    return "| `\(entry.method.rawValue) \(entry.path)` | \(entry.summary) | \(takes) | \(answer) |"
  }

  package static func line(_ field: FilterSchema.Field) -> String {
    "| `\(field.name)` | \(field.form.inWords) | \(field.meaning) |"
  }
}

extension FilterSchema.Form {
  var inWords: String {
    switch self {
    case .text: "text, `*` allowed"
    case .choice(let names): names.joined(separator: ", ")
    case .ordered(let names): names.joined(separator: " < ")
    case .number: "number"
    case .flag: "true, false"
    case .time: "span or moment"
    }
  }
}
