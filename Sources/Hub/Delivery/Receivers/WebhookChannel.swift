internal import ControlAPI
internal import Records
internal import Services
internal import Wire

/// Somebody's own HTTP server: the dispatch as JSON, signed, with the time of the try in the signature, so that what was
/// recorded cannot be sent again later.
struct WebhookChannel: DispatchChannel {
  let receiver: Configuration.Receiver
  let city: String
  let clock: WallClock
  static let timeHeader = "X-Vigil-Timestamp"

  /// What a receiver reads. Times are RFC 3339.
  struct Message: Codable, Sendable, Equatable {
    var id: String
    var kind: Dispatch.Kind
    var city: String
    var language: String
    var subject: String
    var text: String
    var link: String?
    var severity: Severity?
    var deadline: Timestamp?
    var created: Timestamp
  }

  func deliver(_ dispatch: Dispatch) async -> DeliveryOutcome {
    let message = Message(
      id: dispatch.id, kind: dispatch.kind, city: city, language: dispatch.language, subject: dispatch.subject,
      text: dispatch.text, link: dispatch.link, severity: dispatch.severity, deadline: dispatch.deadline,
      created: dispatch.created)
    guard let body = try? RecordJSON.encode(message) else { return .refused("it cannot be written as JSON") }
    let time = String(clock.now().seconds)
    let reply = await Exchange.run(
      .post(
        url: receiver.url,
        headers: [
          "Content-Type: application/json", "User-Agent: Vigil/\(Hub.version)", "X-Vigil-Id: \(dispatch.id)",
          "\(WebhookChannel.timeHeader): \(time)",
          "\(WebhookSignature.header): \(WebhookChannel.signature(body, time: time, secret: receiver.secret ?? ""))",
        ], body: body), ca: receiver.ca, seconds: receiver.timeoutSeconds)
    return HTTPVerdict.outcome(reply)
  }

  /// `v1=` and the HMAC of time, a full stop and body.
  static func signature(_ body: [UInt8], time: String, secret: String) -> String {
    let signed = Array(time.utf8) + [UInt8(ascii: ".")] + body
    let code = unsafe signed.withUnsafeBytes { unsafe SHA256.authenticate($0, key: Array(secret.utf8)) }
    return "v1=" + SHA256.hex(code)
  }
}

/// What a status means for the message.
enum HTTPVerdict {
  static func outcome(_ reply: Exchange.Reply) -> DeliveryOutcome {
    if let failure = reply.failure { return .unavailable(failure, after: nil) }
    let words = "the receiver said \(reply.status)"
    switch reply.status {
    case 200...299: return .accepted
    // Too many, too early, or the one behind it is not there.
    case 408, 425, 429, 502, 503, 504: return .unavailable(words, after: reply.retryAfter)
    // The same body will not be taken later either.
    case 400, 413, 414, 415, 422, 431: return .refused(words)
    default: return .failed(words, after: reply.retryAfter)
    }
  }
}
