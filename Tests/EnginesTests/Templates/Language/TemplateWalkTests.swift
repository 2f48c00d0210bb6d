import Testing

@testable import Engines

/// Random templates over random sites, against a plain loop that says what should be asked and what comes of it.
@Suite("Random runs of templates") struct TemplateWalkTests {
  private enum Reply: CaseIterable {
    case hit, miss, cutHit, cutMiss, none
  }
  private struct Block {
    var forms: Int
    var rounds: Int
    var isCondition: Bool
    var stops: Bool
    var compares: Bool
    var isNegative: Bool
  }

  private func text(_ blocks: [Block]) -> String {
    blocks.enumerated().map { index, block in
      let paths = (0..<block.forms).map { "/\(index)/\($0)/{{p}}" }.joined(separator: "', '")
      let values = (0..<block.rounds).map { "'\($0)'" }.joined(separator: ", ")
      let test =
        block.compares
        ? "type: dsl, dsl: [\"contains(body_1, 'hit') && contains(body_\(block.forms), 'hit')\"]"
        : "type: word, words: [hit]"
      return """
          - path: ['\(paths)']
            payloads: {p: [\(values)]}
            stop-at-first-match: \(block.stops)
            matchers: [{\(test), internal: \(block.isCondition), negative: \(block.isNegative)}]
        """
    }.joined(separator: "\n")
  }

  private func truth(_ reply: Reply) -> TemplateTruth {
    switch reply {
    case .hit, .cutHit: .yes
    case .miss: .no
    case .cutMiss: .unknown("cut")
    case .none: .unknown("reset")
    }
  }

  private func and(_ a: TemplateTruth, _ b: TemplateTruth) -> TemplateTruth {
    if a == .no || b == .no { return .no }
    return a == .yes ? b : a
  }

  /// What is asked and what comes of it: `match` is the path of the first match.
  private func model(
    _ blocks: [Block], _ replies: [String: Reply]
  ) -> (asked: [String], match: String?, doubt: String?) {
    var (asked, match, doubt): ([String], String?, String?) = ([], nil, nil)
    for (index, block) in blocks.enumerated() {
      var held = false
      var blockDoubt: String?
      rounds: for round in 0..<block.rounds {
        var truths: [TemplateTruth] = []
        for form in 0..<block.forms {
          let path = "/\(index)/\(form)/\(round)"
          asked.append(path)
          truths.append(truth(replies[path] ?? .none))
          guard !block.compares || form + 1 == block.forms else { continue }
          var now = block.compares ? and(truths[0], truths[block.forms - 1]) : truths[form]
          if block.isNegative { now = now.negated }
          switch now {
          case .no: break
          case .unknown(let reason): blockDoubt = blockDoubt ?? reason
          case .yes:
            held = true
            if block.isCondition { continue }
            match = match ?? path
            if block.stops { return (asked, match, doubt) }
          }
        }
        if block.isCondition && held { break rounds }
      }
      if !block.isCondition || !held { doubt = doubt ?? blockDoubt }
      if block.isCondition && !held { break }
    }
    return (asked, match, doubt)
  }

  @Test("what is asked, and the verdict, are those of the model")
  func walk() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chance = TemplateChance(seed: seed)
    var kinds: [String: Int] = [:]
    for _ in 0..<400 {
      var blocks = (0..<Int.random(in: 1...3, using: &chance)).map { _ in
        Block(
          forms: Int.random(in: 1...3, using: &chance), rounds: Int.random(in: 1...3, using: &chance),
          isCondition: Int.random(in: 0..<3, using: &chance) == 0, stops: Bool.random(using: &chance),
          compares: Int.random(in: 0..<3, using: &chance) == 0, isNegative: Int.random(in: 0..<4, using: &chance) == 0)
      }
      blocks[Int.random(in: 0..<blocks.count, using: &chance)].isCondition = false
      var replies: [String: Reply] = [:]
      let weights: [Reply] = Bool.random(using: &chance) ? Reply.allCases : [.miss, .miss, .miss, .hit, .cutHit]
      let template = try TemplateBench.read(text(blocks))
      var run = TemplateRun(template, target: TemplateBench.target, random: seed, now: TemplateBench.now)
      var asked: [String] = []
      while let request = run.next() {
        asked.append(request.path)
        let reply = weights.randomElement(using: &chance) ?? .miss
        replies[request.path] = reply
        switch reply {
        case .hit: run.received(TemplateBench.response("a hit"))
        case .miss: run.received(TemplateBench.response("a miss"))
        case .cutHit: run.received(TemplateBench.response("a hit", cut: "cut"))
        case .cutMiss: run.received(TemplateBench.response("a mi", cut: "cut"))
        case .none: run.failed("reset")
        }
      }
      let wanted = model(blocks, replies)
      #expect(asked == wanted.asked, "seed \(seed): \(blocks)")
      let verdict: TemplateVerdict = run.verdict
      switch verdict {
      case .matched(_, _, let request): #expect(request.path == wanted.match, "seed \(seed): \(blocks)")
      case .notMatched: #expect(wanted.match == nil && wanted.doubt == nil, "seed \(seed): \(blocks)")
      case .notDetermined(let reason): #expect(wanted.match == nil && wanted.doubt == reason, "seed \(seed): \(blocks)")
      }
      kinds["\(verdict)".prefix { $0 != "(" }.description, default: 0] += 1
    }
    #expect(kinds.count == 3, "seed \(seed): every verdict is met: \(kinds)")
  }
}
