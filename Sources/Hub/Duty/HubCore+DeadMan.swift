internal import ControlAPI
internal import Records
internal import Wire

/// A sign of life to somebody outside, who notices when none comes: Vigil cannot tell of its own death.
extension HubCore {
  private struct Sign: Encodable {
    var city: String
    var time: Timestamp
    var state: String
  }

  func signalLife(_ now: Timestamp) throws {
    guard let url = configuration.duty.heartbeat, !isSignalling,
      abs(Double(now.nanoseconds(since: duty.lastSignal)) / 1e9) >= configuration.duty.heartbeatSeconds
    else { return }
    duty.lastSignal = now
    isSignalling = true
    let body = try RecordJSON.encode(Sign(city: configuration.city, time: now, state: health(within: .all).state))
    let patience = min(configuration.duty.heartbeatSeconds, 10)
    Task {
      let headers = ["Content-Type: application/json", "User-Agent: Vigil/\(Hub.version)"]
      signalled(await Exchange.run(.post(url: url, headers: headers, body: body), ca: nil, seconds: patience))
    }
  }

  private func signalled(_ reply: Exchange.Reply) {
    isSignalling = false
    if let failure = reply.failure {
      ailments[.heartbeat] = "the sign of life did not leave: \(failure)"
    } else {
      ailments[.heartbeat] =
        (200...299).contains(reply.status) ? nil : "the receiver of the sign of life said \(reply.status)"
    }
  }
}
