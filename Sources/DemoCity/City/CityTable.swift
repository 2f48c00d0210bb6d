/// One body of the city that answers for sites. Its sites lie in 127.8.`number`.0/24 and below `label`.shuguang.test.
package struct CityOrganisation: Hashable, Sendable {
  /// What permits the probing of its sites.
  package enum Permission: Hashable, Sendable {
    /// Valid up to a class, for so many days.
    case valid(upTo: String, days: Int)
    case expired
    case missing
  }

  package var label: String
  package var number: UInt8
  package var english: String
  package var chinese: String
  package var permission: Permission

  /// Whether its sites may be probed today.
  package var isPermitted: Bool { if case .valid = permission { true } else { false } }
  package var network: String { "127.8.\(number).0/24" }
}

/// One site of the table: what it is called, where it lies, what is wrong with it.
package struct CitySite: Hashable, Sendable {
  package enum Scheme: String, Hashable, Sendable { case https, http }

  /// Stable for ever: rows of the queue hang on it.
  package var id: String
  package var organisation: String
  package var host: String
  /// Dotted; the two schemes of one host share it.
  package var address: String
  package var scheme: Scheme
  package var criticality: String
  package var weaknesses: Set<Weakness>
  /// Authorised by name, but its address lies outside the authorised networks: no packet may reach it.
  package var hasMoved = false

  package func port(_ ports: CityPorts) -> UInt16 { scheme == .https ? ports.tls : ports.plain }
  package func url(_ ports: CityPorts) -> String { "\(scheme.rawValue)://\(host):\(port(ports))/" }
}

/// The city: the one place where its sites and their weaknesses are declared.
package enum CityTable {
  package static let english = "Shuguang (demonstration)"
  package static let chinese = "曙光市（演示）"
  static let domain = "shuguang.test"
  /// The network of everything in the city.
  package static let network = "127.8.0.0/16"

  package static let organisations: [CityOrganisation] = [
    .init(
      label: "gov", number: 1, english: "City Government Office", chinese: "市政府办公室",
      permission: .valid(upTo: "probe", days: 365)),
    .init(
      label: "edu", number: 2, english: "Education Bureau", chinese: "教育局",
      permission: .valid(upTo: "observe", days: 365)),
    .init(
      label: "health", number: 3, english: "Health Commission", chinese: "卫生健康委员会",
      permission: .valid(upTo: "probe", days: 20)),
    .init(
      label: "water", number: 4, english: "Water Works Company", chinese: "自来水公司",
      permission: .valid(upTo: "probe", days: 365)),
    .init(
      label: "transit", number: 5, english: "Public Transport Group", chinese: "公共交通集团",
      permission: .valid(upTo: "probe", days: 365)),
    .init(
      label: "culture", number: 6, english: "Museums and Libraries", chinese: "文化馆与图书馆",
      permission: .valid(upTo: "probe", days: 365)),
    .init(label: "sport", number: 7, english: "Sports Association", chinese: "体育总会", permission: .expired),
    .init(label: "help", number: 8, english: "Volunteers' Association", chinese: "志愿者协会", permission: .missing),
  ]

  package static let sites: [CitySite] = rows.map { $0.site }

  private static let rows: [Row] = [
    .init("gov", 1, "www", .https, "critical"),
    .init("gov", 1, "www", .http, "critical"),
    .init("gov", 2, "portal", .https, "critical"),
    .init("gov", 3, "mail", .https, "important", [.cookieNoSecure, .cookieNoHTTPOnly, .serverVersion]),
    .init("gov", 4, "services", .https, "critical", [.noHSTS]),
    .init("gov", 5, "old", .https, "ordinary", [.expired]),
    .init("gov", 6, "archive", .https, "ordinary", [.oldVersions]),
    .init("gov", 7, "petitions", .https, "important", [.noPolicy, .noFraming]),
    .init("gov", 8, "news", .http, "ordinary", [.noRedirect]),

    .init("edu", 1, "www", .https, "important"),
    .init("edu", 2, "exam", .https, "critical", [.expiresSoon]),
    .init("edu", 3, "library", .https, "ordinary", [.selfSigned]),
    .init("edu", 4, "school1", .https, "ordinary", [.wrongName]),
    .init("edu", 5, "school2", .https, "ordinary", [.noSniffing, .noReferrer]),
    .init("edu", 6, "kindergarten", .http, "ordinary", [.noRedirect, .serverVersion]),
    .init("edu", 7, "grades", .https, "important", [.cookieNoSecure, .cookieNoHTTPOnly, .cookieNoSameSite]),
    .init("edu", 8, "staff", .https, "ordinary", [.noTLS13]),

    .init("health", 1, "www", .https, "important"),
    .init("health", 2, "booking", .https, "critical", [.expired, .noHSTS]),
    .init("health", 3, "hospital1", .https, "important", [.weakKey]),
    .init("health", 4, "hospital2", .https, "important", [.sha1Signature]),
    .init("health", 5, "vaccines", .https, "important", [.incompleteChain]),
    .init("health", 6, "labs", .https, "ordinary", [.stalls]),
    .init("health", 7, "records", .https, "critical", [.nullCipher]),
    .init("health", 8, "pharmacy", .http, "ordinary", [.noRedirect, .poweredBy]),

    .init("water", 1, "www", .https, "critical"),
    .init("water", 1, "www", .http, "critical"),
    .init("water", 2, "control", .https, "critical", [.onlyOldVersions, .serverVersion]),
    .init("water", 3, "billing", .https, "important", [.cookieNoSecure, .noHSTS]),
    .init("water", 4, "meters", .https, "ordinary", [.resets]),
    .init("water", 5, "outage", .https, "ordinary", [.plainHTTP]),
    .init("water", 6, "status", .http, "ordinary", [.noRedirect, .serverVersion, .poweredBy]),

    .init("transit", 1, "www", .https, "important"),
    .init("transit", 2, "tickets", .https, "critical", [.unsafePolicy]),
    .init("transit", 3, "timetable", .https, "ordinary", [.shortHSTS]),
    .init("transit", 4, "cards", .https, "important", [.noForwardSecrecy]),
    .init("transit", 5, "bikes", .https, "ordinary", [.notYetValid]),
    .init("transit", 6, "parking", .https, "ordinary", [.poweredBy]),
    .init("transit", 7, "taxi", .http, "ordinary", [.noRedirect]),
    .init("transit", 8, "gate", .https, "ordinary", [.garbage]),

    .init("culture", 1, "www", .https, "ordinary"),
    .init("culture", 2, "museum", .https, "ordinary", [.noFraming]),
    .init("culture", 3, "opera", .https, "ordinary", [.expiresSoon, .cookieNoSameSite]),
    .init("culture", 4, "events", .https, "ordinary", [.serverError]),
    .init("culture", 5, "digital", .https, "ordinary", [.selfSigned, .serverVersion]),
    .init("culture", 6, "tours", .https, "ordinary", [.poweredBy, .noPolicy]),
    .init("culture", 7, "stage", .https, "ordinary", hasMoved: true),

    .init("sport", 1, "www", .https, "ordinary", [.expired]),
    .init("sport", 2, "stadium", .https, "ordinary", [.selfSigned]),
    .init("sport", 3, "races", .http, "ordinary", [.noRedirect]),

    .init("help", 1, "www", .https, "ordinary"),
    .init("help", 2, "blood", .https, "important", [.expired, .noHSTS]),
    .init("help", 3, "elderly", .http, "ordinary", [.noRedirect]),
  ]

  /// A line of the table, as one reads it.
  private struct Row {
    let site: CitySite

    init(
      _ label: String, _ number: UInt8, _ name: String, _ scheme: CitySite.Scheme, _ criticality: String,
      _ weaknesses: Set<Weakness> = [], hasMoved: Bool = false
    ) {
      let organisation = organisations.first { $0.label == label }?.number ?? 0
      site = CitySite(
        id: "\(label)-\(name)" + (scheme == .http ? "-plain" : ""), organisation: label,
        host: "\(name).\(label).\(domain)", address: "127.8.\(hasMoved ? 100 : organisation).\(number)",
        scheme: scheme, criticality: criticality, weaknesses: weaknesses, hasMoved: hasMoved)
    }
  }
}
