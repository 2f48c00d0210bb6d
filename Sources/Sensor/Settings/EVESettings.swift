/// Which EVE records are written and what goes into them: one field an `eve-log` option of Suricata's, whose
/// defaults these are.
package struct EVESettings: Sendable {
  package struct AlertSettings: Sendable {
    package var enabled = true
    package var payload = false
    package var payloadPrintable = false
    package var payloadLength = false
    package var payloadBufferSize = 4096
    package var packet = false
    package var httpBody = false
    package var httpBodyPrintable = false
    /// The application-layer record, flow and rule facts that an alert carries along.
    package var appLayer = true
    package var flow = true
    package var ruleMetadata = true
    package var ruleReferences = false
    package var ruleText = false
    package var verdict = false
  }

  package struct HTTPSettings: Sendable {
    package var enabled = false
    package var extended = true
    package var custom: Set<String> = []
    package var dumpAllHeaders: (request: Bool, response: Bool) = (false, false)
  }

  package struct DNSSettings: Sendable {
    package var enabled = false
    /// 2 (one record a message, `query` and `answer`) or 3 (`request` and `response`).
    package var version = 3
    package var requests = true
    package var responses = true
    /// `detailed` and `grouped` forms of answers.
    package var detailed = true
    package var grouped = true
    /// Upper-case names of record types to keep; empty: all.
    package var types: Set<String> = []
  }

  package struct TLSSettings: Sendable {
    package var enabled = false
    package var extended = true
    package var sessionResumption = true
    /// Names of fields; empty: the basic or extended set.
    package var custom: Set<String> = []
    package var ja4 = false
  }

  package struct FileSettings: Sendable {
    package var enabled = false
    package var forceMD5 = false
    package var forceSHA1 = false
    package var forceSHA256 = false
    package var forceMagic = false
  }

  package struct AnomalySettings: Sendable {
    package var enabled = false
    package var decode = false
    package var stream = false
    package var appLayer = true
    package var packetHeader = false
  }

  package struct StatsSettings: Sendable {
    package var enabled = false
    package var interval = 8
    /// Counters that are zero are written too.
    package var nullValues = true
    package var decoderEvents = true
    package var streamEvents = true
  }

  /// Where the client's address is taken from behind a proxy.
  package struct ForwardedSettings: Sendable {
    package enum Mode: Sendable { case extraData, overwrite }
    package var enabled = false
    package var mode = Mode.extraData
    /// False: forward proxy (the first address of the header), true: reverse proxy (the last).
    package var reverse = true
    package var header = "X-Forwarded-For"
  }

  package var enabled = true
  package var fileName = "eve.json"
  package var alert = AlertSettings()
  package var http = HTTPSettings()
  package var dns = DNSSettings()
  package var tls = TLSSettings()
  package var files = FileSettings()
  package var anomaly = AnomalySettings()
  package var stats = StatsSettings()
  package var flow = false
  package var netflow = false
  package var arp = false
  package var communityID = false
  package var communityIDSeed: UInt16 = 0
  package var ethernet = false
  package var pcapFile = false
  package var forwarded = ForwardedSettings()

  package init() {}

  /// Everything that this version can write: the default of Vigil's own configuration.
  package static var full: EVESettings {
    var settings = EVESettings()
    settings.http.enabled = true
    settings.dns.enabled = true
    settings.tls.enabled = true
    settings.files.enabled = true
    settings.anomaly.enabled = true
    settings.stats.enabled = true
    settings.flow = true
    return settings
  }
}
