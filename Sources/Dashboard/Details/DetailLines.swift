import ControlAPI
import Records
import Wire

/// The lines of whatever is open, of what the hub has said so far.
enum DetailLines {
  static func all(_ model: Model, columns: Int, _ look: Look) -> [DetailLine] {
    let forms = DetailForms(now: model.now, look: look, columns: columns)
    return lines(model, forms) ?? missing(model, forms)
  }

  private static func lines(_ model: Model, _ forms: DetailForms) -> [DetailLine]? {
    switch model.place {
    case .screen: []
    case .help: HelpLines(model: model, forms: forms).lines
    case .row: row(model, forms)
    case .alert(row: _, let name): alert(name, model, forms)
    case .site(let id): site(id, model, forms)
    case .organisation(let id): organisation(id, model, forms)
    case .incident(let id):
      model.answer(.incident(id), IncidentDetail.self).map { IncidentLines(detail: $0, forms: forms).lines }
    case .notice(let id):
      model.answer(.notice(id), NoticeDetail.self).map { NoticeLines(detail: $0, forms: forms).lines }
    case .shift(let id): shift(id, model, forms)
    }
  }

  /// Nothing came yet, or never will: why.
  private static func missing(_ model: Model, _ forms: DetailForms) -> [DetailLine] {
    let answer = model.question(of: model.place).flatMap { model.answers[$0] }
    if let problem = answer?.problem { return [forms.line("! \(problem.text(forms.language))", .error)] }
    return [forms.line(Label.waiting.text(forms.language), .dim)]
  }

  private static func row(_ model: Model, _ forms: DetailForms) -> [DetailLine]? {
    guard let detail = model.row else { return nil }
    return RowLines(
      detail: detail, indicators: model.answer(.indicators, Page<Indicator>.self)?.items,
      site: detail.item.row.site.map { model.part(.site($0)) } ?? Part(),
      similar: model.part(.similar(to: detail.item.row), Page<QueueItem>.self).map(\.items),
      offers: model.part(.offers(for: detail.item.id), Page<IncidentOffer>.self).map(\.items), forms: forms
    ).lines
  }

  private static func alert(_ name: AlertName, _ model: Model, _ forms: DetailForms) -> [DetailLine]? {
    guard let detail = model.row else { return nil }
    guard let alert = detail.alerts.first(where: { AlertName($0) == name }) else {
      return [
        forms.line(
          forms.words(
            "this alert is not among the newest of its row any more: vigil alerts show \(detail.item.id) has them",
            "该告警已不在最近记录中：vigil alerts show \(detail.item.id)"), .warning)
      ]
    }
    return AlertLines(alert: alert, forms: forms).whole
  }

  private static func site(_ id: String, _ model: Model, _ forms: DetailForms) -> [DetailLine]? {
    guard let detail = model.answer(.site(id), SiteDetail.self) else { return nil }
    return SiteLines(
      detail: detail, posture: model.part(.posture("site/\(id)")),
      trail: model.part(.trail(id), Page<TrailLine>.self).map(\.items), scans: model.overview?.scans, forms: forms
    ).lines
  }

  private static func organisation(_ id: String, _ model: Model, _ forms: DetailForms) -> [DetailLine]? {
    guard let all = model.answer(.organisations, Page<Organisation>.self)?.items else { return nil }
    guard let organisation = all.first(where: { $0.id == id }) else {
      return [forms.line(forms.words("no organisation is called \(id)", "没有单位 \(id)"), .warning)]
    }
    return OrganisationLines(
      organisation: organisation, all: all, posture: model.part(.posture("organisation/\(id)")),
      situation: model.part(.situation(of: id)), sites: model.part(.sites(of: id)),
      notices: model.part(.notices(to: id), Page<Notice>.self).map(\.items),
      contacts: model.part(.contacts, Page<NoticeContact>.self).map(\.items), forms: forms
    ).lines
  }

  private static func shift(_ id: Int64, _ model: Model, _ forms: DetailForms) -> [DetailLine]? {
    guard let page = model.answer(.shifts, Page<ShiftItem>.self) else { return nil }
    guard let item = page.items.first(where: { $0.id == id }) else {
      return [forms.line(forms.words("shift \(id) is older than those that are listed", "第 \(id) 班已不在列表中"), .warning)]
    }
    return ShiftLines(item: item, forms: forms).lines
  }
}
