package import Wire

/// Who permits the probing of which hosts and addresses, by which document, from when to when, up to which class.
package struct Authorisation: Codable, Sendable, Hashable, Identifiable {
  package var id: String
  package var grantedBy: String
  /// Its title, as people cite it.
  package var document: String
  package var documentNumber: String?
  package var documentDate: Timestamp?
  /// SHA-256 of the file, 64 hexadecimal digits: the paper that was signed and no other.
  package var documentHash: String?
  /// Host names; `*.example.org` is every name below it.
  package var hosts: [String]
  package var networks: [IPPrefix]
  package var from: Timestamp
  package var until: Timestamp
  package var upTo: ProbeClass
  package init(
    id: String, grantedBy: String, document: String, hosts: [String], networks: [IPPrefix], from: Timestamp,
    until: Timestamp, upTo: ProbeClass, documentNumber: String? = nil, documentDate: Timestamp? = nil,
    documentHash: String? = nil
  ) {
    self.id = id
    self.grantedBy = grantedBy
    self.document = document
    self.hosts = hosts
    self.networks = networks
    self.from = from
    self.until = until
    self.upTo = upTo
    self.documentNumber = documentNumber
    self.documentDate = documentDate
    self.documentHash = documentHash
  }
}
