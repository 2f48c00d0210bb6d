internal import Logging
internal import Records
internal import Services
internal import Store

/// The lanes that a configuration sets up.
struct DeliveryLanes {
  let configuration: Configuration
  let store: Store
  let clock: WallClock
  let board: LaneBoard
  let bounced: @Sendable (ContactAddress, String, String) async -> Void
  let logger: Logger
  let ending: EndFlag
  var rule: RetryRule

  init(
    configuration: Configuration, store: Store, clock: WallClock, board: LaneBoard,
    bounced: @escaping @Sendable (ContactAddress, String, String) async -> Void, logger: Logger, ending: EndFlag
  ) {
    self.configuration = configuration
    self.store = store
    self.clock = clock
    self.board = board
    self.bounced = bounced
    self.logger = logger
    self.ending = ending
    rule = RetryRule(attempts: configuration.delivery.attempts, ageSeconds: configuration.delivery.ageSeconds)
  }

  var runners: [LaneRunner] {
    let delivery = configuration.delivery
    var result: [LaneRunner] = []
    if let mail = delivery.mail {
      let channel = MailChannel(mail: mail, city: configuration.city)
      result.append(runner(ContactChannel.mail.rawValue, channel, rule, mail.perMinute))
    }
    for (name, receiver) in delivery.receivers.sorted(by: { $0.key < $1.key }) {
      guard let channel = channel(receiver) else { continue }
      result.append(runner("\(receiver.channel.rawValue):\(name)", channel, rule, receiver.perMinute))
    }
    if let webhook = configuration.webhook {
      var rule = rule
      rule.attempts = webhook.attempts
      result.append(runner(RowWebhookChannel.name, RowWebhookChannel(webhook: webhook), rule, nil))
    }
    return result
  }

  private func channel(_ receiver: Configuration.Receiver) -> (any DeliveryChannel)? {
    switch receiver.channel {
    case .mail: nil
    case .webhook: WebhookChannel(receiver: receiver, city: configuration.city, clock: clock)
    case .dingtalk, .wecom, .feishu:
      ChatForm(receiver.channel).map { ChatChannel(form: $0, receiver: receiver, clock: clock) }
    case .syslog: SyslogChannel(receiver: receiver)
    case .file: FileChannel(receiver: receiver)
    }
  }

  private func runner(
    _ name: String, _ channel: any DeliveryChannel, _ rule: RetryRule, _ perMinute: Int?
  ) -> LaneRunner {
    LaneRunner(
      name: name, channel: channel, rule: rule, perMinute: perMinute, store: store, clock: clock, board: board,
      bounced: bounced, logger: logger, ending: ending)
  }
}
