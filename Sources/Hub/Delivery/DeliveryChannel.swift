internal import Records
internal import Services

/// A way to one receiver. It tries once, within its deadline, and says what came of it.
protocol DeliveryChannel: Sendable {
  func deliver(_ entry: OutboxEntry) async -> DeliveryOutcome
}

/// A way for dispatches: whatever must not leave is refused before it is asked.
protocol DispatchChannel: DeliveryChannel {
  func deliver(_ dispatch: Dispatch) async -> DeliveryOutcome
}

extension DispatchChannel {
  func deliver(_ entry: OutboxEntry) async -> DeliveryOutcome {
    guard let dispatch = entry.dispatch else { return .refused("the body is no dispatch") }
    if let reason = DispatchCheck.refusal(dispatch) { return .refused("withheld: \(reason)") }
    return await deliver(dispatch)
  }
}
