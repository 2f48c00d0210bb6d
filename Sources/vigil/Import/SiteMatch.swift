import Engines
import Records
import Scheduling
import Wire

/// Which site of the inventory a tool's place is: by name in normal form (case, IDN, a last dot, `www.`, brackets), port
/// and, where several sites share them, the longest path. Never by an address that a name might have: it may have moved.
struct SiteMatch {
  private struct Door: Hashable {
    var host: String
    var port: String
  }
  private var byDoor: [Door: [Site]] = [:]
  private var byHost: [String: [Site]] = [:]

  init(_ sites: [Site]) {
    for site in sites {
      let host = HostForm.key(site.host)
      byDoor[Door(host: host, port: FoldKey.portClass(site.port)), default: []].append(site)
      byHost[host, default: []].append(site)
    }
  }

  enum Verdict {
    case site(Site)
    case none(reason: String)
  }

  func find(_ place: ToolPlace) -> Verdict {
    guard let written = place.host, !written.isEmpty else {
      return .none(reason: "the report names no host there")
    }
    let host = HostForm.key(written)
    guard let sites = byHost[host] else { return .none(reason: "no site of the inventory") }
    guard let port = place.port else { return .site(SiteMatch.best(sites, place.path)) }
    guard let there = byDoor[Door(host: host, port: FoldKey.portClass(port))] else {
      return .none(reason: "the inventory has the host, not the port")
    }
    let same = there.filter { $0.scheme == place.scheme }
    return .site(SiteMatch.best(same.isEmpty ? there : same, place.path))
  }

  private static func best(_ sites: [Site], _ path: String?) -> Site {
    let path = PathForm.normal(path ?? "/")
    let fitting = sites.filter { path.hasPrefix($0.path) }
    return (fitting.isEmpty ? sites : fitting).max { ($0.path.count, $1.id) < ($1.path.count, $0.id) } ?? sites[0]
  }
}
