/// One key of `vigil.yaml`: its dotted path, its default as YAML, and a sentence.
package struct ConfigurationKey: Sendable, Equatable {
  package let path: String
  package let usual: String
  package let meaning: String
  init(_ path: String, _ usual: String, _ meaning: String) {
    self.path = path
    self.usual = usual
    self.meaning = meaning
  }
}

/// Every key there is. The reader refuses others; the default file and `Documentation/configuration.md` are made
/// from the table.
package enum ConfigurationKeys {
  package static let table: [ConfigurationKey] = [
    .init("city", "Vigil", "the name on the screen"),
    .init("language", "en", "en or zh: titles on screens and in notices"),
    .init("data", "\"\"", "folder of everything kept; empty: /var/lib/vigil for root, else ~/.local/state/vigil"),

    .init("sensor.enabled", "yes", "no: no packet is captured here"),
    .init("sensor.name", "sensor-1", "this sensor's name in the queue"),
    .init("sensor.interface", "\"\"", "the interface to capture on; empty: vigil up asks for it on a terminal"),
    .init("sensor.filter", "\"\"", "a BPF filter (pcap-filter(7)); empty: everything"),
    .init("sensor.snapLength", "65535", "bytes kept of each packet, 64 to 262144"),
    .init("sensor.buffer", "64mb", "the kernel's ring for packets, 1mb to 2gb"),
    .init("sensor.checksums", "yes", "no: packets with wrong checksums are inspected all the same"),
    .init("sensor.user", "nobody", "who sensor and scanner become, once the source is open, when root started them"),
    .init("sensor.rawEvidence", "no", "yes: passwords, cookies and personal numbers are kept unmasked"),

    .init(
      "rules.files", "[]",
      "rule files, * allowed, relative to this file; empty: those of the bundle in force, else those that come with Vigil"
    ),
    .init(
      "rules.posture", "\"\"",
      "folder of the indicator tree; empty: that of the bundle in force, else the one that comes with Vigil"),
    .init(
      "rules.incidents", "\"\"", "file of the guide that incidents are graded by; empty: the one that comes with Vigil"),
    .init("rules.variables", "{}", "rule variables such as HOME_NET: \"[10.0.0.0/8]\""),

    .init(
      "content.keys", "[]", "files with the public keys (PEM) whose signature under a bundle of content counts"),
    .init("content.staleDays", "30", "rules, templates and tables older than this are told as old, 1 to 3650"),

    .init("eve.enabled", "yes", "no: no EVE lines are written, alerts still reach the queue"),
    .init("eve.file", "eve/eve.json", "where, relative to the data folder"),
    .init("eve.rotateSize", "256mb", "a new file when this one is so large"),
    .init("eve.rotateEvery", "1d", "a new file after so long"),
    .init("eve.keep", "7", "rotated files kept"),
    .init("eve.types", "[alert, flow, http, tls, dns, stats, anomaly]", "the event types written"),

    .init("scan.enabled", "yes", "no: no site is scanned"),
    .init("scan.allow", "[]", "networks that may be scanned though they are private, loopback or reserved"),
    .init(
      "scan.engines", "[tls, certificate, availability, http, dns, ports, content, templates]",
      "the engines that run on every site that names none"),
    .init("scan.interval", "\"\"", "between any two scans of a site by an engine; empty: as cadence says"),
    .init("scan.jitter", "0.1", "part of the interval by which each scan is moved at random, 0 to 0.5"),
    .init("scan.concurrency", "32", "jobs at once, 1 to 512"),
    .init("scan.jobsPerAddress", "2", "jobs at once on one address that the inventory names, 1 to 64"),
    .init("scan.jobsPerPlatform", "4", "jobs at once on one platform, 1 to 512"),
    .init("scan.jobsPerNetwork", "8", "jobs at once in one /24 or /48, 1 to 512"),
    .init("scan.connectionsPerAddress", "2", "connections open to one address, 1 to 16"),
    .init("scan.connectsPerSecond", "10", "connects to one address a second, 0.1 to 100"),
    .init("scan.requestsPerSecond", "1", "HTTP requests to one address a second, 0.1 to 100"),
    .init(
      "scan.programs", "{}",
      "external tools that lie elsewhere: sslscan: /opt/bin/sslscan; sites or scan.engines must name a tool"),
    .init("scan.nucleiTemplates", "\"\"", "folder of the templates that nuclei may run, relative to this file"),
    .init("scan.nucleiPin", "\"\"", "hash of that folder, as vigil engines tells it; without it nuclei is not used"),
    .init(
      "scan.templates.folder", "\"\"",
      "folder of web checks that run beside those that come with Vigil, relative to this file; empty: none"),
    .init(
      "scan.templates.allow", "[]", "ids of templates that run although they are refused, as vigil templates tells it"),
    .init(
      "scan.templates.deep", "no", "yes: also templates that look for what is rare: some 190 requests a site, not 56"),
    .init(
      "scan.userAgent", "\"Vigil/1 (+https://vigil.invalid/scanner)\"", "what sites see; name a page that explains"),
    .init(
      "scan.resolver", "[]", "servers that the dns engine asks, with @port where it is not 53; empty: /etc/resolv.conf"),
    .init(
      "scan.secondResolver", "\"\"",
      "asked too before a name without address is down; empty: those of scan.resolver, and without them nobody"),
    .init(
      "scan.trustAnchor", "\"\"",
      "file of DS or DNSKEY records that DNSSEC is checked against; empty: the root's, where the system has it"),
    .init(
      "scan.trustStores", "[]",
      "trusted roots: system, a file in PEM, content:NAME.pem of a bundle, or {name, path, public}; the first decides; empty: system, then those of the bundle"
    ),
    .init(
      "scan.asksRevocation", "no", "yes: a certificate's authority is asked whether it was revoked (OCSP, CRL)"),
    .init(
      "scan.addresses", "[]", "addresses and networks that sites see scans come from, for the notice to their owners"),
    .init("scan.contact", "\"\"", "whom the owner of a site may call about a scan, for the same notice"),

    .init("cadence.availability", "[1m, 5m]", "how often a site is looked for: a critical one, any other"),
    .init("cadence.watch", "[5m, 15m]", "home page, DNS answer and certificate: of a critical site, of any other"),
    .init("cadence.pages", "6h", "inner pages"),
    .init(
      "cadence.risk", "[12h, 1d, 4d, 7d]",
      "tls, http, ports, templates: by the worst open: critical, high, medium, clean; a step slower per clean scan"
    ),

    .init(
      "inventory", "[]", "files (CSV, YAML or JSON) with sites, organisations and authorisations, relative to this file"
    ),
    .init("sites", "[]", "sites written here: a URL, or {url, id, organisation, tags, engines, cadence, criticality}"),
    .init("organisations", "[]", "{id, name, parent, kind, level, region, contacts}"),
    .init(
      "authorisations", "[]", "{id, granted_by, document, hosts, networks, from, until, up_to}; no valid one, no packet"
    ),

    .init("webhook.url", "\"\"", "POST a JSON body here for each new row; empty: none"),
    .init("webhook.secret", "\"\"", "key of the X-Vigil-Signature header (HMAC-SHA-256)"),
    .init("webhook.secretFile", "\"\"", "a file that holds it instead, relative to this file"),
    .init("webhook.severity", "critical", "rows of this severity and worse"),
    .init("webhook.timeout", "10s", "a receiver that takes longer is tried again, 1s to 60s"),
    .init("webhook.attempts", "12", "tries, ever further apart, before it is given up, 1 to 100"),

    .init("delivery.attempts", "12", "answers that are no yes, before a message is given up, 1 to 100"),
    .init("delivery.age", "3d", "a message that waits longer is given up, 1m to 30d"),
    .init(
      "delivery.mail.url", "\"\"",
      "smtp://HOST:587 or smtps://HOST:465, the server that carries mail on; empty: no mail"),
    .init("delivery.mail.from", "\"\"", "the mailbox that mails come from"),
    .init("delivery.mail.user", "\"\"", "who we are to that server; empty: it does not ask"),
    .init("delivery.mail.password", "\"\"", "the user's password"),
    .init("delivery.mail.passwordFile", "\"\"", "a file of mode 0600 that holds it instead, relative to this file"),
    .init(
      "delivery.mail.starttls", "required", "required, or none: nothing is encrypted, on this machine or with plain"),
    .init("delivery.mail.plain", "no", "yes: mail may leave this machine unencrypted"),
    .init(
      "delivery.mail.ca", "\"\"",
      "file (PEM) of the authorities that its certificate is held against; empty: the system's"),
    .init("delivery.mail.timeout", "30s", "a server that takes longer is tried again, 1s to 5m"),
    .init("delivery.mail.perMinute", "0", "mails a minute, at most; 0: no limit"),
    .init(
      "delivery.receivers", "{}",
      "by name {kind: webhook, dingtalk, wecom, feishu, syslog or file, url, urlFile, secret, secretFile, ca, timeout, perMinute, plain; path, rotateSize}"
    ),
    .init("delivery.page.listen", "\"\"", "HOST:PORT of the page that owners of sites see; empty: none"),
    .init("delivery.page.url", "\"\"", "the base of links to it, as owners reach it"),
    .init(
      "delivery.page.certificate", "\"\"",
      "file (PEM) with its certificate and chain; empty: plain HTTP on this machine"),
    .init("delivery.page.key", "\"\"", "file (PEM, mode 0600) with the certificate's key"),
    .init("delivery.page.proxies", "[]", "addresses and networks of proxies whose X-Forwarded-For is believed"),

    .init("retention.age", "180d", "closed rows and alerts older than this are deleted, 1h to 3650d"),
    .init("retention.size", "10gb", "the oldest closed rows go when the store is larger, 10mb and more"),

    .init("watch.late", "10s", "a sensor or scanner silent for so long is an alert, 2s to 1h"),
    .init("watch.acknowledgeCritical", "5m", "a critical row not acknowledged by then is overdue"),
    .init("watch.acknowledgeHigh", "15m", "the same for a high one"),
    .init("watch.suppressionLongest", "90d", "a suppression may hold for at most so long, 1h to 90d"),

    .init("notices.severity", "high", "findings of this severity and worse become drafts of notices by themselves"),
    .init(
      "notices.number", "\"{city}-{year}-{number}\"", "how notices are numbered; {number} begins anew with each {year}"),
    .init(
      "notices.page", "\"\"",
      "where owners reach the page of their notices, such as https://notices.example.gov; empty: delivery.page.url"),
    .init(
      "notices.byRule", "yes",
      "warnings of certificates that end are sent without a person's word, to addresses that have proved themselves"),
    .init(
      "notices.folder", "\"\"",
      "folder of the notices' templates, clocks and calendar, relative to this file; empty: the one that comes with Vigil"
    ),
    .init("duty.roster", "\"\"", "id of the roster in force; empty: the first by id; without a roster nobody is paged"),
    .init("duty.assign", "60s", "a row that nobody was given by then is told"),
    .init("duty.rounds", "3", "how often the whole chain is paged about a row, 1 to 10"),
    .init(
      "duty.holdCritical", "30m", "an acknowledged critical row: then the holder is asked once, and after that the lead"
    ),
    .init("duty.holdHigh", "2h", "the same for a high one"),
    .init("duty.pagesPerHour", "10", "more pages to one person become one digest, 1 to 1000"),
    .init("duty.take", "15m", "a shift that nobody took by then is an alert"),
    .init(
      "duty.guardFactor", "0.5", "in guard periods the times to acknowledge and to hold are multiplied by it, 0.1 to 1"),
    .init("duty.zeroReport", "\"17:00\"", "by then a guard period's zero report must be signed, each day"),
    .init(
      "duty.checklist", "\"\"",
      "start checklist of guard periods, relative to this file; empty: the one that comes with Vigil"),
    .init(
      "duty.canary", "\"\"",
      "an address whose packets pass a sensor: each minute a packet goes there whose alert is timed; empty: none"),
    .init("duty.canaryEvery", "1m", "between two canaries, 1s to 1h"),
    .init("duty.canaryLate", "30s", "a canary that did not come all the way by then is an alert, 1s to 1h"),
    .init(
      "duty.expects", "[]", "sensor/NAME and scanner/NAME of other machines, whose absence is an alert from the start"),
    .init(
      "duty.heartbeat", "\"\"",
      "POST a sign of life to this URL, so that somebody else notices that Vigil is dead; empty: none"),
    .init("duty.heartbeatEvery", "1m", "between two signs of life, 1s to 1h"),
    .init(
      "api.group", "vigil",
      "the group whose members may come to the API's socket; empty, or no such group: the hub's user and root alone"),
    .init("api.listen", "\"\"", "ADDRESS:PORT on which the API answers by TLS too, tokens only; empty: no TCP port"),
    .init(
      "api.certificate", "\"\"", "file with the certificate of that port and its chain (PEM), relative to this file"),
    .init("api.key", "\"\"", "file with its key (PEM), which others may not read"),
    .init("api.requestsPerSecond", "50", "requests of each person and each token, 0.1 to 10000"),
    .init("api.burst", "200", "requests at once before that counts, 1 to 100000"),

    .init("people.unknown", "none", "what users of this machine are whom nobody has added: none or viewer"),
  ]

  /// The names below `prefix` (`""` for the top), in the table's order.
  static func names(below prefix: String) -> [String] {
    var result: [String] = []
    for key in table {
      let rest =
        prefix.isEmpty ? key.path : key.path.hasPrefix(prefix + ".") ? String(key.path.dropFirst(prefix.count + 1)) : ""
      guard let name = rest.split(separator: ".").first.map(String.init), !result.contains(name) else { continue }
      result.append(name)
    }
    return result
  }

  /// A whole `vigil.yaml` that says nothing but the defaults, each with its sentence.
  package static func commentedDefault(interface: String? = nil) -> String {
    var text = """
      # Vigil's configuration. Every key is here with its default: change what you need, delete what you like.
      # A key that Vigil does not know is an error, told with file, line and column.

      """
    var open: [String] = []
    for key in table {
      let parts = key.path.split(separator: ".").map(String.init)
      let sections = Array(parts.dropLast())
      for (depth, section) in sections.enumerated() where Array(open.prefix(depth + 1)) != Array(parts[...depth]) {
        text += (depth == 0 ? "\n" : "") + String(repeating: "  ", count: depth) + "\(section):\n"
      }
      open = sections
      let indent = String(repeating: "  ", count: sections.count)
      let value = key.path == "sensor.interface" ? interface ?? key.usual : key.usual
      text += "\(indent)# \(key.meaning)\n\(indent)\(parts[parts.count - 1]): \(value)\n"
    }
    return text
  }
}
