package import Wire

/// Whether a row stands in the default queue by itself.
package enum RowPlace: String, Codable, Sendable, CaseIterable {
  case shown
  /// Folded under a gathering row (`QueueRow.parent`).
  case member
  /// Hidden by a suppression or threshold (`QueueRow.hiddenBy`).
  case suppressed
  /// Of our own scans.
  case own
}

/// By what rows are gathered under one.
package enum GatherAxis: String, Codable, Sendable, CaseIterable {
  /// One rule from one source over many sites.
  case campaign
  /// One source with many rules at one site.
  case tool
  /// One rule at many sites, whatever the sources.
  case wave
  /// More new rows of one severity than a person reads.
  case storm
}

/// What a gathering row has beside other rows.
package struct Gathering: Codable, Sendable, Hashable {
  package var axis: GatherAxis
  /// Rows folded under it now.
  package var members: Int
  /// The source that all its members come from; nil where they have many.
  package var source: String?
  package init(axis: GatherAxis, members: Int = 0, source: String? = nil) {
    self.axis = axis
    self.members = members
    self.source = source
  }
}

/// What is remembered of one value of an axis: which rows it touched lately, and under which row they are gathered.
package struct GatherTrack: Sendable, Hashable {
  package struct Touch: Sendable, Hashable {
    package var row: Int64
    package var time: Timestamp
    package init(row: Int64, time: Timestamp) {
      self.row = row
      self.time = time
    }
  }
  package var axis: GatherAxis
  package var key: String
  package var last: Timestamp
  package var touched: [Touch]
  /// The gathering row, once there is one.
  package var row: Int64?
  /// Names of files with server-side code that the source sent to the site (`tool` only).
  package var planted: [String]
  package init(
    axis: GatherAxis, key: String, last: Timestamp, touched: [Touch] = [], row: Int64? = nil, planted: [String] = []
  ) {
    self.axis = axis
    self.key = key
    self.last = last
    self.touched = touched
    self.row = row
    self.planted = planted
  }
}

/// What becomes of a row that an axis was asked about.
package enum GatherDecision: Sendable, Hashable {
  case stays
  /// A gathering row is made, of these rows.
  case opens([Int64])
  case joins(Int64)
}
