/// Links, frames and scripts that lead out of the site.
struct LinkJudgement {
  let pages: [SiteWalk.Visited]
  let host: String
  let words: WordJudgement

  /// Other sites that links made to look unhidden must lead to.
  private static let trickHosts = 3
  private static let parkedText = 3000

  /// The registrable names of hosts outside the site that `address` leads to; nil for the site's own.
  private func offsite(_ address: String, _ page: SiteWalk.Visited) -> String? {
    guard let found = page.address.resolve(address), found.host != host else { return nil }
    let name = PublicSuffix.registrable(found.host) ?? found.host
    return name == PublicSuffix.registrable(host) ?? host ? nil : name
  }

  private static func isPublic(_ name: String) -> Bool {
    name == "gov.cn" || name.hasSuffix(".gov.cn") || name.hasSuffix(".edu.cn")
  }

  /// Evidence of planted links: an advertiser's words in an anchor that leads elsewhere, or links put off the screen.
  /// Menus and lists of friends' sites are `display: none` too: that alone is none.
  var dark: String? {
    for page in pages {
      var tricks: Set<String> = []
      for link in page.page.links {
        guard let name = offsite(link.address, page), !LinkJudgement.isPublic(name) else { continue }
        let isHidden = link.hiding != .none
        if let word = words.advertised(in: link.text, isHidden: isHidden) {
          let kind = isHidden ? "a hidden link" : "a link"
          return "\(Shown.text(page.address.whole)): \(kind) to \(Shown.text(name)) says \"\(Shown.text(word))\""
        }
        if link.hiding == .trick { tricks.insert(name) }
      }
      if tricks.count >= LinkJudgement.trickHosts {
        let shown = tricks.sorted().prefix(4).map { Shown.text($0) }.joined(separator: ", ")
        return "\(Shown.text(page.address.whole)): links off the screen to \(tricks.count) sites: \(shown)"
      }
    }
    return nil
  }

  var frames: String? {
    for page in pages {
      for frame in page.page.frames where frame.hiding != .none {
        guard let name = offsite(frame.source, page), !WordLists.countingHosts.contains(name),
          !LinkJudgement.isPublic(name)
        else { continue }
        return "\(Shown.text(page.address.whole)): a hidden frame from \(Shown.text(name))"
      }
    }
    return nil
  }

  /// Hosts of scripts from other sites; of `only` these pages, where given.
  func scriptHosts(_ only: Set<String>?) -> Set<String> {
    hosts(only) { page in page.page.scripts.lazy.map(\.source).filter { !$0.isEmpty } }
  }
  func hiddenHosts(_ only: Set<String>?) -> Set<String> {
    hosts(only) { page in page.page.links.lazy.filter { $0.hiding != .none }.map(\.address) }
  }

  private func hosts(_ only: Set<String>?, _ addresses: (SiteWalk.Visited) -> some Sequence<String>) -> Set<String> {
    var found: Set<String> = []
    for page in pages where only?.contains(page.address.whole) != false {
      for address in addresses(page) { if let name = offsite(address, page) { found.insert(name) } }
    }
    return found
  }

  /// The home page only: a broker's words on a short page, or a broker's script or frame.
  var parked: String? {
    guard let home = pages.first, home.page.visibleCount < LinkJudgement.parkedText else { return nil }
    let sources = home.page.scripts.map(\.source) + home.page.frames.map(\.source)
    for source in sources {
      guard let name = offsite(source, home) else { continue }
      if WordLists.parkingHosts.contains(name) { return "loads \(Shown.text(name))" }
    }
    let own = home.page.links.count { offsite($0.address, home) == nil }
    let text = Array((home.page.title + "\n" + home.page.visibleText).lowercased().utf8)
    let phrase = PageWords.parking.first { text.contains(phrase: $0) }
    return own <= 5 ? phrase.map { "a short page says \"\($0)\"" } : nil
  }
}

/// Scripts that mine, by their names where scripts are loaded and called: a text about them has none.
enum MinerJudgement {
  static func miner(in pages: [SiteWalk.Visited]) -> String? {
    guard let finder = WordFinder(.miners) else { return nil }
    for page in pages {
      for script in page.page.scripts {
        let text = (script.source + "\n" + script.body).lowercased()
        if let word = finder.counts(in: text).keys.min() {
          return "\(Shown.text(page.address.whole)): a script has \"\(WordLists.miners[word])\""
        }
      }
    }
    return nil
  }
}
