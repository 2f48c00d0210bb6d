@testable import DemoCity

/// One weakness, where it is planted, and what stands in the same place without it.
struct Plant: Sendable {
  enum Place: Sendable {
    /// A site of the planned city gets these traits and loses them again; `beside` it has throughout.
    case city(Set<SiteTrait>, beside: Set<SiteTrait> = [])
    /// A server of the farm, and its twin.
    case farm(String, twin: String)
    /// The same, with the farm's root taken for a public one.
    case publicly(String, twin: String)
    /// A zone of the farm of names, and its twin.
    case zone(String, twin: String = "sound")
    /// The mock page that the template of this id looks for; its twin is the page that nearly has the weakness.
    case page(String)
    /// Other files, ports or certificates at a second look, and the first ones again.
    case change(String, Change)
    /// A conversation replayed through the sensor with the rules that come with Vigil, and the same without its one word.
    case wire(Conversation)
  }
  enum Change: Sendable, Hashable {
    /// The row's `then`.
    case files
    /// Mocks that open and close their ports.
    case ports(open: String)
    /// Another server at the place.
    case server(String)
  }

  /// Checks, or `gid:sid` of rules: each must answer yes, and each must be the indicator's own.
  let movers: [String]
  let place: Place
  /// Indicators that the same weakness moves by its nature, each with why.
  let consequences: [String: String]

  init(_ movers: [String], _ place: Place, consequences: [String: String] = [:]) {
    (self.movers, self.place, self.consequences) = (movers, place, consequences)
  }

  var title: String {
    switch place {
    case .city(let traits, let beside):
      "city site: " + traits.map(\.rawValue).sorted().joined(separator: ", ")
        + (beside.isEmpty ? "" : ", where there is " + beside.map(\.rawValue).sorted().joined(separator: ", "))
    case .farm(let name, let twin): "farm: \(name), for \(twin)"
    case .publicly(let name, let twin): "farm, publicly trusted: \(name), for \(twin)"
    case .zone(let name, let twin): "zone: \(name), for \(twin)"
    case .page(let id): "page: of the template \(id)"
    case .change(let name, .files): "farm, second look: \(name)"
    case .change(let name, .ports(let open)): "farm, second look: \(name), \(open) has opened"
    case .change(let name, .server(let next)): "farm, second look: \(next), for \(name)"
    case .wire(let conversation): "wire: \(conversation.title)"
    }
  }
}
