internal import Records
internal import Wire

/// When makers stop mending what they made: announced by PHP, Python, OpenSSL, Drupal, Tomcat and Microsoft by the day,
/// and by nginx and Apache by the release that took a branch's place. A branch whose end is not surely known is not
/// here, and nothing is said of it. A distribution may mend a version for longer, so the answer speaks of the maker
/// alone.
enum EndOfSupport {
  struct Entry {
    var product: String
    /// The branch: a version that equals it or begins with it and a dot.
    var branch: String
    var end: String
  }

  static let entries: [Entry] = [
    ("Apache", ["1.3": "2010-02-03", "2.0": "2013-07-10", "2.2": "2017-07-11"]),
    (
      "nginx",
      [
        "0": "2011-04-12", "1.0": "2012-04-23", "1.2": "2013-04-24", "1.4": "2014-04-24", "1.6": "2015-04-21",
        "1.8": "2016-04-26", "1.10": "2017-04-12", "1.12": "2018-04-17", "1.14": "2019-04-23", "1.16": "2020-04-21",
        "1.18": "2021-04-20", "1.20": "2022-05-24", "1.22": "2023-04-11", "1.24": "2024-04-23", "1.26": "2025-04-23",
        // The branches of development end as the stable one made of them begins.
        "1.1": "2012-04-23", "1.3": "2013-04-24", "1.5": "2014-04-24", "1.7": "2015-04-21", "1.9": "2016-04-26",
        "1.11": "2017-04-12", "1.13": "2018-04-17", "1.15": "2019-04-23", "1.17": "2020-04-21", "1.19": "2021-04-20",
        "1.21": "2022-05-24", "1.23": "2023-04-11", "1.25": "2024-04-23", "1.27": "2025-04-23",
      ]
    ),
    (
      "PHP",
      [
        "4": "2008-08-07", "5.0": "2005-09-05", "5.1": "2006-08-24", "5.2": "2011-01-06", "5.3": "2014-08-14",
        "5.4": "2015-09-03", "5.5": "2016-07-21", "5.6": "2018-12-31", "7.0": "2019-01-10", "7.1": "2019-12-01",
        "7.2": "2020-11-30", "7.3": "2021-12-06", "7.4": "2022-11-28", "8.0": "2023-11-26", "8.1": "2025-12-31",
        "8.2": "2026-12-31", "8.3": "2027-12-31", "8.4": "2028-12-31", "8.5": "2029-12-31",
      ]
    ),
    // By the Windows Server that it came with.
    (
      "Microsoft-IIS",
      [
        "5": "2010-07-13", "6": "2015-07-14", "7": "2020-01-14", "8": "2023-10-10",
      ]
    ),
    (
      "Tomcat",
      [
        "5.5": "2012-09-30", "6": "2016-12-31", "7": "2021-03-31", "8.0": "2018-06-30", "8.5": "2024-03-31",
        "9.0": "2027-03-31", "10.0": "2022-10-31",
      ]
    ),
    (
      "OpenSSL",
      [
        "0.9": "2015-12-31", "1.0.0": "2015-12-31", "1.0.1": "2016-12-31", "1.0.2": "2019-12-31",
        "1.1.0": "2019-09-11", "1.1.1": "2023-09-11", "3.0": "2026-09-07", "3.1": "2025-03-14", "3.2": "2025-11-23",
        "3.3": "2026-04-09", "3.4": "2026-10-22", "3.5": "2030-04-08",
      ]
    ),
    ("Jetty", ["9.3": "2020-12-07", "10": "2025-01-01", "11": "2025-01-01"]),
    (
      "Python",
      [
        "2": "2020-01-01", "3.5": "2020-09-30", "3.6": "2021-12-23", "3.7": "2023-06-27", "3.8": "2024-10-07",
        "3.9": "2025-10-31", "3.11": "2027-10-31", "3.12": "2028-10-31", "3.13": "2029-10-31",
      ]
    ),
    ("Drupal", ["6": "2016-02-24", "7": "2025-01-05", "8": "2021-11-02", "9": "2023-11-01"]),
    ("Bootstrap", ["3": "2019-07-24", "4": "2023-01-01"]),
    ("AngularJS", ["1": "2021-12-31"]),
    ("Vue", ["2": "2023-12-31"]),
  ].flatMap { product, branches in
    branches.sorted { $0.key < $1.key }.map { Entry(product: product, branch: $0.key, end: $0.value) }
  }

  /// Names by which banners call them.
  private static let aliases = ["apache-coyote": "", "apache-tomcat": "tomcat", "tomcat": "tomcat"]

  static func entry(_ product: Technologies.Product) -> Entry? {
    let lower = product.name.lowercased()
    let name = aliases[lower] ?? lower
    let version = Substring(product.version).drop { $0 == "v" }
    // Letters end a number: `1.0.2k-fips`, `9.3.1.v2015`.
    let numbers = version.prefix { $0.isNumber || $0 == "." }
    return entries.filter { entry in
      entry.product.lowercased() == name
        && (numbers == entry.branch || numbers.hasPrefix(entry.branch + "."))
    }.max { $0.branch.count < $1.branch.count }
  }

  static func answer(_ products: [Technologies.Product], at now: Timestamp) -> CheckAnswer {
    let id = "http.technology.end_of_support"
    let known = products.filter { !$0.version.isEmpty }
    let today = now.text.prefix(10)
    let past = known.compactMap { product in
      entry(product).flatMap { $0.end < today ? "\(product.shown): the maker's support ended \($0.end)" : nil }
    }
    if !past.isEmpty { return CheckAnswer(id, .yes, past.joined(separator: "; ")) }
    let supported = known.filter { entry($0) != nil }
    guard !supported.isEmpty else {
      let names = known.isEmpty ? "no product tells its version" : "no end of support is known of \(shown(known))"
      return CheckAnswer(id, .notDetermined(reason: "does not apply: \(names)"))
    }
    return CheckAnswer(id, .no, shown(supported))
  }

  private static func shown(_ products: [Technologies.Product]) -> String {
    products.map(\.shown).joined(separator: ", ")
  }
}
