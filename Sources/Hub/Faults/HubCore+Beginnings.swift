internal import Records
internal import Store
internal import Wire

/// What a start has to write. On a full or a locked disk it waits, and the hub works meanwhile: what was acknowledged is
/// there to be read, and a hub that does not start tells nobody that the disk is full.
extension HubCore {
  enum Beginning: CaseIterable {
    /// Since when the cadence of the configuration holds.
    case cadence
    /// Since when the clocks of the duty hold.
    case clocks
    /// For how long no hub was there.
    case absence
  }

  func beginAnew(_ now: Timestamp) throws {
    (begun, unbegun) = (now, Set(Beginning.allCases))
    try keepBeginnings()
  }

  func keepBeginnings() throws {
    for beginning in Beginning.allCases where unbegun.contains(beginning) {
      do {
        try keep(beginning)
        unbegun.remove(beginning)
      } catch let error as StoreError where [.diskFull, .busy, .unavailable].contains(error.code) {
        return noteStoreFault()
      }
    }
  }

  private func keep(_ beginning: Beginning) throws {
    switch beginning {
    case .cadence: try HubCore.keepCadence(configuration, store, begun)
    case .clocks:
      try store.keep(clocks: dutyClocks, at: begun)
      duty.clocksSince = try store.document([DutyClocks.Dated].self, kind: "duty", id: "clocks")?.last?.since
    case .absence: try noteAbsence(begun)
    }
  }
}
