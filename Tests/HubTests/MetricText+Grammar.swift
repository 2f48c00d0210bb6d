import Testing

/// A reader of Prometheus's text format 0.0.4 that takes nothing that the grammar does not.
struct ParsedMetrics {
  struct Sample: Equatable {
    var name: String
    var labels: [String: String]
    var value: Double
  }
  private(set) var types: [String: String] = [:]
  private(set) var helps: [String: String] = [:]
  private(set) var samples: [Sample] = []
  /// Families in the order of their first line; each stands together.
  private(set) var order: [String] = []

  init(_ text: String) throws {
    try #require(text.hasSuffix("\n"), "the last line has an end")
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() { try take(line) }
  }

  private mutating func take(_ line: Substring) throws {
    if line.hasPrefix("# ") {
      let parts = line.dropFirst(2).split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(
        String.init)
      try #require(parts.count == 3 && ["HELP", "TYPE"].contains(parts[0]), "\(line)")
      let name = parts[1]
      try #require(name.wholeMatch(of: /[a-zA-Z_:][a-zA-Z0-9_:]*/) != nil)
      if parts[0] == "HELP" {
        try #require(helps.updateValue(parts[2], forKey: name) == nil, "two HELP lines of \(name)")
        order.append(name)
      } else {
        try #require(
          order.last == name && types.updateValue(parts[2], forKey: name) == nil, "TYPE of \(name) out of place")
        try #require(["counter", "gauge", "histogram"].contains(parts[2]))
      }
      return
    }
    var rest = line
    let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" })
    try #require(name.wholeMatch(of: /[a-zA-Z_:][a-zA-Z0-9_:]*/) != nil, "\(line)")
    rest = rest.dropFirst(name.count)
    let labels = rest.first == "{" ? try ParsedMetrics.labels(&rest) : [:]
    try #require(rest.first == " ", "\(line)")
    let number = String(rest.dropFirst())
    let value = try #require(number == "+Inf" ? Double.infinity : Double(number), "\(line)")
    let family = try #require(order.last)
    let isHistogram = types[family] == "histogram"
    let expected = isHistogram ? ["_bucket", "_sum", "_count"].map { family + $0 } : [family]
    try #require(expected.contains(name), "\(name) stands under \(family)")
    let sample = Sample(name: name, labels: labels, value: value)
    try #require(!samples.contains { $0.name == name && $0.labels == labels }, "twice: \(line)")
    samples.append(sample)
  }

  private static func labels(_ rest: inout Substring) throws -> [String: String] {
    var labels: [String: String] = [:]
    rest = rest.dropFirst()
    while rest.first != "}" {
      let name = String(rest.prefix { $0 != "=" })
      try #require(name.wholeMatch(of: /[a-zA-Z_][a-zA-Z0-9_]*/) != nil, "\(rest)")
      rest = rest.dropFirst(name.count)
      try #require(rest.hasPrefix("=\""))
      rest = rest.dropFirst(2)
      var value = ""
      while let character = rest.first, character != "\"" {
        rest = rest.dropFirst()
        guard character == "\\" else {
          value.append(character)
          continue
        }
        switch rest.popFirst() {
        case "n": value.append("\n")
        case "\\": value.append("\\")
        case "\"": value.append("\"")
        default: Issue.record("an escape that is none")
        }
      }
      try #require(rest.popFirst() == "\"")
      try #require(labels.updateValue(value, forKey: name) == nil)
      if rest.first == "," { rest = rest.dropFirst() } else { try #require(rest.first == "}") }
    }
    rest = rest.dropFirst()
    return labels
  }

  func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    samples.first { sample in sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value } }?.value
  }
}
