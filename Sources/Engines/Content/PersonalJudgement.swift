internal import Records

/// Numbers that name people, counted and never shown whole.
struct PersonalJudgement {
  let pages: [Page]

  private static let thresholds = [
    ("content.personal.few", 10), ("content.personal.many", 100), ("content.personal.mass", 1000),
  ]
  /// Below it they may be the duty phones that an office publishes.
  private static let mobileFloor = 10
  /// A number that passes Luhn by chance is one of ten: several, or a word beside it.
  private static let cardFloor = 3

  private struct Found {
    var identities: Set<String> = []
    var mobiles: Set<String> = []
    var cards: Set<String> = []
    var namedCards: Set<String> = []
    var passports: Set<String> = []
    var companies: Set<String> = []
    var rows = 0
  }

  var result: ([CheckAnswer], [Fact]) {
    var found = Found()
    for page in pages {
      for block in page.blocks { add(block.text, isText: true, &found) }
      for script in page.scripts { add(script.body, isText: false, &found) }
      for comment in page.comments { add(comment, isText: false, &found) }
    }
    let facts = found.companies.isEmpty ? [] : [Fact("credit codes of organisations", "\(found.companies.count)")]
    return (answers(found), facts)
  }

  /// `isText`: where people read; numbers of other kinds than identities mean other things in scripts.
  private func add(_ text: String, isText: Bool, _ found: inout Found) {
    let numbers = PersonalNumber.all(in: Array(text.utf8))
    guard !numbers.isEmpty else { return }
    for number in numbers {
      switch number.kind {
      case .identity: found.identities.insert(number.digits)
      case .mobile: if isText { found.mobiles.insert(number.digits) }
      case .company: found.companies.insert(number.digits)
      case .card:
        guard isText else { continue }
        found.cards.insert(number.digits)
        if number.isNamed { found.namedCards.insert(number.digits) }
      case .passport: if isText, number.isNamed { found.passports.insert(number.digits) }
      }
    }
    let kinds = Set(numbers.map(\.kind))
    if isText, kinds.contains(.identity), kinds.contains(.mobile), PersonalJudgement.hasName(text) { found.rows += 1 }
  }

  /// Two to four Chinese characters that stand alone, as a name in its cell does.
  private static func hasName(_ text: String) -> Bool {
    text.split { " \t,，;；:：|、".contains($0) }.contains { word in
      (2...4).contains(word.unicodeScalars.count)
        && word.unicodeScalars.allSatisfy { (0x4e00...0x9fff).contains($0.value) }
    }
  }

  private func answers(_ found: Found) -> [CheckAnswer] {
    let cards = found.cards.count >= PersonalJudgement.cardFloor ? found.cards : found.namedCards
    // Phones alone count as persons only in numbers that no office has on duty.
    let phones = found.mobiles.count >= 100 ? found.mobiles.count : 0
    let persons = max(found.identities.count, cards.count, phones)
    func answer(_ id: String, _ isFound: Bool, _ evidence: @autoclosure () -> String) -> CheckAnswer {
      CheckAnswer(id, isFound ? .yes : .no, isFound ? evidence() : "\(pages.count) page\(pages.count == 1 ? "" : "s")")
    }
    var answers = [
      answer(
        "content.personal.id_number", !found.identities.isEmpty, told("ID number", found.identities)),
      answer(
        "content.personal.row", found.rows > 0,
        "\(found.rows) row\(found.rows == 1 ? "" : "s") of name, ID number and phone"),
      answer(
        "content.personal.mobile", found.mobiles.count >= PersonalJudgement.mobileFloor,
        told("mobile number", found.mobiles)),
      answer("content.personal.card", !cards.isEmpty, told("bank card number", cards)),
      answer("content.personal.passport", !found.passports.isEmpty, told("passport number", found.passports)),
    ]
    answers += PersonalJudgement.thresholds.map { id, floor in
      answer(id, persons >= floor, "\(persons) distinct persons")
    }
    return answers
  }

  /// `12 distinct ID numbers, first 4201**********01**`.
  private func told(_ kind: String, _ numbers: Set<String>) -> String {
    let first = numbers.min().map { PersonalNumber.masked($0) } ?? ""
    return "\(numbers.count) distinct \(kind)\(numbers.count == 1 ? "" : "s"), first \(first)"
  }
}
