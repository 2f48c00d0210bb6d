internal import Wire

/// Suites and groups of TLS 1.3. A hello without a key share can only be answered by a HelloRetryRequest, which names
/// a suite and a group for about a hundred bytes and no signature on the server's side: each such answer crosses off
/// both.
extension TLSEnumeration {
  mutating func findModern() {
    guard retry?.isRetryRequest == true, end == nil else {
      if groupGap == nil { groupGap = "the server sent no HelloRetryRequest" }
      incomplete[.tls13] = groupGap
      return
    }
    crossBoth()
    findRemainingSuites()
    findRemainingGroups()
  }

  private var openSuites: [TLSCipherSuite] {
    TLSOffer.suites(in: .tls13).filter { suites[.tls13]?.contains($0) == false }
  }
  private var openGroups: [UInt16] { TLSOffer.groups13.filter { !groups.contains($0) } }

  /// As long as one of the three suites that servers have is open: a refusal then says too little, and costs one hello.
  private mutating func crossBoth() {
    while openSuites.contains(where: { (0x1301...0x1303).contains($0.rawValue) }) {
      let before = groups.count
      guard case .hello(let hello, let flight) = pick(offer(.tls13, suites: openSuites, groups: openGroups), .hello)
      else {
        return
      }
      keep(flight, hello, .tls13)
      suites[.tls13, default: []].append(hello.suite)
      if groups.count == before { return }
    }
  }

  private mutating func findRemainingSuites() {
    while !openSuites.isEmpty {
      switch pick(offer(.tls13, suites: openSuites), .hello) {
      case .hello(let hello, let flight):
        keep(flight, hello, .tls13)
        suites[.tls13, default: []].append(hello.suite)
        continue
      case .refused(let byClosing): if byClosing { listsEndedByClosing.insert(.tls13) }
      case .failed(let reason): incomplete[.tls13] = reason
      }
      return
    }
  }

  private mutating func findRemainingGroups() {
    while !openGroups.isEmpty {
      let before = groups.count
      switch pick(offer(.tls13, suites: suites[.tls13], groups: openGroups), .hello) {
      case .hello(let hello, let flight):
        keep(flight, hello, .tls13)
        if groups.count > before { continue }
        groupGap = "the server picked a group that was not offered"
      case .refused: break
      case .failed(let reason): groupGap = reason
      }
      return
    }
  }
}
