package import Decode
internal import Wire

/// Puts IPv4 (RFC 791, RFC 815) and IPv6 (RFC 8200 section 4.5) datagrams together from their fragments. One per
/// worker; time is the packets'. Everything it keeps is bounded by `DefragmentConfiguration`.
@safe package struct IPDefragmenter: ~Copyable {
  package let configuration: DefragmentConfiguration
  package internal(set) var counters = DefragmentCounters()

  private var trackers: [Tracker] = []
  private var places: [Key: Int] = [:]
  private var free: [Int] = []
  /// By age of the first fragment.
  private var oldest = -1
  private var newest = -1
  private var pool: SegmentPool
  private let datagram: UnsafeMutableRawPointer

  static let largestDatagram = 65_535
  /// The unfragmentable part of an IPv6 datagram that is kept: extension headers beyond it are an attack.
  static let largestHeader = 1_024

  struct Key: Hashable {
    let source: IPAddress
    let destination: IPAddress
    let identification: UInt32
    /// IPv4 only: in IPv6 the fragments of one datagram may disagree about it.
    let transport: UInt8
    let depth: UInt8
    let vlans: UInt64
  }

  struct Tracker {
    var key: Key
    var started: Timestamp
    var list = PieceList()
    /// Bytes behind the header, once the last fragment was seen.
    var total = -1
    var header: [UInt8] = []
    var policy: FragmentOverlapPolicy
    var older = -1
    var newer = -1
  }

  package init(_ configuration: DefragmentConfiguration = DefragmentConfiguration()) {
    self.configuration = configuration
    pool = SegmentPool(memoryCap: configuration.memoryCap)
    let room = IPDefragmenter.largestDatagram + 40 + IPDefragmenter.largestHeader
    unsafe datagram = UnsafeMutableRawPointer.allocate(byteCount: room, alignment: 16)
  }

  deinit { unsafe datagram.deallocate() }

  /// Datagrams in the making.
  package var count: Int { places.count }

  /// Takes a fragment (`packet.isFragment`). When it makes the datagram whole, `body` gets that: one IP packet without
  /// a fragment header, its length and checksum set anew, for `Decoder.decodeDatagram`. Valid only in there.
  package mutating func fragment(
    _ packet: borrowing DecodedPacket, _ bytes: RawSpan, _ body: (RawSpan) -> Void
  ) -> DefragmentOutcome {
    var outcome = DefragmentOutcome()
    giveUpOld(packet.timestamp)
    guard let part = FragmentPart(packet, bytes) else { return outcome }
    if part.isV6 { counters.ipv6Fragments &+= 1 } else { counters.ipv4Fragments &+= 1 }
    guard part.isLengthValid else {
      outcome.events.append(.ipv6FragmentInvalidLength)
      return outcome
    }
    guard part.headerLength + part.end <= IPDefragmenter.largestDatagram + (part.isV6 ? 40 : 0) else {
      outcome.events.append(part.isV6 ? .ipv6FragmentsTooLarge : .ipv4FragmentsTooLarge)
      return outcome
    }
    guard let place = tracker(for: packet), keep(part, bytes, place, &outcome) else {
      outcome.events.append(part.isV6 ? .ipv6FragmentIgnored : .ipv4FragmentIgnored)
      return outcome
    }
    guard isWhole(place) else { return outcome }
    if part.isV6 { counters.ipv6Reassembled &+= 1 } else { counters.ipv4Reassembled &+= 1 }
    let length = assemble(place, isV6: part.isV6)
    drop(place)
    outcome.isComplete = true
    let whole = unsafe UnsafeRawBufferPointer(start: datagram, count: length)
    body(unsafe whole.bytes)
    return outcome
  }

  private mutating func keep(
    _ part: FragmentPart, _ bytes: RawSpan, _ place: Int, _ outcome: inout DefragmentOutcome
  ) -> Bool {
    guard Int(trackers[place].list.count) < configuration.maximumPieces else {
      counters.piecesHit &+= 1
      return false
    }
    if part.offset == 0, trackers[place].header.isEmpty {
      trackers[place].header = part.header(bytes)
    }
    if !part.moreFollow, trackers[place].total < 0 { trackers[place].total = part.end }
    let policy = trackers[place].policy
    let content = bytes.clamped(part.contentOffset, part.contentOffset + part.length)
    let result = pool.insert(content, at: Int64(part.offset), floor: 0, &trackers[place].list) { old, new in
      policy.newWins(old: old, new: new)
    }
    if result.overlaps > 0 {
      counters.overlaps &+= 1
      outcome.events.append(part.isV6 ? .ipv6FragmentOverlap : .ipv4FragmentOverlap)
    }
    if result.isOutOfMemory { counters.memoryCapHit &+= 1 }
    return !result.isOutOfMemory
  }

  // MARK: trackers

  private mutating func tracker(for packet: borrowing DecodedPacket) -> Int? {
    let key = Key(
      source: packet.source, destination: packet.destination, identification: packet.ipID,
      transport: packet.ipVersion == 4 ? packet.transport.rawValue : 0, depth: packet.tunnelDepth,
      vlans: configuration.usesVLAN ? FlowKey.vlans(of: packet) : 0)
    if let place = places[key] { return place }
    guard places.count < configuration.maximumTrackers else {
      counters.trackersHit &+= 1
      return nil
    }
    var fresh = Tracker(
      key: key, started: packet.timestamp, policy: configuration.policy(receiver: packet.destination))
    fresh.older = newest
    let place = free.popLast() ?? trackers.count
    if place == trackers.count { trackers.append(fresh) } else { trackers[place] = fresh }
    if newest >= 0 { trackers[newest].newer = place } else { oldest = place }
    newest = place
    places[key] = place
    return place
  }

  /// At most four a fragment: each fragment makes at most one, so that old ones cannot pile up.
  private mutating func giveUpOld(_ now: Timestamp) {
    let patience = Int64(min(max(configuration.timeout, 0), 1 << 30)) * 1_000_000_000
    for _ in 0..<4 {
      guard oldest >= 0, now.nanoseconds(since: trackers[oldest].started) > patience else { return }
      counters.timeouts &+= 1
      drop(oldest)
    }
  }

  private mutating func drop(_ place: Int) {
    pool.clear(&trackers[place].list)
    places[trackers[place].key] = nil
    let (older, newer) = (trackers[place].older, trackers[place].newer)
    if older >= 0 { trackers[older].newer = newer } else { oldest = newer }
    if newer >= 0 { trackers[newer].older = older } else { newest = older }
    trackers[place].header = []
    free.append(place)
  }

  // MARK: the whole

  private func isWhole(_ place: Int) -> Bool {
    let total = Int64(trackers[place].total)
    guard total >= 0, !trackers[place].header.isEmpty else { return false }
    var reached: Int64 = 0
    var piece = trackers[place].list.head
    while piece >= 0, reached < total {
      guard unsafe pool.pieces[Int(piece)].start == reached else { return false }
      reached = unsafe pool.pieces[Int(piece)].end
      piece = unsafe pool.pieces[Int(piece)].next
    }
    return reached >= total
  }

  /// Writes header and pieces to `datagram`; gives its length.
  private func assemble(_ place: Int, isV6: Bool) -> Int {
    let header = trackers[place].header
    let total = trackers[place].total
    let room = header.count + total
    let target = unsafe UnsafeMutableRawBufferPointer(start: datagram, count: room)
    unsafe target.copyBytes(from: header)
    var piece = trackers[place].list.head
    while piece >= 0 {
      let content = unsafe pool.pieces[Int(piece)]
      let count = unsafe min(Int(content.length), total - Int(content.start))
      guard count > 0 else { break }
      unsafe (datagram + header.count + Int(content.start)).copyMemory(from: content.bytes, byteCount: count)
      piece = unsafe content.next
    }
    unsafe FragmentPart.setLength(target, headerLength: header.count, isV6: isV6)
    return room
  }
}
