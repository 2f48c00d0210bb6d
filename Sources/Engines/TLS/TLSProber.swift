internal import Wire

/// One target's TLS port: asks a hello, reads what comes, tries a transient failure once more, slowly.
struct TLSProber {
  let context: ScanContext
  let endpoint: Endpoint
  let serverName: String?

  enum Reply {
    case flight(ServerFlight)
    case failure(ConnectionFailure)
  }

  func ask(
    _ version: TLSVersion, _ suites: [TLSCipherSuite]? = nil, wholeFlight: Bool = false
  ) -> Reply {
    let first = askOnce(version, suites, wholeFlight)
    guard case .failure(let failure) = first, failure.isTransient, context.pause(milliseconds: 700) else {
      return first
    }
    return askOnce(version, suites, wholeFlight)
  }

  private func askOnce(_ version: TLSVersion, _ suites: [TLSCipherSuite]?, _ wholeFlight: Bool) -> Reply {
    let offer = TLSOffer(version: version, suites: suites ?? TLSOffer.suites(in: version), serverName: serverName)
    do throws(ConnectionFailure) {
      let connection = try Connection(to: endpoint, context)
      try connection.send(offer.record)
      return .flight(try read(from: connection, wholeFlight))
    } catch {
      context.countCause(error)
      return .failure(error)
    }
  }

  private func read(from connection: Connection, _ wholeFlight: Bool) throws(ConnectionFailure) -> ServerFlight {
    var flight = ServerFlight()
    while !flight.isOver {
      if flight.hello != nil, !wholeFlight { break }
      do throws(ConnectionFailure) {
        let bytes = try connection.receive()
        if bytes.isEmpty {
          guard flight.hello != nil || flight.oddity != nil else { throw .closed }
          break
        }
        flight.receive(bytes)
      } catch {
        // A hello that was read stays read, whatever became of the rest.
        guard flight.hello != nil else { throw error }
        break
      }
    }
    return flight
  }
}

extension TLSAlert {
  static func sentence(_ code: UInt8) -> String { "alert " + (names[code] ?? String(code)) }

  /// Alerts that answer "not this version, not these suites", and not "not now" or "not this name".
  static func isRefusal(_ code: UInt8) -> Bool { ![0, 80, 90, 112].contains(code) }
}
