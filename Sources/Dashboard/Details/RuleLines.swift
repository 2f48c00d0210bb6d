import Records
import RuleLanguage

/// A network rule: what it looks for in words, and as it is written.
struct RuleLines {
  let signature: AlertRecord.Signature
  /// Nil: no sensor told it.
  let rule: RuleText?
  let forms: DetailForms
  private let read: RuleParser.Result?

  init(signature: AlertRecord.Signature, rule: RuleText?, forms: DetailForms) {
    self.signature = signature
    self.rule = rule
    self.forms = forms
    read = rule.map { RuleParser().parse(Array($0.text.utf8), file: "rule") }
  }

  /// What it is called and what it looks for.
  var explained: [DetailLine] {
    [forms.fact("rule", "规则", "\(signature.id) rev \(signature.rev): \(signature.message)")]
      + forms.known("class", "类别", signature.category.isEmpty ? nil : signature.category) + (rule == nil ? [] : meaning)
  }

  /// Where more is to be read of it, and the rule itself.
  var written: [DetailLine] {
    let references = (read?.rules.first?.references ?? []).map { [Run("\($0.system) \($0.value)")] }
    return forms.facts("read more", "参考资料", references) + [text]
  }

  private var text: DetailLine {
    let untold = forms.words(
      "not told: a sensor tells it before the rule's first alert, Suricata where rule: raw: yes stands",
      "未上报：探针在规则首次告警前上报；Suricata 须设 rule: raw: yes")
    return forms.fact("its text", "规则原文", rule?.text ?? untold, .dim)
  }

  private var meaning: [DetailLine] { read?.rules.first.map(meaning) ?? unread(read?.diagnostics.first) }

  private func meaning(_ rule: Rule) -> [DetailLine] {
    forms.facts(
      "looks for", "检测内容",
      rule.explanation.map { sentence in
        [Run((sentence.isOfBuffer ? "  " : "") + forms.words(sentence.meaning.en, sentence.meaning.zh))]
      })
  }

  /// A rule of another sensor may use what this program does not know.
  private func unread(_ problem: RuleDiagnostic?) -> [DetailLine] {
    let why = problem?.sentence ?? forms.words("it holds no rule", "无规则")
    return [forms.fact("looks for", "检测内容", forms.words("not explained: \(why)", "无法说明：\(why)"), .dim)]
  }
}
