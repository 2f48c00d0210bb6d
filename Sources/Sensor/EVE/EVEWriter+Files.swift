package import AppLayer
package import Flow
internal import Records
package import Wire

/// EVE's `fileinfo` record: a file that crossed in a transaction.
extension EVEWriter {
  package mutating func fileinfo(
    _ file: TransactionFile, _ transaction: Transaction, _ flow: borrowing FlowRecord, at time: Timestamp,
    number: UInt64
  ) {
    begin("fileinfo", at: time, flow: flow.id, number: number)
    // A file goes from its sender: the responder, for a download.
    ends(of: flow, direction: file.direction)
    community(flow)
    if let http = transaction as? HTTPTransaction { httpObject(http) }
    json.field("app_proto", transaction.proto.name)
    json.beginObject("fileinfo")
    fileFields(file, transaction)
    json.endObject()
    end()
  }

  /// The `files` of an alert.
  mutating func files(_ transaction: Transaction) {
    guard !transaction.files.isEmpty else { return }
    json.beginArray("files")
    for file in transaction.files {
      json.beginObject()
      fileFields(file, transaction)
      json.endObject()
    }
    json.endArray()
  }

  private mutating func fileFields(_ file: TransactionFile, _ transaction: Transaction) {
    if !file.name.isEmpty { json.field("filename", file.name) }
    json.field("gaps", file.hasGap)
    json.field("state", file.stateName)
    digest("md5", file.md5)
    digest("sha1", file.sha1)
    digest("sha256", file.sha256)
    json.field("stored", false)
    json.field("size", file.size)
    if let range = file.range {
      json.field("start", range.start)
      json.field("end", range.end)
    }
    json.field("tx_id", transaction.eveID)
  }

  private mutating func digest(_ name: StaticString, _ value: [UInt8]?) {
    if let value { json.field(name, hex: unsafe value.span.bytes) }
  }
}
