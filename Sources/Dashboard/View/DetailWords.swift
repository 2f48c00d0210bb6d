/// The names of facts in details, by their English word.
enum DetailWords {
  /// Columns of a name; its value stands behind.
  static let columns = 14

  static func text(_ word: String, _ language: Language) -> String { language == .zh ? chinese[word] ?? word : word }

  static func fact(_ name: String, _ value: String, _ role: Role, _ look: Look) -> Line {
    let shown = text(name, look.language)
    let padding = String(repeating: " ", count: max(columns - look.columns(shown), 1))
    return Line([Run(shown + padding, .dim), Run(value, role)], indent: columns)
  }

  private static let chinese = [
    "severity": "级别", "result": "结果", "state": "状态", "site": "站点", "subject": "对象", "check": "检查项",
    "seen": "次数", "organisation": "单位", "came back": "重新出现", "class": "类别", "rule": "规则", "from": "来源",
    "to": "目标", "sensors": "探针", "urls": "网址", "target": "目标", "confidence": "置信度", "denied by": "被否定",
    "evidence": "证据", "comments": "备注", "last alerts": "最近告警", "audit": "审计", "criticality": "重要性",
    "posture": "态势评分", "last tested": "上次检测", "authorised": "授权", "deductions": "扣分项", "findings": "隐患",
    "alerts": "告警", "coverage": "覆盖", "authorisations": "授权文件", "not determined": "未判定",
  ]
}
