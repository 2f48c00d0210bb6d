internal import ControlAPI
internal import Logging
internal import Records
internal import ServiceLifecycle
internal import Store
internal import Wire

/// Empties the outbox: what is due is sent, and is delivered only when the receiver said 2xx. A receiver gets each
/// message at least once, always with the same id.
struct WebhookService: Service {
  let webhook: Configuration.Webhook
  let store: Store
  let clock: WallClock
  let logger: Logger
  static let pause = Duration.milliseconds(200)

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await sendDue()
        try? await Task.sleep(for: WebhookService.pause)
      }
    }
  }

  private func sendDue() async {
    guard let due = try? store.dueOutbox(now: clock.now()) else { return }
    for entry in due where entry.channel == "webhook" {
      if Task.isCancelled { return }
      await send(entry)
    }
  }

  private func send(_ entry: OutboxEntry) async {
    let body = Array(entry.body.utf8)
    let id = (try? RecordJSON.decode(WebhookMessage.self, from: body).id) ?? "entry-\(entry.id)"
    let result = await Post.send(
      body, to: webhook.url,
      headers: [
        "Content-Type: application/json", "User-Agent: Vigil/\(Hub.version)", "X-Vigil-Id: \(id)",
        "\(WebhookSignature.header): \(WebhookSignature.value(body, secret: webhook.secret))",
      ], timeoutMilliseconds: Int(webhook.timeoutSeconds * 1000))
    // A try that the hub's own end cut off is no try.
    if Task.isCancelled, case .failure = result { return }
    do {
      try store.update(WebhookService.after(entry, result, webhook.attempts, clock.now()))
    } catch {
      logger.error("the outbox could not be written", metadata: ["error": "\(error)"])
    }
  }

  /// Delivered, due again, or dead after the last try.
  static func after(
    _ entry: OutboxEntry, _ result: Result<Int, PostFailure>, _ attempts: Int, _ now: Timestamp
  ) -> OutboxEntry {
    var entry = entry
    entry.attempts += 1
    switch result {
    case .success(200...299):
      entry.state = .delivered
      entry.lastError = nil
      return entry
    case .success(let status): entry.lastError = "the receiver said \(status)"
    case .failure(let failure): entry.lastError = failure.reason
    }
    if entry.attempts >= attempts { entry.state = .dead }
    entry.due = now.advanced(seconds: WebhookBackOff.seconds(attempt: entry.attempts))
    return entry
  }
}
