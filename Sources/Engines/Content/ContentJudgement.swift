internal import Records

/// All pages of one look as answers: a yes names the page, a no says how many pages it speaks of.
struct ContentJudgement {
  let pages: [SiteWalk.Visited]
  let host: String
  let baseline: Baseline?
  /// What is seen is the new baseline.
  let acceptsChange: Bool
  private(set) var answers: [CheckAnswer] = []
  private(set) var facts: [Fact] = []
  /// What the next look finds again.
  private var next: Baseline?
  var memory: String? { next?.json }

  private let words = WordJudgement()
  /// Text under which a page is drawn by scripts, or says too little to be judged.
  private static let bareText = 20

  init(pages: [SiteWalk.Visited], host: String, baseline: Baseline?, acceptsChange: Bool = false) {
    (self.pages, self.host, self.baseline, self.acceptsChange) = (pages, host, baseline, acceptsChange)
  }

  mutating func judge() {
    judgeWords()
    let links = LinkJudgement(pages: pages, host: host, words: words)
    answers += [
      answer("content.dark_links", links.dark), answer("content.frame.hidden", links.frames),
      answer("content.miner", MinerJudgement.miner(in: pages)), answer("content.parked", links.parked),
    ]
    let (personal, fact) = PersonalJudgement(pages: pages.map(\.page)).result
    answers += personal
    facts += fact
    answers += SecretJudgement(pages: pages.map(\.page)).answers
    judgeBaseline(links)
  }

  /// Yes where `found` has evidence.
  private func answer(_ id: String, _ found: String?) -> CheckAnswer {
    CheckAnswer(id, found == nil ? .no : .yes, found ?? seen)
  }
  private var seen: String { "\(pages.count) page\(pages.count == 1 ? "" : "s")" }

  // MARK: words

  private mutating func judgeWords() {
    let ids: [(WordLists.Subject, String)] = [
      (.defacement, "content.defacement"), (.gambling, "content.words.gambling"), (.porn, "content.words.porn"),
      (.fraud, "content.words.fraud"),
    ]
    var found: [WordLists.Subject: String] = [:]
    for visited in pages {
      for (subject, evidence) in words.evidence(in: visited.page) where found[subject] == nil {
        found[subject] = "\(Shown.text(visited.address.whole)): \(evidence)"
      }
    }
    let isBare = pages.allSatisfy { $0.page.visibleCount < ContentJudgement.bareText }
    for (subject, id) in ids {
      let bare = CheckAnswer(id, .notDetermined(reason: "the pages show no text without running their scripts"))
      answers.append(isBare && found[subject] == nil ? bare : answer(id, found[subject]))
    }
  }

  // MARK: baseline

  private mutating func judgeBaseline(_ links: LinkJudgement) {
    var next = baseline ?? Baseline()
    next.looks = next.looks &+ 1
    var verdicts: [(PageAddress, BaselineComparison.Verdict)] = []
    var youngest = Int.max
    let limit = Baseline.blockLimit(pages: max(pages.count, next.pages.count))
    for visited in pages {
      let now = PageLayers(visited)
      let key = visited.address.whole
      guard let known = baseline?.pages[key] else {
        if !visited.isIncomplete { next.pages[key] = Baseline.Layers(now, look: next.looks, blockLimit: limit) }
        continue
      }
      let comparison = BaselineComparison(known, now)
      let verdict = visited.isIncomplete ? .notDetermined("a page was read in part") : comparison.verdict
      verdicts.append((visited.address, verdict))
      youngest = min(youngest, known.looks)
      switch verdict {
      case .notDetermined: next.pages[key]?.last = next.looks
      case _ where acceptsChange: next.pages[key] = comparison.accepted(look: next.looks, blockLimit: limit)
      case .same, .changed:
        let isLearned = known.looks >= Baseline.learningLooks
        next.pages[key] =
          isLearned ? comparison.held(look: next.looks) : comparison.learned(look: next.looks, blockLimit: limit)
      case .replaced: next.pages[key]?.last = next.looks
      }
    }
    compare(verdicts, youngest)
    compareHosts(links, &next)
    next.limit()
    self.next = next
  }

  /// A look at fewer pages than are known says *no* of none but those: what stood on another page may stand there still.
  /// What was only ever seen on the one page that is looked at now, it ends.
  mutating func settle(isLight: Bool) {
    let (known, home) = (baseline?.pages.count ?? 0, pages.count == 1 ? pages[0].address.whole : nil)
    let isPart = isLight && known > pages.count
    var shown = baseline?.shown ?? [:]
    answers = answers.map { answer in
      let name = answer.check + (answer.parameter.map { " " + $0 } ?? "")
      switch answer.answer {
      case .yes:
        let isHere = home != nil && shown[name] ?? home == home
        shown[name] = isHere ? home : Baseline.severalPages
      case .no where !isPart || answer.check == "content.cloaking" || home != nil && shown[name] == home:
        shown[name] = nil
      case .no:
        let reason = "only \(pages.count) of \(known) known pages were looked at"
        return CheckAnswer(answer.check, .notDetermined(reason: reason), parameter: answer.parameter)
      case .notDetermined: break
      }
      return answer
    }
    next?.shown = shown
  }

  private mutating func compare(_ verdicts: [(PageAddress, BaselineComparison.Verdict)], _ youngest: Int) {
    guard !verdicts.isEmpty else {
      return answers += ["content.tampered", "content.changed"].map {
        CheckAnswer($0, .notDetermined(reason: "no baseline yet"))
      }
    }
    var (replaced, changed, open): (String?, String?, String?) = (nil, nil, nil)
    for (address, verdict) in verdicts {
      let place = Shown.text(address.whole)
      switch verdict {
      case .same: break
      case .changed(let how): changed = changed ?? "\(place): \(how)"
      case .replaced(let how): replaced = replaced ?? "\(place): \(how)"
      case .notDetermined(let why): open = open ?? why
      }
    }
    let compared = "\(verdicts.count) of \(pages.count) pages compared"
    func determined(_ id: String, _ found: String?) -> CheckAnswer {
      if let found {
        return acceptsChange ? CheckAnswer(id, .no, "accepted: \(found)") : CheckAnswer(id, .yes, found)
      }
      return CheckAnswer(id, open.map { .notDetermined(reason: $0) } ?? .no, compared)
    }
    answers.append(determined("content.tampered", replaced))
    let learning = youngest < Baseline.learningLooks && replaced == nil
    answers.append(
      learning
        ? CheckAnswer(
          "content.changed",
          .notDetermined(reason: "learning what changes by itself: \(youngest) of \(Baseline.learningLooks) looks"))
        : determined("content.changed", replaced ?? changed))
  }

  private mutating func compareHosts(_ links: LinkJudgement, _ next: inout Baseline) {
    let ids = ["content.dark_links.new", "content.script.offsite_new"]
    guard let baseline else {
      answers += ids.map { CheckAnswer($0, .notDetermined(reason: "no baseline yet")) }
      return next.learn(scripts: links.scriptHosts(nil), hidden: links.hiddenHosts(nil))
    }
    // A page that was never seen before may load what it likes: only pages of the baseline say that something is new.
    let known = Set(baseline.pages.keys)
    for (id, hosts, old) in [
      (ids[0], links.hiddenHosts(known), Set(baseline.hiddenHosts)),
      (ids[1], links.scriptHosts(known), Set(baseline.scriptHosts)),
    ] {
      let new = hosts.subtracting(old).sorted()
      let shown = new.prefix(4).map { Shown.text($0) }.joined(separator: ", ")
      let told = "\(new.count) new: \(shown)"
      let isTold = !new.isEmpty && !acceptsChange
      answers.append(
        CheckAnswer(id, isTold ? .yes : .no, new.isEmpty ? seen : isTold ? told : "accepted: \(told)"))
    }
    // Of pages of the baseline only what somebody accepts; what pages seen first load is theirs.
    let fresh = acceptsChange ? nil : Set(pages.map(\.address.whole)).subtracting(known)
    next.learn(scripts: links.scriptHosts(fresh), hidden: links.hiddenHosts(fresh))
  }

  // MARK: cloaking

  /// Shares of the text alike under which the search engine got another page.
  private static let cloakLikeness = 0.2
  /// Text that either page must have.
  private static let cloakText = 200

  mutating func judge(cloak: Result<Page, SiteWalk.Missing>) {
    let id = "content.cloaking"
    guard let home = pages.first?.page else { return }
    switch cloak {
    case .failure(let missing):
      answers.append(CheckAnswer(id, .notDetermined(reason: "asked as a search engine: \(missing.reason)")))
    case .success(let other):
      let ours = words.evidence(in: home)
      let theirs = words.evidence(in: other).first { ours[$0.key] == nil }
      if let theirs { return answers.append(CheckAnswer(id, .yes, "to a search engine only: \(theirs.value)")) }
      let isShort = min(home.visibleCount, other.visibleCount) < ContentJudgement.cloakText
      let pair = [home, other].map { MinimumHashes(text: $0.visibleText, count: Baseline.textHashes) }
      guard !isShort, let likeness = pair[0].likeness(pair[1]) else {
        let isSame = home.visibleText == other.visibleText && home.title == other.title
        let answer: Observation.Answer =
          isSame ? .no : .notDetermined(reason: "the page has too little text to compare")
        return answers.append(CheckAnswer(id, answer))
      }
      let isOther = likeness < ContentJudgement.cloakLikeness
      answers.append(CheckAnswer(id, isOther ? .yes : .no, "\(Int(likeness * 100)) % of the wording alike"))
    }
  }
}
