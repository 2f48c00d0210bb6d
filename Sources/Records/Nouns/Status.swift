package import Wire

/// What was lost, how much of it, and why: `spool full`, `kernel ring`, `oversized record`.
package struct DropCount: Codable, Sendable, Hashable {
  package var cause: String
  package var count: UInt64
  package init(cause: String, count: UInt64) {
    self.cause = cause
    self.count = count
  }

  package var title: BilingualText { BilingualText(en: cause, zh: DropCount.chinese[cause] ?? cause) }

  /// By the causes that our own programs tell.
  private static let chinese = [
    "the capture ring was full: the sensor was too slow": "采集缓冲区满：探针处理不及",
    "the network card or its driver dropped it": "网卡或驱动丢弃",
    "the flow table was full": "流表已满",
    "stream memory was full": "流重组内存已满",
    "EVE lines could not be written": "EVE 日志无法写入",
    "oversized record": "记录过大",
    "spool full": "暂存已满",
    "spool not writable": "暂存无法写入",
  ]
}

/// A stretch in which a sensor saw nothing: stated by the boot that follows.
package struct BlindInterval: Codable, Sendable, Hashable {
  package var sensor: String
  package var from: Timestamp
  package var until: Timestamp
  package var seconds: Double
  /// Packets that the link carried meanwhile, where it can be said (interface counters); nil where not.
  package var packets: UInt64?
  package var reason: String
  package init(
    sensor: String, from: Timestamp, until: Timestamp, packets: UInt64? = nil, reason: String
  ) {
    self.sensor = sensor
    self.from = from
    self.until = until
    self.seconds = Double(until.nanoseconds(since: from)) / 1e9
    self.packets = packets
    self.reason = reason
  }
}

/// A sensor's heartbeat. Counters rise from the boot's start.
package struct SensorStatus: Codable, Sendable, Hashable {
  package var sensor: String
  package var boot: UInt64
  package var time: Timestamp
  package var started: Timestamp
  package var interface: String
  /// Nil while it sees; a sentence while it is blind ("no right to capture on eth0: ...").
  package var blind: String?
  package var packets: UInt64
  package var bytes: UInt64
  package var flows: UInt64
  package var alerts: UInt64
  package var rulesLoaded: Int
  package var rulesRefused: Int
  package var spoolBytes: UInt64
  package var drops: [DropCount]
  /// Which imported content it works with (`ContentState.mark`); nil where it was given files of its own.
  package var content: String?
  /// What it could see of ended flows; nil from a sensor that does not count it.
  package var sight: TrafficSight?
  /// Since the last that was told, once a minute; nil in between.
  package var ends: TrafficEnds?
  package init(
    sensor: String, boot: UInt64, time: Timestamp, started: Timestamp, interface: String, blind: String? = nil,
    packets: UInt64 = 0, bytes: UInt64 = 0, flows: UInt64 = 0, alerts: UInt64 = 0, rulesLoaded: Int = 0,
    rulesRefused: Int = 0, spoolBytes: UInt64 = 0, drops: [DropCount] = [], content: String? = nil,
    sight: TrafficSight? = nil, ends: TrafficEnds? = nil
  ) {
    self.sight = sight
    self.ends = ends
    self.content = content
    self.sensor = sensor
    self.boot = boot
    self.time = time
    self.started = started
    self.interface = interface
    self.blind = blind
    self.packets = packets
    self.bytes = bytes
    self.flows = flows
    self.alerts = alerts
    self.rulesLoaded = rulesLoaded
    self.rulesRefused = rulesRefused
    self.spoolBytes = spoolBytes
    self.drops = drops
  }
}

/// A scanner's heartbeat.
package struct ScannerStatus: Codable, Sendable, Hashable {
  package var scanner: String
  package var boot: UInt64
  package var time: Timestamp
  package var started: Timestamp
  package var running: Int
  package var connectionsOpen: Int
  package var jobsCompleted: UInt64
  package var jobsFailed: UInt64
  package var spoolBytes: UInt64
  package var drops: [DropCount]
  /// Of its machine, loopback and link-local ones left out: what sites see unless a gateway translates them.
  package var addresses: [IPAddress]?
  /// Which imported content it works with (`ContentState.mark`).
  package var content: String?
  package init(
    scanner: String, boot: UInt64, time: Timestamp, started: Timestamp, running: Int = 0, connectionsOpen: Int = 0,
    jobsCompleted: UInt64 = 0, jobsFailed: UInt64 = 0, spoolBytes: UInt64 = 0, drops: [DropCount] = [],
    addresses: [IPAddress]? = nil, content: String? = nil
  ) {
    self.content = content
    self.addresses = addresses
    self.scanner = scanner
    self.boot = boot
    self.time = time
    self.started = started
    self.running = running
    self.connectionsOpen = connectionsOpen
    self.jobsCompleted = jobsCompleted
    self.jobsFailed = jobsFailed
    self.spoolBytes = spoolBytes
    self.drops = drops
  }
}
