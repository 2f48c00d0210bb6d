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
    let body = try RecordJSON.encode(Sign(city: configuration.city, time: now, state: health.state))
    let patience = Int(min(configuration.duty.heartbeatSeconds, 10) * 1000)
    Task {
      let result = await Post.send(
        body, to: url, headers: ["Content-Type: application/json", "User-Agent: Vigil/\(Hub.version)"],
        timeoutMilliseconds: patience)
      signalled(result)
    }
  }

  private func signalled(_ result: Result<Int, PostFailure>) {
    isSignalling = false
    switch result {
    case .success(200...299): ailments["heartbeat"] = nil
    case .success(let status): ailments["heartbeat"] = "the receiver of the sign of life said \(status)"
    case .failure(let failure): ailments["heartbeat"] = "the sign of life did not leave: \(failure.reason)"
    }
  }
}
