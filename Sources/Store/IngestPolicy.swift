package import Records
package import Wire

/// What the hub decides about records as they come: whose they are, and who is told.
package struct IngestPolicy: Sendable {
  package var ownerOfAlert: @Sendable (AlertRecord) -> SiteAttribution
  package var ownerOfObservation: @Sendable (Observation) -> SiteAttribution
  /// Messages for channels, written in the same transaction as the change.
  package var notices: @Sendable (RowChange) -> [OutboxEntry]
  /// What of a sighting is new.
  package var proposals: @Sendable (Sighting) -> [Proposal]
  /// The canary's id, of an alert that is a canary's and no other's.
  package var canary: @Sendable (AlertRecord) -> String?
  package var hiding: HidingRules
  /// Whether an alert may be of our own scans, and waits for a scanner's word.
  package var mayBeOwn: @Sendable (AlertRecord, SiteAttribution) -> Bool
  package init(
    ownerOfAlert: @escaping @Sendable (AlertRecord) -> SiteAttribution,
    ownerOfObservation: @escaping @Sendable (Observation) -> SiteAttribution,
    notices: @escaping @Sendable (RowChange) -> [OutboxEntry] = { _ in [] },
    proposals: @escaping @Sendable (Sighting) -> [Proposal] = { _ in [] },
    canary: @escaping @Sendable (AlertRecord) -> String? = { _ in nil }, hiding: HidingRules = HidingRules(),
    mayBeOwn: @escaping @Sendable (AlertRecord, SiteAttribution) -> Bool = { _, _ in false }
  ) {
    self.mayBeOwn = mayBeOwn
    self.hiding = hiding
    self.ownerOfAlert = ownerOfAlert
    self.ownerOfObservation = ownerOfObservation
    self.notices = notices
    self.proposals = proposals
    self.canary = canary
  }
}

/// A row after a batch: made by it, brought back to new by it, or only counted up.
package struct RowChange: Sendable, Hashable {
  package enum Kind: String, Sendable { case made, returned, changed }
  package var kind: Kind
  package var row: QueueRow
  package init(kind: Kind, row: QueueRow) {
    self.kind = kind
    self.row = row
  }
}

package struct IngestResult: Sendable, Hashable {
  /// How long the store's writer was at it, without the flush, which costs the same for few records and many.
  package var work = Duration.zero
  /// Everything of the batch's (source, boot) up to here is stored: what to acknowledge.
  package var storedThrough: UInt64 = 0
  package var alerts = 0
  package var observations = 0
  package var duplicates = 0
  /// Sequences that never came: lost before they reached the spool's reader.
  package var missing: UInt64 = 0
  /// Records that could not be read, with the first reason; they are acknowledged, since no retry helps.
  package var unreadable = 0
  package var firstReason: String?
  /// Rows that the batch touched, as they stand after it.
  package var changes: [RowChange] = []
  package var outcomes: [ScanOutcome] = []
  package var blindness: [BlindInterval] = []
  /// In a lane of their own: in no row, no count.
  package var canaries: [SeenCanary] = []

  package struct SeenCanary: Sendable, Hashable {
    package var id: String
    package var packet: Timestamp
    package var sensor: String?
  }
}
