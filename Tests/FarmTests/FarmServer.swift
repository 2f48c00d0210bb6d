/// A row of the farm's table, as Tests/Farm/farm.py tells it: where the server listens, and what is true of it.
struct FarmServer: Decodable, Sendable {
  /// What an engine can see of a server: all that is true; some, with a reason for the rest; or nothing.
  enum Sight: String, Decodable, Sendable { case all, some, nothing }

  var name: String
  var software: String
  var address: String
  var port: UInt16
  var scheme: String
  var host: String
  var engines: [String]
  var sees: Sight
  /// Parts of the sentences that are right reasons for *not determined* here.
  var reasons: [String]
  /// Milliseconds that one exchange may take; nil: the farm's.
  var patience: Int?
  var startTLS: String?

  var versions: [String]
  var groups: [String]
  /// `server` or `client`.
  var prefers: String
  var dh: Int?
  var compression: Bool?
  /// Whether RFC 5746 is spoken; nil: it is.
  var renegotiation: Bool?
  /// Whether a hello of a newer version is refused; nil: it is not.
  var intolerant: Bool?
  var hasFallbackSCSV: Bool
  var hasMasterSecret: Bool
  /// Digests that key exchanges may be signed with.
  var signatures: [String]
  var truth: Truth
  var page: Page?

  /// Checks that the row's own content makes true.
  var shows: [String]
  /// Checks that must stay open, with a part of the right reason.
  var leaves: [String: String]
  /// What one wrong message shows: `heartbleed`, `ccs_injection`, `robot`, `ticketbleed`.
  var weaknesses: [String]
  /// Whether a client may begin a second handshake.
  var secondHandshake: Bool
  /// `good`: one that can be read; else there is none.
  var securityText: String?
  /// What is stapled to its certificate: `good`, `revoked`, or one about `another`.
  var staple: String?
  /// A product whose end of support is known and has not come is told.
  var tellsProduct: Bool?
  var site: Site?
  /// Where its files are, what they hold that no output may, and what a second look finds in their place.
  var root: String?
  var planted: [String]?
  var next: [String: String]?
  /// True of the second look; nil: there is none. And how many looks come before it.
  var thenShows: [String]?
  var looks: Int?
  /// The rows whose ports a sweep asks, and those ports.
  var ports: [String]?
  var numbers: [UInt16]

  struct Site: Decodable, Sendable {
    var http2: Bool?
  }

  struct Truth: Decodable, Sendable {
    /// IANA names by version, in the server's order.
    var suites: [String: [String]]
    var certificates: [Certificate]
  }

  struct Certificate: Decodable, Sendable {
    var daysSinceStart: Int
    var daysLeft: Int
    var namesHost: Bool
    var isSelfSigned: Bool
    var isTrusted: Bool
    var isComplete: Bool
    var isOrdered: Bool
    var sendsRoot: Bool
    var key: String
    var isKeyWeak: Bool
    var isSignatureWeak: Bool
    var count: Int
    var hasNames: Bool
    var isAuthority: Bool
    var isForServers: Bool
    var mustStaple: Bool
    /// A certificate is sent twice.
    var repeats: Bool
    /// An intermediate that is sent is out of date.
    var sendsLate: Bool
    var coversSuffix: Bool
  }

  /// What the page's head says; nil: it says nothing of it.
  struct Page: Decodable, Sendable {
    struct HSTS: Decodable, Sendable {
      var age: Int
      var subdomains: Bool?
      var preload: Bool?
    }
    struct Policy: Decodable, Sendable {
      var isUnsafe: Bool
      var limitsFraming: Bool?
    }
    struct Cookie: Decodable, Sendable {
      var secure: Bool?
      var httponly: Bool?
      var samesite: String?
    }
    var status: Int?
    /// Where it redirects; absent: it does not.
    var location: String?
    var hsts: HSTS?
    var csp: Policy?
    var nosniff: Bool?
    var framing: String?
    var referrer: String?
    var powered: String?
    var server: String?
    var cookies: [Cookie]?
    /// Further fields of the head.
    var heads: [String: String]?
  }
}
