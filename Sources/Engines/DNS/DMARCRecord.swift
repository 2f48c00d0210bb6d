/// One DMARC record, chosen from the texts at a name and read (RFC 7489 section 6.3).
package struct DMARCRecord: Hashable, Sendable {
  package enum Policy: String, Sendable { case none, quarantine, reject }
  package var text: String
  package var policy: Policy?
  /// Of names below the record's own; nil where `p` holds for them too.
  package var subdomainPolicy: Policy?
  package var asksForReports: Bool
  /// Why receivers may not follow it; nil where it is sound.
  package var fault: String?

  /// Nil where none of the texts is a DMARC record.
  package init?(_ texts: [String]) {
    let records = texts.filter(TagList.isDMARC)
    guard let text = records.first else { return nil }
    self.text = text
    let list = TagList(text)
    policy = list.tags["p"].flatMap { Policy(rawValue: $0.lowercased()) }
    subdomainPolicy = list.tags["sp"].flatMap { Policy(rawValue: $0.lowercased()) }
    asksForReports = !(list.tags["rua"]?.isEmpty ?? true)
    if records.count > 1 {
      fault = "\(records.count) records"
    } else if policy == nil {
      fault = "p is not none, quarantine or reject"
    } else if list.tags["sp"] != nil, subdomainPolicy == nil {
      fault = "sp is not none, quarantine or reject"
    } else if list.hasFault {
      fault = "a tag is no name=value, or stands twice"
    }
  }
}
