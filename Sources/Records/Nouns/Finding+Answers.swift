/// The words of engines in a finding, and what they come to.
extension Finding {
  /// Puts a word in the place of the same engine's word before; counts only what changes. The engine it counts for;
  /// nil where it says nothing new: it is older than what the engine said since, or one too many.
  ///
  /// `answers` must be all of the word's place.
  package mutating func hear(_ word: EngineAnswer) -> String? {
    guard let word = seated(word) else { return nil }
    let here = answers.filter { $0.place == word.place }
    let old = here.first { $0.engine == word.engine }
    if let old, word.time < old.time { return nil }
    let new = old.map(word.following) ?? word
    let after = here.filter { $0.engine != word.engine } + [new]
    showing += (after.shows ? 1 : 0) - (here.shows ? 1 : 0)
    disputed += (after.disagrees ? 1 : 0) - (here.disagrees ? 1 : 0)
    stand(word.engine, (new.holds == true ? 1 : 0) - (old?.holds == true ? 1 : 0))
    if let index = answers.firstIndex(where: { $0.place == word.place && $0.engine == word.engine }) {
      answers[index] = new
    } else {
      answers.append(new)
    }
    return word.engine
  }

  private mutating func stand(_ engine: String, _ change: Int) {
    let count = (standing[engine] ?? 0) + change
    standing[engine] = count > 0 ? count : nil
  }

  /// The word under the name it is counted by.
  private func seated(_ word: EngineAnswer) -> EngineAnswer? {
    let here = answers.filter { $0.place == word.place }
    guard here.count >= EngineAnswer.engineLimit, !here.contains(where: { $0.engine == word.engine }) else {
      return word
    }
    guard word.answer == .yes else { return nil }
    var word = word
    word.engine = EngineAnswer.others
    return word
  }

  /// The counts anew, from all answers at all places.
  package mutating func recount(_ all: [EngineAnswer]) {
    let places = Dictionary(grouping: all, by: \.place).values
    showing = places.count { $0.shows }
    disputed = places.count { $0.disagrees }
    standing = [:]
    for answer in all where answer.holds == true { stand(answer.engine, 1) }
    for answer in all where answer.hasAffirmed {
      engines[answer.engine] = max(engines[answer.engine] ?? 0, answer.confidence)
    }
  }
}
