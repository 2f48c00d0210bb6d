package import Records
package import Scheduling
package import Wire

/// What `vigil.yaml` says. Every value has a default; `ConfigurationKeys.table` describes each key.
package struct Configuration: Sendable, Equatable {
  package var city = "Vigil"
  package var language = Language.en
  /// The folder of everything that Vigil keeps; made 0700.
  package var data = DataFolder(path: DataFolder.usual)
  package var sensor = Sensor()
  package var rules = Rules()
  package var content = Content()
  package var eve = EVE()
  package var scan = Scan()
  package var cadence = Cadence()
  package var inventory = InventorySource()
  package var webhook: Webhook?
  package var delivery = Delivery()
  package var retention = Retention()
  package var watch = Watch()
  package var notices = Notices()
  package var duty = Duty()
  package var api = API()
  package var people = People()
  /// Where it was read; nil for the defaults.
  package var file: String?

  package init() {}

  package enum Language: String, Sendable, CaseIterable { case en, zh }

  package struct Sensor: Sendable, Equatable {
    package var enabled = true
    package var name = "sensor-1"
    /// Empty: the operator must name it.
    package var interface = ""
    package var filter = ""
    package var snapLength = 65_535
    package var bufferBytes = 64 << 20
    package var verifiesChecksums = true
    /// Who the sensor becomes once its source is open, when it was started by root.
    package var user = "nobody"
    package var rawEvidence = false
  }

  package struct Rules: Sendable, Equatable {
    package var files: [String] = []
    /// The folder of the indicator tree; nil: the installed one.
    package var posture: String?
    /// The file of the grading guide of incidents; nil: the installed one.
    package var incidents: String?
    package var variables: [String: String] = [
      "HOME_NET": "[192.168.0.0/16,10.0.0.0/8,172.16.0.0/12]", "EXTERNAL_NET": "any",
    ]
    /// Networks that are ours, for the protected end of an alert.
    package var home: [IPPrefix] = ["192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12"].compactMap { IPPrefix($0) }
  }

  package struct Content: Sendable, Equatable {
    /// Files with the public keys whose signature under a bundle counts.
    package var keys: [String] = []
    /// Content older than this is told: threats, roots and dates of support change by the month.
    package var staleDays = 30
  }

  package struct EVE: Sendable, Equatable {
    package var enabled = true
    /// Relative to the data folder.
    package var file = "eve/eve.json"
    package var rotateBytes = 256 << 20
    package var rotateSeconds = 86_400
    package var keep = 7
    package var types = ["alert", "flow", "http", "tls", "dns", "stats", "anomaly"]
  }

  package struct Scan: Sendable, Equatable {
    package var enabled = true
    package var allow: [IPPrefix] = []
    package var engines = ["tls", "certificate", "availability", "http", "dns", "ports", "content", "templates"]
    /// Seconds between any two scans of a site by an engine; nil: as `cadence` says.
    package var interval: Double?
    package var jitter = 0.1
    package var concurrency = 32
    package var jobsPerAddress = 2
    package var jobsPerPlatform = 4
    package var jobsPerNetwork = 8
    package var connectionsPerAddress = 2
    package var connectsPerSecond = 10.0
    package var requestsPerSecond = 1.0
    package var userAgent = "Vigil/1 (+https://vigil.invalid/scanner)"
    /// External tools that lie elsewhere than in the usual folders: tool -> absolute path.
    package var programs: [String: String] = [:]
    package var nucleiTemplates: String?
    package var nucleiPin: String?
    package var templates = Templates()
    /// Whom the DNS engine asks; empty: those of /etc/resolv.conf.
    package var resolver: [NameServer] = []
    /// Whom the availability engine asks too before a name without address is down; nil: the first of `resolver`.
    package var secondResolver: NameServer?
    /// DS or DNSKEY records; empty: the root's own, as far as the system has them.
    package var trustAnchors: [String] = []
    /// Stores that chains are held against, the first of which decides; empty: the system's.
    package var trustStores: [TrustStore] = []
    package var asksRevocation = false
    /// Networks that sites see scans come from: what the owners are told. Nothing is bound to them.
    package var addresses: [IPPrefix] = []
    /// Whom the owner of a site may call about a scan.
    package var contact = ""
  }

  /// Of the engine `templates`.
  package struct Templates: Sendable, Equatable {
    /// Templates that run beside those that come with Vigil; nil: none.
    package var folder: String?
    /// Ids of templates that run although something stands against them.
    package var allow: [String] = []
    /// The deep ones run too.
    package var deep = false
  }

  package struct InventorySource: Sendable, Equatable {
    /// Inventory files (CSV or YAML), relative to the configuration; read at every start.
    package var files: [String] = []
    /// The configuration's own `sites`, `organisations` and `authorisations` are read from it as from a file.
    package var isInline = false
  }

  package struct Webhook: Sendable, Equatable {
    package var url: String
    package var secret: String
    package var severity = Severity.critical
    package var timeoutSeconds = 10.0
    package var attempts = 12
  }

  package struct Retention: Sendable, Equatable {
    package var ageSeconds = 180.0 * 86_400
    package var bytes = 10 << 30
  }

  package struct Notices: Sendable, Equatable {
    /// Findings this bad and worse become drafts by themselves.
    package var severity = Severity.high
    /// `{city}`, `{year}` and `{number}` are put in.
    package var number = "{city}-{year}-{number}"
    /// Where the owners' page is reached; links are below it. Empty: messages carry no link.
    package var page = ""
    /// Certificates' ends are told without a person's word, to an address that has proved itself.
    package var isByRule = true
    /// The folder of templates, clocks and calendar; nil: the installed one.
    package var folder: String?
  }

  package struct API: Sendable, Equatable {
    /// Whose members may come to the Unix socket, where there is such a group; empty: nobody beside the hub's own user and
    /// root.
    package var group = API.usualGroup
    package static let usualGroup = "vigil"
    package var listener: Listener?
    /// Of each person and each token.
    package var requestsPerSecond = 50.0
    package var burst = 200.0

    /// The TCP port, with TLS or not at all.
    package struct Listener: Sendable, Equatable {
      package var address: IPAddress
      package var port: UInt16
      /// PEM: the certificate with its chain, and its key.
      package var certificate: String
      package var key: String
      package init(address: IPAddress, port: UInt16, certificate: String, key: String) {
        self.address = address
        self.port = port
        self.certificate = certificate
        self.key = key
      }
    }
  }

  package struct People: Sendable, Equatable {
    /// What a user of this machine is whom nobody has put; nil: nobody.
    package var unknown: PersonRole?
  }

  package struct Watch: Sendable, Equatable {
    /// A sensor or scanner that said nothing for so long is late, and an alert.
    package var lateSeconds = 10.0
    package var acknowledgeCriticalSeconds = 300.0
    package var acknowledgeHighSeconds = 900.0
    /// A suppression that nobody looks at again hides what it was not made for.
    package var suppressionLongestSeconds = mostSuppressionSeconds
    static let mostSuppressionSeconds = 90 * 86_400.0
  }

  /// Of the duty watch.
  package struct Duty: Sendable, Equatable {
    /// The roster in force; empty: the first by id.
    package var roster = ""
    package var assignSeconds = 60.0
    package var rounds = 3
    package var holdCriticalSeconds = 1800.0
    package var holdHighSeconds = 7200.0
    package var pagesPerHour = 10
    package var takeSeconds = 900.0
    package var guardFactor = 0.5
    /// Seconds behind midnight.
    package var zeroReportSeconds = 17 * 3600
    /// The operator's own start checklist; nil: the one that comes with Vigil.
    package var checklist: String?
    /// Where the canary's packets go; nil: there is none.
    package var canary: IPAddress?
    package var canarySeconds = 60.0
    package var canaryLateSeconds = 30.0
    /// `sensor/NAME`, `scanner/NAME`: whose absence is an alert although they never came.
    package var expects: [String] = []
    /// Who is told that Vigil lives.
    package var heartbeat: String?
    package var heartbeatSeconds = 60.0

    func clocks(_ watch: Watch) -> DutyClocks {
      DutyClocks(
        assign: assignSeconds, acknowledgeCritical: watch.acknowledgeCriticalSeconds,
        acknowledgeHigh: watch.acknowledgeHighSeconds, rounds: rounds, holdCritical: holdCriticalSeconds,
        holdHigh: holdHighSeconds, pagesPerHour: pagesPerHour, take: takeSeconds, guardFactor: guardFactor)
    }
  }
}
