import Engines
import Records
import Scanner
import Wire

/// The lines of which a site has a hundred: written field by field, which costs a fifth of what an encoder does.
extension ScanLine {
  static func write(
    _ observation: Observation, target: String, address: IPAddress?, to writer: inout JSONWriter
  ) {
    writer.beginObject()
    writer.field("type", literal: "observation")
    place(target, address, observation.engine, &writer)
    writer.field("engineVersion", observation.engineVersion)
    writer.field("check", observation.check)
    writer.field("severity", observation.severity.rawValue)
    writer.beginObject("title")
    writer.field("en", observation.title.en)
    writer.field("zh", observation.title.zh)
    writer.endObject()
    answer(observation.answer, &writer)
    writer.field("evidence", observation.evidence)
    if let parameter = observation.parameter { writer.field("parameter", parameter) }
    writer.field("confidence", observation.confidence)
    writer.field("time", observation.time.text)
    writer.field("vantage", observation.vantage)
    writer.endObject()
    writer.endLine()
  }

  static func write(
    _ fact: Fact, engine: String, target: String, address: IPAddress?, to writer: inout JSONWriter
  ) {
    writer.beginObject()
    writer.field("type", literal: "fact")
    place(target, address, engine, &writer)
    writer.field("name", fact.name)
    writer.field("value", fact.value)
    writer.endObject()
    writer.endLine()
  }

  /// One engine's end on one target.
  static func write(_ report: JobReport, target: String, to writer: inout JSONWriter) {
    let (outcome, counters) = (report.outcome, report.counters)
    writer.beginObject()
    writer.field("type", literal: "outcome")
    writer.field("target", target)
    writer.beginArray("addresses")
    for address in counters.addresses { writer.element(address.description) }
    writer.endArray()
    writer.field("engine", outcome.engine)
    writer.field("status", outcome.status.rawValue)
    writer.field("reason", outcome.reason)
    writer.field("source", outcome.source.rawValue)
    if case .after(let seconds) = outcome.retry { writer.field("retrySeconds", seconds) }
    writer.field("probeClass", report.job.probeClass.rawValue)
    writer.field("authorisation", report.job.authorisation)
    writer.field("started", outcome.started.text)
    writer.field("ended", outcome.ended.text)
    writer.field("connections", outcome.connections)
    writer.field("bytesSent", counters.bytesSent)
    writer.field("bytesReceived", counters.bytesReceived)
    writer.beginObject("causes")
    for (cause, count) in counters.causes.sorted(by: { $0.key < $1.key }) { writer.field(named: cause, count) }
    writer.endObject()
    writer.endObject()
    writer.endLine()
  }

  private static func place(
    _ target: String, _ address: IPAddress?, _ engine: String, _ writer: inout JSONWriter
  ) {
    writer.field("target", target)
    if let address { writer.field("address", address) }
    writer.field("engine", engine)
  }

  private static func answer(_ answer: Observation.Answer, _ writer: inout JSONWriter) {
    switch answer {
    case .yes: writer.field("answer", literal: "yes")
    case .no: writer.field("answer", literal: "no")
    case .notDetermined(let why):
      writer.field("answer", literal: "notDetermined")
      writer.field("reason", why)
    }
  }
}
