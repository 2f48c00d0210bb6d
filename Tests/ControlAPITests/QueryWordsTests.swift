import Records
import Testing

@testable import ControlAPI

@Suite("What may stand in a query")
struct QueryWordsTests {
  @Test(
    "fields by their begin, values behind a comparison, one more behind a comma",
    arguments: [
      ("sev", ["severity:", "severity>="]), ("-sta", ["-state:"]), ("((overd", ["((overdue:"]),
      ("state:ne", ["state:new"]), ("state:new,ack", ["state:new,acknowledged"]),
      ("severity>=h", ["severity>=high"]), ("severity>=H", ["severity>=high"]),
      ("-wing:s", ["-wing:sensor", "-wing:scanner"]),
      ("open:", ["open:true", "open:false"]), ("site:tax", []), ("since:2", []), ("colour:r", []), ("zzz", []),
      ("state!=sh", ["state!=shelved"]),
    ])
  func words(_ word: String, _ wanted: [String]) {
    #expect(QueryWords.behind(word, .queue) == wanted)
  }

  @Test("nothing typed offers every field, and each word offered of a closed set is a query that is taken")
  func everyWordIsTaken() throws {
    for schema in [FilterSchema.queue, .findings, .stream, .sites, .notices, .incidents, .intake, .audit] {
      let fields = QueryWords.behind("", schema)
      #expect(
        Set(fields.map { $0.prefix { $0.isLetter || $0 == "_" } }.map(String.init)) == Set(schema.fields.map(\.name)))
      for word in fields.flatMap({ QueryWords.behind($0, schema) }) { _ = try Filter(word, schema) }
    }
  }
}
