import ControlAPI
import Records
import Wire

/// A weakness: where it is, how it stands, what each engine says, and the evidence.
struct FindingLines {
  let finding: Finding
  let forms: DetailForms

  /// All engines of a site's finding; of a hosting's, those at the first of its sites.
  private static let answersShown = 20

  var lines: [DetailLine] {
    forms.section("the finding", "隐患", facts) + engines + evidence
  }

  private var facts: [DetailLine] {
    let place = finding.target.url + (finding.path.map { " \($0)" } ?? "")
    var lines = [
      forms.fact("target", "目标", place),
      forms.fact("life", "处置", finding.state.title.text(forms.language)),
      forms.fact("confidence", "置信度", "\(finding.confidence) %"),
    ]
    lines += forms.known("parameter", "参数", finding.parameter)
    if finding.reopened > 0 {
      let text = forms.words("\(finding.reopened) x after it was gone", "消除后再现 \(finding.reopened) 次")
      lines.append(forms.fact("came back", "重新出现", text, .warning))
    }
    if let settled = finding.settlement {
      let until = finding.until.map { forms.words(" until \($0.text.prefix(10))", "，至 \($0.text.prefix(10))") } ?? ""
      lines.append(forms.fact("settled", "处置人", "\(settled.by) \(forms.moment(settled.at)): \(settled.reason)\(until)"))
    }
    lines += forms.known("said fixed", "称已整改", finding.claimedAt.map(forms.moment))
    lines += forms.known("gone since", "复核消除", finding.verifiedAt.map(forms.moment))
    if finding.row.platform != nil { lines += showing }
    return lines
  }

  private var showing: [DetailLine] {
    let count = forms.words("\(finding.showing) sites", "\(finding.showing) 个站点")
    let sites = FindingItem.sites(of: finding).map { [Run($0)] }
    let rest = finding.showing - sites.count
    let more = rest > 0 ? [[Run(forms.words("and \(rest) more", "另有 \(rest) 个"), .dim)]] : []
    return [forms.fact("shows at", "涉及站点", count)] + forms.facts("", "", sites + more)
  }

  /// Each engine on a line of its own, so that they stand side by side.
  private var engines: [DetailLine] {
    let rows = finding.answers.prefix(Self.answersShown).map { answer in
      let (word, why) = FindingLines.word(answer.answer)
      let place = finding.row.platform == nil ? nil : answer.place
      let seen =
        answer.evidence == finding.evidence ? nil : answer.evidence.split(separator: "\n").first.map(String.init)
      return DetailForms.Cells([
        Run(answer.engine, .key), Run(word.text(forms.language), FindingLines.role(answer.answer)),
        Run("\(answer.confidence) %"),
        Run(forms.words("since \(forms.moment(answer.since))", "自 \(forms.moment(answer.since))"), .dim),
        Run([place, why ?? seen].compactMap(\.self).joined(separator: ": ")),
      ])
    }
    let older = finding.answers.isEmpty ? finding.engines.sorted { $0.key < $1.key } : []
    let old = older.map { DetailForms.Cells([Run($0.key, .key), Run("\($0.value) %")]) }
    let dispute = finding.disagrees ? [forms.line(forms.words("they disagree", "引擎结论不一致"), .warning)] : []
    return forms.section("what the engines say", "各引擎结论", dispute + forms.table(rows + old))
  }

  /// And why it could not tell.
  static func word(_ answer: Observation.Answer) -> (BilingualText, String?) {
    switch answer {
    case .yes: (BilingualText(en: "yes", zh: "是"), nil)
    case .no: (BilingualText(en: "no", zh: "否"), nil)
    case .notDetermined(let reason): (BilingualText(en: "not determined", zh: "未判定"), reason)
    }
  }

  static func role(_ answer: Observation.Answer) -> Role {
    switch answer {
    case .yes: .error
    case .no: .good
    case .notDetermined: .dim
    }
  }

  private var evidence: [DetailLine] {
    let texts = finding.evidence.split(separator: "\n", omittingEmptySubsequences: true)
    let none = BilingualText(en: "none is kept", zh: "未保存")
    return forms.section("evidence", "证据", texts.map { forms.line(String($0)) }, none: none)
  }
}
