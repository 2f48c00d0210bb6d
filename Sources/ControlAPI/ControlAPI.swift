/// ControlAPI: everything that can be asked of the hub, as one table (`API.table`) and plain values.
///
/// It turns requests and answers into JSON and back, parses the filter language of every list (`Filter`), and asks
/// the hub over its Unix socket (`Client`, by libcurl). The server, the client, the commands, the dashboard and
/// `Documentation/api.md` are all made from the same table; a test compares them.
///
/// It does not serve (Hub does), keeps nothing, and knows no database and no screen.
///
/// Called by Hub, Dashboard and the commands of `vigil`.
package enum API {
  /// The first part of every path; it changes when an old client could misread an answer.
  package static let version = "v1"
}
