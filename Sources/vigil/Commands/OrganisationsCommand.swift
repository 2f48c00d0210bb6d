import ArgumentParser
import ControlAPI
import Records

struct OrganisationsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "organisations", abstract: "Who answers for sites, as a tree, with whom to call.")
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look

  func run() async throws {
    let page = try await hub.client().call(API.organisations, Nothing())
    if look.json { return try look.objects(page.items) }
    var table = Table([
      .init("ORGANISATION"), .init("ID"), .init("KIND"), .init("LEVEL"), .init("FIRST CALL", yields: true),
      .init("BACKUP"),
    ])
    for (depth, item) in OrganisationTree.rows(page.items) {
      let name = item.name.zh == item.name.en ? item.name.en : "\(item.name.en) \(item.name.zh)"
      table.add([
        String(repeating: "  ", count: depth) + name, item.id, item.kind.label.en, item.level?.label.en ?? "-",
        OrganisationTree.shown(item.primary), OrganisationTree.shown(item.backup),
      ])
    }
    table.print(look.style)
  }
}

/// Parents above their children, each once, in the order of their ids; one whose parent is not there stands at the
/// left.
enum OrganisationTree {
  static func rows(_ all: [Organisation]) -> [(depth: Int, organisation: Organisation)] {
    let known = Set(all.map(\.id))
    let children = Dictionary(grouping: all.sorted { $0.id < $1.id }) { organisation in
      organisation.parent.flatMap { known.contains($0) ? $0 : nil }
    }
    var rows: [(depth: Int, organisation: Organisation)] = []
    var seen: Set<String> = []
    var waiting = (children[nil] ?? []).reversed().map { (depth: 0, organisation: $0) }
    while let next = waiting.popLast() {
      guard seen.insert(next.organisation.id).inserted else { continue }
      rows.append(next)
      waiting += (children[next.organisation.id] ?? []).reversed().map { (next.depth + 1, $0) }
    }
    // A circle, which an import refuses, has no root: its members come last.
    return rows + all.filter { !seen.contains($0.id) }.map { (0, $0) }
  }

  static func shown(_ contact: Contact?) -> String {
    guard let contact else { return "-" }
    return [
      contact.name, contact.role, contact.phone, contact.email == contact.name ? nil : contact.email, contact.chat,
    ]
    .compactMap(\.self).joined(separator: " ")
  }
}
