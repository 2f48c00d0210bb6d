/// Hub: the process that owns the store, the queue, the schedule and the API.
///
///     vigil.yaml -> Configuration -> HubProcess.run
///     ingest socket: SeamMessage.batch -> HubCore.store -> Store (then `stored`, never before)
///     API socket: request -> Routes -> HubCore, Store -> answer; live changes by ChangeFeed
///     HubCore.tick(now): leases that ran out, shelves that ran out, silent sensors, retention; outbox -> Webhook
///
/// It never parses a packet or a site's answer: what the wings send is JSON that they made and masked. It decides
/// nothing about rows or times itself: Services and Scheduling do, as pure state machines under its clock.
///
/// Called by `vigil hub`, and by the tests, which run it whole on sockets of their own.
package enum Hub {
  /// Shown by `vigil --version` and the API.
  package static let version = "0.1.0"
}
