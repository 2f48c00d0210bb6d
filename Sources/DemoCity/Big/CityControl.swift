/// What may be told to a city that is served: a line of words in, lines of JSON out, each change with its time.
///
///     change ROUND [PER_THOUSAND]   sites get worse or better, as the plan's round has it
///     deface N [SEED]   down N [SEED]   N sites
///     restore [SITE]    whoever is defaced or down is as it was; or that site
///     truth NAME        writes the truth of now as NAME into the folder
///     status            connections
package struct CityControl {
  private let server: PlannedCityServer
  private let folder: PlannedCityFolder

  package init(_ server: PlannedCityServer, _ folder: PlannedCityFolder) {
    (self.server, self.folder) = (server, folder)
  }

  package func answer(_ line: String) -> [String] {
    let words = line.split(separator: " ").map(String.init)
    let number = words.count > 1 ? Int(words[1]) : nil
    let city = server.city
    switch (words.first, number) {
    case ("change", let round?):
      let share = words.count > 2 ? Int(words[2]) ?? 50 : 50
      return told(city.plan.changes(round: round, perThousand: min(max(share, 0), 1000), traits: city.traits))
    case ("deface", let count?): return told(some(count, .defaced, words))
    case ("down", let count?): return told(some(count, .down, words))
    case ("restore", _):
      let site = words.count > 1 ? words[1] : nil
      let events = city.restore(.defaced, site: site) + city.restore(.down, site: site)
      return events.map(CityBooks.line) + [CityControl.done]
    case ("truth", _):
      guard words.count == 2,
        words[1].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") })
      else { return CityControl.mistake }
      do throws(DemoError) { try folder.writeTruth(city, name: words[1]) } catch { return CityControl.mistake }
      return [CityControl.done]
    case ("status", _):
      server.flushLog()
      return [
        "{\"type\":\"status\",\"open\":\(server.connectionsOpen),\"accepted\":\(server.connectionsAccepted)}"
      ]
    default: return CityControl.mistake
    }
  }

  private static let done = "{\"type\":\"done\"}"
  private static let mistake = [
    "{\"type\":\"mistake\",\"say\":\"change ROUND | deface N | down N | restore [SITE] | truth NAME | status\"}"
  ]

  private func some(_ count: Int, _ kind: CityChange.Kind, _ words: [String]) -> [CityChange] {
    let city = server.city
    let count = min(max(count, 0), city.plan.sites.count)
    let share = (count * 1000 + city.plan.sites.count - 1) / city.plan.sites.count
    let round = words.count > 2 ? Int(words[2]) ?? 0 : city.events.count
    let changes = city.plan.changes(round: 1_000_000 &+ round, perThousand: share, kinds: [kind], traits: city.traits)
    return Array(changes.prefix(count))
  }

  private func told(_ changes: [CityChange]) -> [String] {
    server.city.apply(changes).map(CityBooks.line) + [CityControl.done]
  }
}
