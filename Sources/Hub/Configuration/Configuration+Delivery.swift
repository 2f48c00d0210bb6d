package import Records
package import Wire

extension Configuration {
  /// By which ways messages leave, and the page behind their links.
  package struct Delivery: Sendable, Equatable {
    package var attempts = 12
    package var ageSeconds = 3 * 86_400.0
    package var mail: Mail?
    /// By name, as contacts and people have it in their addresses.
    package var receivers: [String: Receiver] = [:]
    package var page: OwnerPage?

    package init() {}
  }

  package struct Mail: Sendable, Equatable {
    package enum Protection: String, Sendable, CaseIterable {
      /// TLS from the first byte.
      case implicit
      /// STARTTLS, without which nothing is said.
      case required
      /// To this machine, or where the operator says so.
      case none
    }
    package var host: String
    package var port: UInt16
    package var protection: Protection
    package var user: String?
    package var password: String?
    /// The mailbox that mails come from, and that a mail server's complaints go to.
    package var from: String
    package var ca: String?
    package var timeoutSeconds = 30.0
    package var perMinute: Int?

    package init(host: String, port: UInt16, protection: Protection, from: String) {
      self.host = host
      self.port = port
      self.protection = protection
      self.from = from
    }
  }

  package struct Receiver: Sendable, Equatable {
    package var channel: ContactChannel
    /// Of a chat it holds the robot's key, and is told to nobody. Of a file its path.
    package var url: String
    package var secret: String?
    package var ca: String?
    package var timeoutSeconds = 10.0
    package var perMinute: Int?
    /// Of a file: a new one when it is so large.
    package var rotateBytes = 64 << 20

    package init(_ channel: ContactChannel, url: String, secret: String? = nil) {
      self.channel = channel
      self.url = url
      self.secret = secret
      perMinute = Receiver.usualLimit(channel)
    }

    /// What the robots of these chats take, by their makers' word; others are not limited.
    static func usualLimit(_ channel: ContactChannel) -> Int? {
      switch channel {
      case .dingtalk, .wecom: 20
      case .feishu: 100
      case .mail, .webhook, .syslog, .file: nil
      }
    }
  }

  /// The listener of the page that owners of sites see.
  package struct OwnerPage: Sendable, Equatable {
    package var host: String
    package var port: UInt16
    /// The base of links, as owners reach it.
    package var url: String
    /// Files in PEM; nil: plain HTTP, on this machine, behind a proxy.
    package var certificate: String?
    package var key: String?
    /// Whose X-Forwarded-For is believed.
    package var proxies: [IPPrefix] = []

    package init(host: String, port: UInt16, url: String) {
      self.host = host
      self.port = port
      self.url = url
    }
  }
}
