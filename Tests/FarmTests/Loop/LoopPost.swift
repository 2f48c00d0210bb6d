import Foundation
import Logging
import Records
import Services
import Store
import TestSupport
import Testing
import Wire

@testable import Hub

/// All that leaves the hub, carried by its own lanes: to a mail server, to a chat's robot, into a file.
struct LoopPost {
  private let mail: Receiver
  private let robot: Receiver
  private let file: String
  private static let patience = 60.0

  init(in folder: String) throws {
    mail = try Receiver("mail", in: folder)
    robot = try Receiver("hooks", in: folder)
    file = folder + "/watch.jsonl"
  }

  func stop() {
    mail.stop()
    robot.stop()
  }

  func configure(_ delivery: inout Configuration.Delivery) throws {
    let port = try #require(UInt16(exactly: mail.port))
    var server = Configuration.Mail(host: "127.0.0.1", port: port, protection: .none, from: "vigil@city.example")
    server.timeoutSeconds = LoopPost.patience
    var chat = Configuration.Receiver(.wecom, url: "http://127.0.0.1:\(robot.port)/robot")
    chat.timeoutSeconds = LoopPost.patience
    (delivery.mail, delivery.receivers) = (server, ["lead": chat, "watch": Configuration.Receiver(.file, url: file)])
  }

  /// Carries what is due, lane by lane; the receivers take everything at the first try.
  func carry(of store: Store, _ configuration: Configuration, _ clock: FastClock) async throws {
    let lanes = DeliveryLanes(
      configuration: configuration, store: store, clock: clock.wall, board: LaneBoard(),
      bounced: { address, _, _ in Issue.record("\(address.to) bounced") }, logger: Logger(label: "loop"),
      ending: EndFlag())
    for lane in lanes.runners {
      while let entry = try store.dueOutbox(lane: lane.name, now: clock.now, limit: 1).first {
        let outcome = await lane.channel.deliver(entry)
        try #require(outcome == .accepted, "\(lane.name): \(outcome.reason ?? "")")
        try store.settle(lane.rule.settled(entry, outcome, now: clock.now, random: 0))
      }
    }
    try #require(try store.outboxCounts().filter { $0.key != .delivered } == [:])
  }

  struct Mail {
    var id: String
    var to: [String]
    /// Of the page behind it.
    var link: String?
  }

  var mails: [Mail] {
    mail.seen.map { seen in
      Mail(
        id: seen.id, to: seen.recipients ?? [],
        link: (seen.text ?? "").firstMatch(of: /https:\/\/[^\s]+\/n\/[0-9a-f]+/).map { String($0.0) })
    }
  }

  /// All that came out on the other side, as it was on the wire and as a person reads it.
  var texts: [String] {
    let letters = mail.seen.map { seen in
      let head = seen.headers.map { $0.joined(separator: ": ") }
      let raw = String(decoding: seen.raw ?? Data(), as: UTF8.self)
      return ([seen.subject, seen.text, raw].compactMap(\.self) + head).joined(separator: "\n")
    }
    let chats = robot.seen.map { seen in
      ([seen.body, seen.path].compactMap(\.self) + seen.headers.map { $0.joined(separator: ": ") })
        .joined(separator: "\n")
    }
    let lines = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    return letters + chats + lines.split(separator: "\n").map(String.init)
  }

  var chats: Int { robot.seen.count }
  var lines: Int { ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").split(separator: "\n").count }
}

extension FastClock {
  var wall: WallClock { WallClock { self.now } }
}
