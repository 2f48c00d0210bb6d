package import Documents
internal import Records
internal import Wire

/// nuclei's JSON lines (`-jsonl`): one result a line. With `-matcher-status` a template that did not match says so
/// (`"matcher-status": false`), which is the only *no* that nuclei has. What it extracted from the site is left out.
package enum NucleiReport {
  /// A result with its request and response runs to some hundred KiB.
  private static let lineLimit = 4 << 20

  package static func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> ToolReport {
    guard bytes.count <= ToolReport.bytesLimit else {
      throw DocumentError(
        .tooLarge, SourcePosition(file: file), "the text has more than \(ToolReport.bytesLimit >> 20) MiB, the limit")
    }
    var limits = DocumentLimits()
    (limits.bytes, limits.depth, limits.values) = (lineLimit, 32, 100_000)
    var report = ToolReport()
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      guard let first = line.first(where: { $0 != 0x20 && $0 != 0x0d }) else { continue }
      guard first == UInt8(ascii: "{") else { throw strange(file, number) }
      do throws(DocumentError) {
        let value = try JSONDocument.parse(String(decoding: line, as: UTF8.self), file: file, limits: limits)
        guard let statement = statement(value) else { throw strange(file, number) }
        report.add(statement)
      } catch {
        throw DocumentError(
          error.code, SourcePosition(file: file, line: number, column: error.position.column), error.message,
          hint: error.hint)
      }
    }
    return report
  }

  private static func strange(_ file: String, _ line: Int) -> DocumentError {
    DocumentError(
      .badValue, SourcePosition(file: file, line: line, column: 1), "this line is no result of nuclei",
      hint: "use -jsonl")
  }

  private static func statement(_ result: DocumentValue) -> ToolStatement? {
    func text(_ key: String) -> String? { try? result[key]?.string() }
    guard let template = text("template-id"), let information = result["info"] else { return nil }
    let matcher = text("matcher-name").flatMap { $0.isEmpty ? nil : $0 }
    let place = ToolURL.place(text("matched-at") ?? text("url") ?? text("host") ?? "") ?? ToolPlace(host: text("host"))
    let name = (try? information["name"]?.string()) ?? template
    let full = matcher.map { "\(template):\($0)" } ?? template
    let id = NucleiMapping.checks[full] != nil || NucleiMapping.checks[template] == nil ? full : template
    let hasMatched = (try? result["matcher-status"]?.bool()) ?? true
    return ToolStatement(
      id, hasMatched ? .yes : .no, title: "nuclei: \(name)",
      severity: ToolSeverity.read((try? information["severity"]?.string()) ?? ""),
      evidence: "\(full) at \(place.path ?? "/")",
      place: place, time: text("timestamp").flatMap(ToolTime.read))
  }
}
