import ControlAPI
import Records

/// Sites and who answers for them.
extension Source {
  static let siteSources = [
    Source(
      "sites", "every site with its score and open rows, out of the overview",
      columns: [.site, .organisation, .severity, .score, .alerts, .findings],
      usual: [.severity, .site, .organisation, .score, .alerts, .findings], overview: { $0.posture.cells }),
    Source(
      "inventory", "sites as the inventory has them, the lowest score first",
      columns: [
        .site, .host, .url, .organisation, .criticality, .tags, .severity, .score, .alerts, .findings, .authorised,
        .tested,
      ], usual: [.severity, .site, .organisation, .criticality, .score, .authorised, .tested],
      language: .hub(.sites, sorts: []), asking: API.sites, { $0.list }, listing: { Listing($0) }),
    Source(
      "organisations", "who answers for sites", columns: [.id, .name, .parent, .kind, .level, .region],
      asking: API.organisations, { _ in Nothing() }, listing: { Listing($0) }),
    Source(
      "ranking", "organisations by score, closure, closure in time and satisfaction over `window`",
      columns: [
        .place, .organisation, .score, .sites, .tested, .found, .verified, .closure, .onTime, .satisfaction, .late,
      ], usual: [.place, .organisation, .score, .closure, .onTime, .satisfaction], asking: API.ranking,
      { PostureRequest(days: $0.days) }, listing: { Listing($0.lines) }),
    Source(
      "authorisations", "who permits which probing, until when",
      columns: [.id, .who, .document, .from, .due, .upTo], usual: [.due, .id, .who, .document, .upTo],
      asking: API.authorisations, { _ in Nothing() }, listing: { Listing($0) }),
  ]
}

extension SiteCell: Listed {
  var key: String { site }
  var leadsTo: Model.Place? { .site(site) }

  func value(_ column: Column) -> Value {
    switch column {
    case .site: .text(site)
    case .organisation: .text(organisation)
    case .severity: worst.map { .severity($0) } ?? .none
    case .score: .score(score)
    case .alerts: .count(openAlerts)
    case .findings: .count(openFindings)
    default: .none
    }
  }
}

extension SiteItem: Listed {
  var key: String { id }
  var leadsTo: Model.Place? { .site(id) }

  func value(_ column: Column) -> Value {
    switch column {
    case .host: .text(site.host)
    case .url: .text(site.url)
    case .organisation: .words(organisation ?? site.organisation.map { BilingualText($0) })
    case .criticality: site.criticality.value(site.criticality == .critical ? .warning : .text)
    case .tags: .list(site.tags)
    case .authorised: .flag(isAuthorised)
    case .tested: .time(lastTested)
    default: cell.value(column)
    }
  }
}

extension Organisation: Listed {
  var key: String { id }
  var leadsTo: Model.Place? { .organisation(id) }

  func value(_ column: Column) -> Value {
    switch column {
    case .id: .text(id)
    case .name: .words(name)
    case .parent: .text(parent)
    case .kind: kind.value()
    case .level: level?.value() ?? .none
    case .region: .text(region)
    default: .none
    }
  }
}

extension RankingReport.NamedLine: Listed {
  var key: String { line.organisation }
  var leadsTo: Model.Place? { .organisation(line.organisation) }

  func value(_ column: Column) -> Value {
    switch column {
    case .place: line.place > 0 ? .count(line.place) : .none
    case .organisation, .title: .words(name)
    case .score: .score(line.posture.score)
    case .sites: .count(line.posture.sites)
    case .tested: .count(line.posture.tested)
    case .found: .count(line.found)
    case .verified: .count(line.verified)
    case .closure: .share(line.closureRate)
    case .onTime: .share(line.duty?.onTimeRate)
    case .satisfaction: .share(line.duty?.satisfaction)
    case .late: line.duty.map { .count($0.owed &- $0.onTime) } ?? .none
    default: .none
    }
  }
}

extension Authorisation: Listed {
  var key: String { id }

  func value(_ column: Column) -> Value {
    switch column {
    case .id, .subject: .text(id)
    case .who: .text(grantedBy)
    case .document, .title: .text(document)
    case .from, .begun: .time(from)
    case .due, .until: .due(until)
    case .upTo: upTo.value()
    default: .none
    }
  }
}
