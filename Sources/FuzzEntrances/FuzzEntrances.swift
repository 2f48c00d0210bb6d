/// # FuzzEntrances: every door by which untrusted bytes come in, as one function each
///
/// Turns any bytes into a call of the code behind one entrance. The program `Fuzz` gives it what a fuzzer makes up;
/// the normal test run (`Tests/FuzzTests`) replays the corpus of `Tests/Fixtures/corpus/<entrance>/` through the same
/// functions, crashes that were found included.
///
/// An entrance asserts what must hold for any input (`precondition` with a sentence): tables keep their invariants,
/// every EVE line is one JSON object, what is masked stays masked. It does not judge what was found in the input.

/// The entrances. A folder of the corpus and a word of `FUZZ_ENTRANCE` have the case's name.
package enum FuzzEntrance: String, CaseIterable, Sendable {
  /// Link layer and first byte: link type. Decoder, all tunnels.
  case packet
  /// A capture file of any format, through the decoder.
  case capture
  /// Segments and datagrams of a few flows, through the whole worker with rules.
  case flow
  /// Conversations of each protocol in pieces, gaps and ends, with their EVE records.
  case http, tls, dns
  /// One certificate.
  case x509
  /// A rule file, its printing, its compilation.
  case rules
  /// YAML, CSV, JSON by the first byte.
  case documents
  /// An inventory: a table, YAML or JSON by the first byte, and back.
  case inventory
  /// A `suricata.yaml`.
  case settings
  /// A line of somebody's eve.json: reading and masking.
  case eve
  /// Frames of the seam between processes.
  case seam
  /// The filter language of the API.
  case filter
  /// What a scanned site answers: TLS server flight, HTTP head.
  case answer
  /// A page's head and body, as the HTTP engine judges them.
  case posture
  /// A chain, a staple, a list of certificate timestamps, through the judgement of certificates.
  case chain
  /// What a proxy answers before its tunnel is open.
  case proxy
  /// First byte: a protocol whose STARTTLS is asked for; what its server says, in pieces.
  case startTLS
  /// What a scanned site shows, by the first byte: a page through the whole judgement, robots.txt, a kept baseline.
  case content
  /// What name servers and open ports of a site answer: DNS messages, mail policy, banners.
  case names
  /// A report of an external scanner, by the first byte: nmap, testssl.sh, sslscan, nuclei, nikto, ZAP, SARIF.
  case report
  /// Ten answers to a fingerprint's hellos, the stream after a wrong message, an RSA key to encrypt for.
  case handshake
  /// What an authority says of a certificate's revocation, and where the certificate says to ask.
  case revocation
  /// References on a page and Locations, as they become the next request.
  case links
  /// A resolver's answer, every record read.
  case records
  /// What an engine kept of its last look, as it comes back from the store.
  case memory
  /// A bundle of content, by the first byte: whole with its hash, whole without, its manifest.
  case bundle
  /// A web template, and its run against a site that answers in four ways.
  case template
  /// First byte: an answer; an expression worked out over it.
  case expression
  /// What the API is asked with before it knows by whom, by the first byte: an `Authorization` header, a query.
  case ask
  /// The owners' page: a path, headers or a form, by the first byte.
  case ownerPage

  package func run(_ bytes: [UInt8]) {
    switch self {
    case .packet: PacketEntrances.packet(bytes)
    case .capture: PacketEntrances.capture(bytes)
    case .flow: FlowEntrance.run(bytes)
    case .http: ConversationEntrance.run(bytes, port: 80)
    case .tls: ConversationEntrance.run(bytes, port: 443)
    case .dns: ConversationEntrance.run(bytes, port: 53)
    case .x509: AnswerEntrances.certificate(bytes)
    case .rules: TextEntrances.rules(bytes)
    case .documents: TextEntrances.documents(bytes)
    case .inventory: InventoryEntrance.run(bytes)
    case .settings: TextEntrances.settings(bytes)
    case .eve: RecordEntrances.eve(bytes)
    case .seam: RecordEntrances.seam(bytes)
    case .filter: TextEntrances.filter(bytes)
    case .answer: AnswerEntrances.answer(bytes)
    case .posture: AnswerEntrances.posture(bytes)
    case .chain: CertificateEntrance.run(bytes)
    case .proxy: ProxyEntrance.run(bytes)
    case .startTLS: AnswerEntrances.startTLS(bytes)
    case .content: AnswerEntrances.content(bytes)
    case .names: AnswerEntrances.names(bytes)
    case .report: ReportEntrance.run(bytes)
    case .handshake: SiteEntrances.handshake(bytes)
    case .revocation: SiteEntrances.revocation(bytes)
    case .links: SiteEntrances.links(bytes)
    case .records: SiteEntrances.records(bytes)
    case .memory: SiteEntrances.memory(bytes)
    case .bundle: BundleEntrance.run(bytes)
    case .template: TemplateEntrances.template(bytes)
    case .expression: TemplateEntrances.expression(bytes)
    case .ask: AskEntrance.run(bytes)
    case .ownerPage: OwnerPageEntrance.run(bytes)
    }
  }
}
