internal import Documents

/// Reads one `eve-log` output of a configuration.
struct EVESettingsReader {
  private(set) var settings: EVESettings
  private(set) var warnings: [(SourcePosition, String)] = []

  init(base: EVESettings) { settings = base }

  mutating func read(_ eve: DocumentValue) {
    if flag(eve, "enabled") == false { return }
    settings.enabled = true
    settings.fileName = text(eve, "filename") ?? settings.fileName
    settings.communityID = flag(eve, "community-id") ?? settings.communityID
    settings.communityIDSeed = UInt16(clamping: number(eve, "community-id-seed") ?? 0)
    settings.ethernet = flag(eve, "ethernet") ?? settings.ethernet
    settings.pcapFile = flag(eve, "pcap-file") ?? settings.pcapFile
    if let forwarded = eve["xff"] { readForwarded(forwarded) }
    guard let types = eve["types"] else { return }
    // The list says all: what it does not name is not written.
    settings.alert.enabled = false
    settings.http.enabled = false
    settings.dns.enabled = false
    settings.tls.enabled = false
    settings.files.enabled = false
    settings.anomaly.enabled = false
    settings.stats.enabled = false
    settings.flow = false
    settings.netflow = false
    for type in (try? types.list()) ?? [] {
      if let name = try? type.string() {
        read(type: name, DocumentValue(.null, at: type.position))
      } else {
        for entry in type.entries { read(type: entry.key, entry.value) }
      }
    }
  }

  private mutating func read(type: String, _ value: DocumentValue) {
    let isOn = flag(value, "enabled") ?? true
    switch type {
    case "alert": readAlert(value, isOn)
    case "http": readHTTP(value, isOn)
    case "dns": readDNS(value, isOn)
    case "tls": readTLS(value, isOn)
    case "files": readFiles(value, isOn)
    case "anomaly": readAnomaly(value, isOn)
    case "stats": readStats(value, isOn)
    case "flow": settings.flow = isOn
    case "netflow": settings.netflow = isOn
    case "arp": settings.arp = isOn
    default: if isOn { warnings.append((value.position, "eve-log type \"\(type)\" is not written by this version")) }
    }
  }

  private mutating func readAlert(_ value: DocumentValue, _ isOn: Bool) {
    settings.alert.enabled = isOn
    settings.alert.payload = flag(value, "payload") ?? false
    settings.alert.payloadPrintable = flag(value, "payload-printable") ?? false
    settings.alert.payloadLength = flag(value, "payload-length") ?? false
    settings.alert.payloadBufferSize = (try? value["payload-buffer-size"]?.byteCount()) ?? 4096
    settings.alert.packet = flag(value, "packet") ?? false
    settings.alert.httpBody = flag(value, "http-body") ?? false
    settings.alert.httpBodyPrintable = flag(value, "http-body-printable") ?? false
    settings.alert.verdict = flag(value, "verdict") ?? false
    if let forwarded = value["xff"] { readForwarded(forwarded) }
    guard let metadata = value["metadata"] else { return }
    if let all = try? metadata.bool() {
      settings.alert.appLayer = all
      settings.alert.flow = all
      settings.alert.ruleMetadata = all
      return
    }
    settings.alert.appLayer = flag(metadata, "app-layer") ?? true
    settings.alert.flow = flag(metadata, "flow") ?? true
    guard let rule = metadata["rule"] else { return }
    settings.alert.ruleMetadata = flag(rule, "metadata") ?? true
    settings.alert.ruleReferences = flag(rule, "reference") ?? false
    settings.alert.ruleText = flag(rule, "raw") ?? false
  }

  private mutating func readForwarded(_ value: DocumentValue) {
    settings.forwarded.enabled = flag(value, "enabled") ?? false
    settings.forwarded.mode = text(value, "mode") == "overwrite" ? .overwrite : .extraData
    settings.forwarded.reverse = text(value, "deployment") != "forward"
    settings.forwarded.header = text(value, "header") ?? "X-Forwarded-For"
  }

  private mutating func readHTTP(_ value: DocumentValue, _ isOn: Bool) {
    settings.http.enabled = isOn
    settings.http.extended = flag(value, "extended") ?? true
    settings.http.custom = names(value, "custom")
    switch text(value, "dump-all-headers") {
    case "both": settings.http.dumpAllHeaders = (true, true)
    case "request": settings.http.dumpAllHeaders = (true, false)
    case "response": settings.http.dumpAllHeaders = (false, true)
    default: settings.http.dumpAllHeaders = (false, false)
    }
  }

  private mutating func readDNS(_ value: DocumentValue, _ isOn: Bool) {
    settings.dns.enabled = isOn
    settings.dns.version = number(value, "version") == 2 ? 2 : 3
    settings.dns.requests = flag(value, "requests") ?? flag(value, "query") ?? true
    settings.dns.responses = flag(value, "responses") ?? flag(value, "answer") ?? true
    settings.dns.types = Set(names(value, "types").map { $0.uppercased() })
    let formats = names(value, "formats")
    settings.dns.detailed = formats.isEmpty || formats.contains("detailed")
    settings.dns.grouped = formats.isEmpty || formats.contains("grouped")
  }

  private mutating func readTLS(_ value: DocumentValue, _ isOn: Bool) {
    settings.tls.enabled = isOn
    settings.tls.extended = flag(value, "extended") ?? true
    settings.tls.sessionResumption = flag(value, "session-resumption") ?? true
    settings.tls.custom = names(value, "custom")
    settings.tls.ja4 = flag(value, "ja4") ?? false
  }

  private mutating func readFiles(_ value: DocumentValue, _ isOn: Bool) {
    settings.files.enabled = isOn
    let hashes = names(value, "force-hash")
    settings.files.forceMD5 = hashes.contains("md5") || flag(value, "force-md5") == true
    settings.files.forceSHA1 = hashes.contains("sha1")
    settings.files.forceSHA256 = hashes.contains("sha256")
    settings.files.forceMagic = flag(value, "force-magic") ?? false
  }

  private mutating func readAnomaly(_ value: DocumentValue, _ isOn: Bool) {
    settings.anomaly.enabled = isOn
    settings.anomaly.packetHeader = flag(value, "packethdr") ?? false
    guard let types = value["types"] else { return }
    settings.anomaly.decode = flag(types, "decode") ?? false
    settings.anomaly.stream = flag(types, "stream") ?? false
    settings.anomaly.appLayer = flag(types, "applayer") ?? true
  }

  private mutating func readStats(_ value: DocumentValue, _ isOn: Bool) {
    settings.stats.enabled = isOn
    settings.stats.nullValues = flag(value, "null-values") ?? true
  }

  private func flag(_ value: DocumentValue, _ key: String) -> Bool? { try? value[key]?.bool() }
  private func text(_ value: DocumentValue, _ key: String) -> String? { try? value[key]?.string() }
  private func number(_ value: DocumentValue, _ key: String) -> Int? { try? value[key]?.int() }
  private func names(_ value: DocumentValue, _ key: String) -> Set<String> {
    Set((try? value[key]?.strings()) ?? [])
  }
}
