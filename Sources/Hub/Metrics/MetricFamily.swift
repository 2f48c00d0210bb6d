/// Every family of figures that `GET /v1/metrics` tells, once: its name, its kind, its labels, and a line of help.
/// `Documentation/metrics.md` is compared with this table.
struct MetricFamily: Sendable {
  enum Kind: String, Sendable { case counter, gauge, histogram }
  let name: String
  let kind: Kind
  let labels: [String]
  let help: String

  private init(_ name: String, _ kind: Kind, _ help: String) { self.init(name, kind, [], help) }

  private init(_ name: String, _ kind: Kind, _ labels: [String], _ help: String) {
    self.name = "vigil_" + name
    self.kind = kind
    self.labels = labels
    self.help = help
  }

  /// A line of the page.
  var line: String {
    let labels = labels.isEmpty ? "-" : labels.map { "`\($0)`" }.joined(separator: ", ")
    return "| `\(name)` | \(kind.rawValue) | \(labels) | \(help) |"
  }

  static let build = Self("build_info", .gauge, ["version"], "1, with what runs")
  static let uptime = Self("uptime_seconds", .gauge, "how long the hub runs")
  static let ailments = Self("ailments", .gauge, "things that ail the hub; 0 where all is well")

  static let rows = Self("queue_rows", .gauge, ["wing", "severity", "state"], "rows of the queue")

  static let batches = Self(
    "ingest_batches_total", .counter, ["result"],
    "batches of sensors, scanners and followers: stored, or refused by the store")
  static let alerts = Self("ingest_alerts_total", .counter, "alerts that were stored")
  static let observations = Self("ingest_observations_total", .counter, "observations that were taken")
  static let duplicates = Self("ingest_duplicates_total", .counter, "records that came again and were not stored again")
  static let unreadable = Self("ingest_unreadable_total", .counter, "records that could not be read")
  static let missing = Self("ingest_missing_total", .counter, "records that never came, by their numbers")

  static let outbox = Self(
    "outbox_messages", .gauge, ["channel", "state"], "messages to receivers: waiting, delivered, dead")

  static let sensorState = Self("sensor_state", .gauge, ["sensor", "state"], "1 for the state that the sensor is in")
  static let sensorAge = Self("sensor_last_word_seconds", .gauge, ["sensor"], "since the sensor last told of itself")
  static let packets = Self("sensor_packets_total", .counter, ["sensor"], "packets that the sensor read")
  static let bytes = Self("sensor_bytes_total", .counter, ["sensor"], "bytes of those packets")
  static let sensorAlerts = Self("sensor_alerts_total", .counter, ["sensor"], "alerts that the sensor made")
  static let drops = Self("sensor_dropped_total", .counter, ["sensor", "cause"], "what the sensor lost, by cause")
  static let sensorSpool = Self(
    "sensor_spool_bytes", .gauge, ["sensor"], "what the sensor holds until the hub has stored it")

  static let scannerLate = Self("scanner_late", .gauge, ["scanner"], "1 while the scanner gives no sign of life")
  static let scannerJobs = Self(
    "scanner_jobs_total", .counter, ["scanner", "result"], "jobs that the scanner ended: completed, failed")
  static let scannerRunning = Self("scanner_jobs_running", .gauge, ["scanner"], "jobs that the scanner runs")

  static let sites = Self("scan_sites", .gauge, "sites of the inventory")
  static let fresh = Self("scan_sites_fresh", .gauge, "sites that were tested within their own interval")
  static let never = Self("scan_sites_never_tested", .gauge, "sites of which nothing is known yet")
  static let denied = Self("scan_sites_not_authorised", .gauge, "sites that no valid authorisation covers")
  static let running = Self("scan_jobs_running", .gauge, "jobs that are leased")
  static let due = Self("scan_jobs_due", .gauge, ["class"], "jobs whose time has come, by class of cadence")
  static let lag = Self("scan_lag_seconds", .gauge, ["class"], "how long the one that waits longest is over its time")
  static let coverage = Self(
    "coverage", .gauge, ["engine", "status"], "pairs of site and engine by what is known of them")

  static let requests = Self(
    "http_requests_total", .counter, ["method", "endpoint", "status"], "requests that were answered")
  static let durations = Self(
    "http_request_duration_seconds", .histogram, ["method", "endpoint", "status"],
    "time until the answer was made; of a stream until it began")
  static let clients = Self("stream_clients", .gauge, "clients that listen to the live stream")

  static let storeBytes = Self("store_bytes", .gauge, "pages in use of the store's file")
  static let storeFault = Self("store_fault", .gauge, "1 while the store takes nothing")
  static let auditHead = Self("audit_head_id", .gauge, "number of the audit log's last entry")

  static let all: [MetricFamily] = [
    build, uptime, ailments, rows, batches, alerts, observations, duplicates, unreadable, missing, outbox, sensorState,
    sensorAge, packets, bytes, sensorAlerts, drops, sensorSpool, scannerLate, scannerJobs, scannerRunning, sites, fresh,
    never, denied, running, due, lag, coverage, requests, durations, clients, storeBytes, storeFault, auditHead,
  ]
}
