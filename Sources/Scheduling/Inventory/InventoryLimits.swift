/// What an inventory may hold. Third parties hand them in; each number is far above any city's and far below what
/// would harm the hub.
package enum InventoryLimits {
  /// Ten times the largest city that is aimed at.
  package static let sites = 50_000
  package static let organisations = 5_000
  package static let platforms = 2_000
  /// One a site at most, as the tables of one row a site make them.
  package static let authorisations = 50_000
  /// Of an authorisation: as many as there may be sites.
  package static let hosts = 50_000
  /// Tags, engines, addresses, networks of one entry.
  package static let listItems = 256
  package static let contacts = 16
  package static let windows = 32
  /// Parents above an organisation; the state has five levels, houses a few of their own.
  package static let depth = 16
  /// Unicode scalars.
  package static let name = 200
  package static let id = 256
  package static let document = 500
  /// Mistakes that are told; more help nobody.
  package static let problems = 200
}
