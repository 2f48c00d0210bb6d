internal import ContentBundle
internal import ControlAPI
internal import Records
internal import Seam
internal import Store
internal import Wire

/// Content that was imported while the hub runs: the hub's own is read again, roles are told, every switch is audited.
extension HubCore {
  /// A role that does not follow is told again after so long.
  static let contentReminderSeconds = 30.0
  static let contentSubject = "content"

  /// Looks whether the state has changed. What cannot be read leaves everything as it was, and is said.
  func followContent(_ now: Timestamp) {
    guard let content, case let stamp = content.folder.stamp, stamp != contentStamp else { return }
    do {
      let state = try content.folder.state()
      try auditContent(state)
      (contentStamp, contentState) = (stamp, state)
      if let posture = content.posture(in: state), posture != treeFolder {
        board = try HubCore.restoredBoard(store, IndicatorReader.read(folder: posture), now)
        (treeFolder, postureDay, lastPostureDay) = (posture, nil, nil)
      }
      ailments[.content] = nil
    } catch {
      ailments[.content] = "new content is not in force: \(error)"
    }
  }

  /// Each switch once: its number begins the entry's text, and the newest entry says how far the audit is.
  private func auditContent(_ state: ContentState) throws {
    let last = try store.audit(subject: HubCore.contentSubject, limit: 1).first?.after ?? ""
    let audited = Int(last.dropFirst().prefix { $0.isNumber }) ?? 0
    for entry in state.switches where entry.serial > audited {
      try store.append(
        AuditEntry(
          time: entry.time, actor: Actor(name: entry.by, origin: "vigil content"), act: "content \(entry.act.rawValue)",
          subject: HubCore.contentSubject, before: entry.before, after: "#\(entry.serial) \(entry.after)"))
    }
  }

  // MARK: roles

  /// A heartbeat said what its role works with.
  func heardContent(_ mark: String?, of peer: SeamPeer, _ reader: ContentKind.Reader, _ now: Timestamp) async {
    let source = peer.hello.source
    guard content != nil, let mark, mark != contentState.mark(of: reader) else {
      contentBehind[source] = nil
      return
    }
    if let told = contentBehind[source]?.told, Double(now.nanoseconds(since: told)) / 1e9 < Self.contentReminderSeconds
    {
      return
    }
    contentBehind[source] = ContentFollower(told: now, answer: contentBehind[source]?.answer)
    await peer.tell(
      .command(
        SeamMessage.Command(
          id: UInt64(contentState.serial), name: .takeContent,
          deadline: now.advanced(seconds: Self.contentReminderSeconds))))
  }

  /// Of all commands only this one's answer is kept.
  func heard(_ reply: SeamMessage.CommandReply, of peer: SeamPeer) {
    contentBehind[peer.hello.source]?.answer = reply.text
  }

  // MARK: telling

  func contentReport() -> ContentReport {
    let now = clock.now()
    return ContentReport(
      time: now, serial: contentState.serial, staleDays: configuration.content.staleDays, kinds: contentItems(now),
      behind: contentBehind.sorted { $0.key < $1.key }.map { ContentRole(source: $0.key, answer: $0.value.answer) })
  }

  func contentItems(_ now: Timestamp) -> [ContentItem] {
    content?.items(contentState, configuration, now: now) ?? []
  }

  /// In sentences: what is old, and who has not followed.
  func contentWarnings(_ now: Timestamp) -> [BilingualText] {
    let old = contentItems(now).compactMap(\.staleness)
    let days = configuration.content.staleDays
    let told = BilingualText(
      en: "content is older than \(days) days: \(old.joined(separator: ", ")); import a newer bundle",
      zh: "内容超过 \(days) 天未更新：\(old.joined(separator: "，"))；请导入新内容包")
    return (old.isEmpty ? [] : [told])
      + contentBehind.sorted { $0.key < $1.key }.compactMap { source, follower in
        follower.answer.map {
          BilingualText(en: "\(source) works with the content before: \($0)", zh: "\(source) 仍用旧内容：\($0)")
        }
      }
  }
}

/// A role that was told of other content.
struct ContentFollower {
  var told: Timestamp
  var answer: String?
}
