internal import ControlAPI
internal import Records
internal import Services

/// The receiver of `webhook`: new rows of the queue, signed over the body.
struct RowWebhookChannel: DeliveryChannel {
  let webhook: Configuration.Webhook
  /// The lane's name: the channel of its entries.
  static let name = "webhook"

  func deliver(_ entry: OutboxEntry) async -> DeliveryOutcome {
    let body = Array(entry.body.utf8)
    let id = (try? RecordJSON.decode(WebhookMessage.self, from: body).id) ?? "entry-\(entry.id)"
    let reply = await Exchange.run(
      .post(
        url: webhook.url,
        headers: [
          "Content-Type: application/json", "User-Agent: Vigil/\(Hub.version)", "X-Vigil-Id: \(id)",
          "\(WebhookSignature.header): \(WebhookSignature.value(body, secret: webhook.secret))",
        ], body: body), ca: nil, seconds: webhook.timeoutSeconds)
    return HTTPVerdict.outcome(reply)
  }
}
