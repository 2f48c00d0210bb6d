internal import Records
internal import Services

/// A robot in a group of DingTalk, WeCom or Feishu.
struct ChatChannel: DispatchChannel {
  let form: ChatForm
  let receiver: Configuration.Receiver
  let clock: WallClock

  func deliver(_ dispatch: Dispatch) async -> DeliveryOutcome {
    guard
      let request = try? form.request(dispatch, url: receiver.url, secret: receiver.secret, now: clock.now())
    else { return .refused("it cannot be written as JSON") }
    let reply = await Exchange.run(
      .post(
        url: request.url,
        headers: ["Content-Type: application/json; charset=utf-8", "User-Agent: Vigil/\(Hub.version)"],
        body: request.body), ca: receiver.ca, seconds: receiver.timeoutSeconds)
    return ChatAnswer.outcome(reply)
  }
}
