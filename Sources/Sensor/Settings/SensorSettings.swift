package import Decode
package import Flow

/// Everything that a worker is told: packets in, records out. The defaults work; only the command line and the
/// readers of configuration files change them.
package struct SensorSettings: Sendable {
  package var eve = EVESettings()
  package var decoder = DecoderConfiguration()
  package var flow = FlowConfiguration()
  package var applications = ApplicationSettings()
  package var detection = DetectionSettings()
  package init() {}
}

/// Which application protocols are parsed, and how far.
package struct ApplicationSettings: Sendable {
  package var http = true
  package var tls = true
  package var dns = true
  package var requestBodyLimit = 100 << 10
  package var responseBodyLimit = 100 << 10
  package var decompressionLayers = 2
  package var lzma = false
  package var doubleDecodePath = false
  package var doubleDecodeQuery = false
  package var ja3 = false
  package var ja4 = false
}

/// What rules see beside traffic.
package struct DetectionSettings: Sendable {
  package var addressVariables: [(name: String, value: String)] = []
  package var portVariables: [(name: String, value: String)] = []
  package var classificationFile: String?
  package var referenceFile: String?
  package var thresholdFile: String?
  /// Alerts that one packet may raise; Suricata's `packet-alert-max`.
  package var maximumAlertsPerPacket = 15
  package var ruleFiles: [String] = []
}
