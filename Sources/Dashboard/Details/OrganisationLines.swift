import ControlAPI
import Records
import Wire

/// An organisation: who answers there, how its sites stand, what weighs most, what is open with it.
struct OrganisationLines {
  let organisation: Organisation
  let all: [Organisation]
  let posture: Part<PostureReport>
  let situation: Part<SituationReport>
  let sites: Part<Page<SiteItem>>
  let notices: Part<[Notice]>
  let contacts: Part<[NoticeContact]>
  let forms: DetailForms

  private var language: Language { forms.language }

  var lines: [DetailLine] {
    [forms.line(organisation.name.text(language), .title)] + facts + people + score + risks + cases + owed + siteLines
      + below
  }

  private var facts: [DetailLine] {
    var lines = [forms.fact("id", "编号", organisation.id)]
    if let parent = organisation.parent {
      let name = all.first { $0.id == parent }?.name.text(language) ?? parent
      lines.append(forms.fact("under", "上级", name, to: .organisation(parent)))
    }
    lines.append(forms.fact("kind", "类型", organisation.kind.label.text(language)))
    lines += forms.known("level", "层级", organisation.level?.label.text(language))
    return lines + forms.known("region", "地区", organisation.region)
  }

  /// Whom to call, and whether the addresses have proved themselves.
  private var people: [DetailLine] {
    let rows = organisation.contacts.map { contact in
      let ways = [contact.role, contact.phone, contact.email, contact.chat].compactMap(\.self).joined(separator: "  ")
      return DetailForms.Cells([Run(contact.name, .key), Run(ways)])
    }
    let states = forms.lines(contacts) { contacts in
      contacts.filter { $0.organisation == organisation.id }.map { contact in
        forms.line([
          Run(contact.state.title.text(language), contact.state == .confirmed ? .good : .warning),
          Run("  \(contact.address)  \(contact.reason)", .dim),
        ])
      }
    }
    return forms.section(
      "contacts", "联系人", forms.table(rows) + states, none: BilingualText(en: "nobody is known there", zh: "无联系人"))
  }

  // MARK: how it stands

  private var score: [DetailLine] {
    forms.section("posture", "态势评分", posture) { posture in
      let score = posture.mean.score.map { "\($0) / 100" } ?? Label.neverTested.text(language)
      let tested = forms.words(
        "\(posture.mean.tested) of \(posture.mean.sites) sites",
        "已检测 \(posture.mean.tested) / \(posture.mean.sites) 个站点")
      let lines = PostureLines(report: posture, forms: forms)
      return [forms.fact("score", "评分", [Run(score, .title), Run("  \(tested)", .dim)])] + lines.figures
        + lines.deductions
    }
  }

  private var risks: [DetailLine] {
    let none = BilingualText(en: "no weakness is known", zh: "未发现隐患")
    return forms.section("gravest weaknesses", "最严重隐患", situation, none: none) { situation in
      forms.table(
        situation.risks.map { risk in
          .init(
            [
              Run(risk.severity.letter, risk.severity.role), Run(Figures.plain(risk.score), .dim),
              Run(risk.site ?? risk.platform ?? "-", .key), Run(risk.title.text(language)),
            ], to: .row(risk.id))
        })
    }
  }

  private var cases: [DetailLine] {
    forms.section("open cases", "未结事件", situation, none: BilingualText(en: "none", zh: "无")) { situation in
      forms.table(
        situation.incidents.map { item in
          .init(
            [
              Run(item.incident.level?.rawValue ?? "-", item.incident.level?.role ?? .dim), Run(item.id, .key),
              Run(item.incident.state.title.text(language), .dim), Run(item.incident.title),
            ], to: .incident(item.id))
        })
    }
  }

  private var owed: [DetailLine] {
    forms.section("open notices", "未结通报", notices, none: BilingualText(en: "none", zh: "无")) { notices in
      forms.table(notices.map { NoticeLines.link($0, forms) })
    }
  }

  private var siteLines: [DetailLine] {
    forms.section("sites", "站点", sites, none: BilingualText(en: "none", zh: "无")) { page in
      let rows = page.items.map { item in
        let mark = SiteMark(item.cell)
        return DetailForms.Cells(
          [
            Run(mark.letter, mark.role), Run(item.cell.score.map { "\($0)" } ?? "-"),
            Run(item.site.criticality.title.text(language), .dim), Run(item.id, .key),
          ], to: .site(item.id))
      }
      let more = max((page.total ?? page.moreThan ?? 0) - rows.count, 0)
      return forms.table(rows) + (more > 0 ? [forms.line("+\(Figures.grouped(more))", .dim)] : [])
    }
  }

  private var below: [DetailLine] {
    let children = all.filter { $0.parent == organisation.id }
    return forms.section(
      "organisations below", "下级单位",
      children.map { forms.line($0.name.text(language), .key, to: .organisation($0.id)) })
  }
}
