internal import Records
internal import Services

/// Mail, by one server that carries it on.
struct MailChannel: DispatchChannel {
  let mail: Configuration.Mail
  let city: String

  func deliver(_ dispatch: Dispatch) async -> DeliveryOutcome {
    guard let from = Mailbox(mail.from) else { return .refused("\(mail.from) is no mailbox") }
    guard let to = Mailbox(dispatch.address.to) else { return .bounced("the address is no mailbox") }
    let message = MailMessage(from: from, to: to, sender: city)
    let scheme = mail.protection == .implicit ? "smtps" : "smtp"
    let host = mail.host.contains(":") ? "[\(mail.host)]" : mail.host
    let transfer = MailTransfer(
      url: "\(scheme)://\(host):\(mail.port)/\(from.domain)", needsTLS: mail.protection != .none, user: mail.user,
      password: mail.password, from: from.text, to: to.text, message: message.bytes(dispatch))
    return MailVerdict.outcome(await Exchange.run(.mail(transfer), ca: mail.ca, seconds: mail.timeoutSeconds))
  }
}
