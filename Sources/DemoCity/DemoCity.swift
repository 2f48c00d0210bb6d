/// # DemoCity: a city to show Vigil on
///
///     CityTable (sites, organisations, weaknesses, in one table) -> CityServer: TLS and HTTP sites on loopback
///                                                                -> CityFolder: inventory, configuration, trust, capture
///
/// Some fifty sites of a city that does not exist, each with declared weaknesses and on an address of its own in
/// 127.8.0.0/16, served by one process over OpenSSL; and a capture of attacks on them, written by code, for a sensor
/// to replay. Nothing here needs a right: ports above 1024, loopback only.
///
/// It does not know the engines, the rules or the hub: what it declares is theirs to find. Called by `vigil up --demo`
/// (which writes the folder) and `vigil demo-city` (which serves). Never part of what watches a real city.
internal import Glibc

/// What keeps the demonstration from starting; the operator's to mend.
package struct DemoError: Error, Hashable, Sendable, CustomStringConvertible {
  package var sentence: String
  package var hint: String

  package init(_ sentence: String, hint: String) {
    self.sentence = sentence
    self.hint = hint
  }

  package var description: String { "\(sentence); \(hint)" }

  static func system(_ what: String, hint: String) -> DemoError {
    DemoError(unsafe "\(what): \(String(cString: strerror(errno)).lowercased())", hint: hint)
  }
}
