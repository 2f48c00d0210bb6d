package import Records
package import Wire

/// What a page says: number, severity, site and time, never the weakness, a URL or evidence.
package enum PageText {
  package static func dispatch(_ page: DutyPage, to person: Person, city: String, zone: CivilZone?) -> Dispatch? {
    guard let address = address(of: person, round: page.round) else { return nil }
    let isChinese = person.language == "zh"
    return Dispatch(
      id: page.id, kind: page.reason == .digest ? .digest : .page, address: address,
      language: isChinese ? "zh" : "en",
      subject: (page.isDrill ? (isChinese ? Drill.mark.zh : Drill.mark.en + " ") : "")
        + (isChinese ? subjectZh(page, city) : subjectEn(page, city)),
      text: isChinese ? textZh(page, zone) : textEn(page, zone), severity: page.severity, deadline: page.deadline,
      isDrill: page.isDrill, created: page.time)
  }

  /// The first; in later rounds the next, where there is one.
  private static func address(of person: Person, round: Int) -> ContactAddress? {
    guard !person.addresses.isEmpty else { return nil }
    return person.addresses[min(max(round - 1, 0), person.addresses.count - 1)]
  }

  private static func subjectEn(_ page: DutyPage, _ city: String) -> String {
    switch page.reason {
    case .waiting: "\(city): \(page.severity.title.en) row \(page.row) waits for you"
    case .holderAsked: "\(city): row \(page.row), do you still work on it?"
    case .leadAsked: "\(city): row \(page.row), its holder is silent"
    case .digest: "\(city): \(page.count) rows wait for you"
    }
  }

  private static func subjectZh(_ page: DutyPage, _ city: String) -> String {
    switch page.reason {
    case .waiting: "\(city)：\(page.severity.title.zh)事件 \(page.row) 待您确认"
    case .holderAsked: "\(city)：事件 \(page.row) 是否仍在处理？"
    case .leadAsked: "\(city)：事件 \(page.row) 的处理人无回应"
    case .digest: "\(city)：\(page.count) 条事件待处理"
    }
  }

  private static func textEn(_ page: DutyPage, _ zone: CivilZone?) -> String {
    if page.reason == .digest {
      return """
        \(page.count) rows were more than an hour's pages: this is one digest instead.
        Worst: \(page.severity.title.en). Rows: \(numbers(page)).
        So many pages are a fault of tuning: tell the lead.

        """
    }
    return """
      row: \(page.row)
      severity: \(page.severity.title.en)
      site: \(page.site ?? "none of the inventory")
      step \(page.step) of the chain, round \(page.round)
      \(page.reason == .waiting ? "acknowledge by" : "acknowledgement held until"): \(time(page.deadline, zone))
      vigil alerts show \(page.row); vigil alerts ack \(page.row)

      """
  }

  private static func textZh(_ page: DutyPage, _ zone: CivilZone?) -> String {
    if page.reason == .digest {
      return """
        共 \(page.count) 条事件超出每小时呼叫上限，合并为一条摘要。
        最高等级：\(page.severity.title.zh)。编号：\(numbers(page))。
        呼叫过多说明规则需要调优，请告知带班领导。

        """
    }
    return """
      编号：\(page.row)
      等级：\(page.severity.title.zh)
      站点：\(page.site ?? "不在资产库中")
      呼叫链第 \(page.step) 级，第 \(page.round) 轮
      \(page.reason == .waiting ? "确认时限" : "确认有效期至")：\(time(page.deadline, zone))
      vigil alerts show \(page.row)；vigil alerts ack \(page.row)

      """
  }

  private static func numbers(_ page: DutyPage) -> String {
    let named = page.rows.prefix(20).map(String.init).joined(separator: ", ")
    return page.count > 20 ? "\(named), ..." : named
  }

  private static func time(_ time: Timestamp?, _ zone: CivilZone?) -> String {
    time.map { DutyTime.text($0, zone) } ?? "-"
  }
}

/// Times as people on duty read them: the wall's clock, with its zone.
package enum DutyTime {
  package static func text(_ time: Timestamp, _ zone: CivilZone?) -> String {
    guard let zone else { return "\(time.secondText)Z".replacing("T", with: " ") }
    let whole = Timestamp(seconds: zone.local(time).seconds).secondText
    return whole.prefix(16).replacing("T", with: " ") + " (\(zone.name))"
  }
  /// `02:10`.
  package static func clock(_ time: Timestamp, _ zone: CivilZone?) -> String {
    let seconds = zone.map { $0.local(time).seconds } ?? time.seconds
    return String(Timestamp(seconds: seconds).secondText.dropFirst(11).prefix(5))
  }
}
