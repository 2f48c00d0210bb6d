internal import Wire

/// What the first bytes of both directions have told so far.
struct ProbeState {
  var sourcePort: UInt16 = 0
  var destinationPort: UInt16 = 0
  var held: [GrowingBytes?] = [nil, nil]
  var isOver = [false, false]
}

extension AppSession {
  /// Collects first bytes until a pattern speaks; then hands them to the parser.
  func probe(_ bytes: RawSpan, _ direction: Direction, at time: Timestamp) {
    guard proto == .unknown, !probe.isOver[direction.index] else { return }
    guard transport == .tcp else { return probeDatagram(bytes, direction, at: time) }
    let held = probe.held[direction.index]
    if let held, held.count > 0 {
      held.append(bytes, limit: max(configuration.settings.probeLimit, held.count + bytes.byteCount))
      let all = unsafe Bytes(held.bytes)
      all.withSpan { decide($0, direction, at: time, isHeld: true) }
    } else {
      decide(bytes, direction, at: time, isHeld: false)
    }
  }

  private func probeDatagram(_ bytes: RawSpan, _ direction: Direction, at time: Timestamp) {
    guard configuration.settings.dns.isEnabled, let verdict = ProtocolProbe.dnsDatagram(bytes, probe) else {
      return fail()
    }
    if verdict.isResponse == (direction == .toServer) {
      isReversed = true
      return
    }
    start(.dns, at: time)
    receive(bytes, direction, at: time)
  }

  private func decide(_ bytes: RawSpan, _ direction: Direction, at time: Timestamp, isHeld: Bool) {
    let verdict = ProtocolProbe.stream(bytes, direction, probe, configuration.settings)
    switch verdict {
    case .more:
      guard bytes.byteCount < configuration.settings.probeLimit else { return giveUpProbing(direction) }
      if !isHeld { hold(bytes, direction) }
    case .nothing: giveUp(bytes, direction, isHeld: isHeld)
    case .found(let found, let says):
      if says != direction, transactions.isEmpty, probe.held[direction.opposite.index]?.count ?? 0 == 0 {
        isReversed = true
        if !isHeld { hold(bytes, direction) }
        reverse()
        let swapped = direction.opposite
        begin(found, swapped, at: time)
      } else {
        if !isHeld { hold(bytes, direction) }
        begin(found, direction, at: time)
      }
    }
  }

  private func hold(_ bytes: RawSpan, _ direction: Direction) {
    let buffer = probe.held[direction.index] ?? GrowingBytes()
    probe.held[direction.index] = buffer
    buffer.append(bytes)
  }
  private func reverse() {
    probe.held.swapAt(0, 1)
    probe.isOver.swapAt(0, 1)
    swap(&protoToServer, &protoToClient)
  }

  /// Starts the parser and feeds it what was held: the request's side first.
  private func begin(_ found: AppProtocol, _ direction: Direction, at time: Timestamp) {
    let other = probe.held[direction.opposite.index]
    let own = probe.held[direction.index]
    if probe.isOver[direction.opposite.index] {
      raise(.applayerDetectProtocolOnlyOneDirection, nil, direction)
    }
    probe.held = [nil, nil]
    if direction == .toServer { protoToServer = found } else { protoToClient = found }
    start(found, at: time)
    let order: [(GrowingBytes?, Direction)] =
      direction == .toServer
      ? [(own, direction), (other, direction.opposite)]
      : [(other, direction.opposite), (own, direction)]
    for (buffer, way) in order {
      guard let buffer, buffer.count > 0 else { continue }
      let all = unsafe Bytes(buffer.bytes)
      all.withSpan { receive($0, way, at: time) }
    }
  }

  func start(_ found: AppProtocol, at time: Timestamp) {
    proto = found
    switch found {
    case .http: parser = .http(HTTPParser(configuration: configuration))
    case .tls: parser = .tls(TLSParser(session: self, at: time))
    case .dns: parser = .dns(DNSParser(isTCP: transport == .tcp))
    default: parser = .none
    }
  }

  private func giveUp(_ bytes: RawSpan, _ direction: Direction, isHeld: Bool) {
    if !isHeld, bytes.byteCount <= configuration.settings.probeLimit { hold(bytes, direction) }
    giveUpProbing(direction)
  }
  /// This direction says nothing; the flow is lost when neither does.
  func giveUpProbing(_ direction: Direction) {
    probe.isOver[direction.index] = true
    if direction == .toServer { protoToServer = .failed } else { protoToClient = .failed }
    if probe.isOver[0], probe.isOver[1] { fail() }
  }
  func finishProbing(_ direction: Direction, at time: Timestamp) {
    guard proto == .unknown else { return }
    giveUpProbing(direction)
  }
  func fail() {
    proto = .failed
    parser = .none
    probe.held = [nil, nil]
  }

  /// A tunnel begins (CONNECT, upgrade): what follows may be anything; ids start again.
  func restartProbing() {
    originalProto = originalProto ?? proto
    proto = .unknown
    protoToServer = .unknown
    protoToClient = .unknown
    parser = .none
    tunnelID = nextID
    probe.held = [nil, nil]
    probe.isOver = [false, false]
  }
}
