/// Figures in Prometheus's text format 0.0.4: a family's lines together, behind its HELP and TYPE.
struct MetricText {
  static let mediaType = "text/plain; version=0.0.4; charset=utf-8"
  private(set) var text = ""

  /// Each sample with the values of the family's labels, in their order. A family without samples is told all the same.
  mutating func add(_ family: MetricFamily, _ samples: [(labels: [String], value: Double)]) {
    begin(family)
    for sample in samples { line(family.name, Array(zip(family.labels, sample.labels)), sample.value) }
  }

  mutating func add(_ family: MetricFamily, _ value: Double) { add(family, [([], value)]) }
  mutating func add(_ family: MetricFamily, _ value: some BinaryInteger) { add(family, Double(value)) }

  /// `counts` by upper bound, not yet summed up, the last without bound.
  mutating func add(
    _ family: MetricFamily, _ histograms: [(labels: [String], counts: [UInt64], sum: Double)], bounds: [Double]
  ) {
    begin(family)
    for histogram in histograms {
      let labels = Array(zip(family.labels, histogram.labels))
      var total: UInt64 = 0
      for (index, count) in histogram.counts.enumerated() {
        total += count
        let bound = index < bounds.count ? MetricText.number(bounds[index]) : "+Inf"
        line(family.name + "_bucket", labels + [("le", bound)], Double(total))
      }
      line(family.name + "_sum", labels, histogram.sum)
      line(family.name + "_count", labels, Double(total))
    }
  }

  private mutating func begin(_ family: MetricFamily) {
    let help = family.help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    text += "# HELP \(family.name) \(help)\n# TYPE \(family.name) \(family.kind.rawValue)\n"
  }

  private mutating func line(_ name: String, _ labels: [(String, String)], _ value: Double) {
    let pairs = labels.map { "\($0)=\"\(MetricText.escaped($1))\"" }.joined(separator: ",")
    text += "\(name)\(pairs.isEmpty ? "" : "{\(pairs)}") \(MetricText.number(value))\n"
  }

  /// Names of sensors come from peers: no byte of theirs ends a line or a label.
  static func escaped(_ text: String) -> String {
    String(
      decoding: text.utf8.flatMap { byte -> [UInt8] in
        switch byte {
        case UInt8(ascii: "\\"): Array("\\\\".utf8)
        case UInt8(ascii: "\""): Array("\\\"".utf8)
        case UInt8(ascii: "\n"): Array("\\n".utf8)
        default: [byte]
        }
      }, as: UTF8.self)
  }

  static func number(_ value: Double) -> String {
    if let whole = Int64(exactly: value) { return String(whole) }
    return value.isNaN ? "NaN" : value == .infinity ? "+Inf" : value == -.infinity ? "-Inf" : "\(value)"
  }
}
