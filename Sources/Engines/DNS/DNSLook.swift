internal import Records
internal import Wire

/// One look at one name: asks, and collects answers and facts. The parts are extensions, in the order they run.
struct DNSLook {
  let host: String
  let job: ScanJob
  let resolver: ValidatingResolver
  let context: ScanContext
  var answers: [CheckAnswer] = []
  var facts: [Fact] = []
  var memory = DNSMemory()
  /// The zone that holds the host's name; nil where it was not found. Why it or its servers were not.
  var zone: String?
  var zoneReason = "the zone was not found"
  var nameServers: [String] = []
  var isSecure = false
  var hostAddresses: [IPAddress] = []
  var exchanges = MailServers.unknown("the mail servers were not asked for")

  /// Who takes mail for the domain.
  enum MailServers {
    case unknown(String)
    /// No MX record: the domain's own address may take it.
    case undeclared
    case none
    case named([String])
  }

  init(_ job: ScanJob, _ resolver: ValidatingResolver, _ context: ScanContext) {
    (host, self.job, self.resolver, self.context) = (DomainName.normal(job.target.host), job, resolver, context)
  }

  enum Found {
    case answer(DNSAnswer)
    case unknown(String)
    var value: DNSAnswer? { if case .answer(let answer) = self { answer } else { nil } }
    var reason: String { if case .unknown(let reason) = self { reason } else { "" } }
  }

  /// What does not validate is no answer.
  func ask(_ name: String, _ type: DNSType) -> Found {
    do throws(ValidatingResolver.Failure) {
      let answer = try resolver.ask(name, type)
      if case .bogus(let why) = answer.security { return .unknown("the answer does not validate: \(why)") }
      return .answer(answer)
    } catch {
      return .unknown(error.sentence)
    }
  }

  mutating func add(_ id: String, _ isWeak: Bool, _ evidence: String = "") {
    answers.append(CheckAnswer(id, isWeak ? .yes : .no, String(evidence.prefix(300))))
  }
  mutating func leave(_ ids: String..., because reason: String) {
    for id in ids { answers.append(CheckAnswer(id, .notDetermined(reason: reason))) }
  }

  // MARK: addresses

  mutating func addresses() {
    let (four, six) = (ask(host, .a), ask(host, .aaaa))
    if let four = four.value { memory.sets["A"] = four.addresses.map(\.description).sorted() }
    if let six = six.value { memory.sets["AAAA"] = six.addresses.map(\.description).sorted() }
    let found = (four.value?.addresses ?? []) + (six.value?.addresses ?? [])
    hostAddresses = found
    if !found.isEmpty { facts.append(Fact("addresses", found.prefix(16).map(\.description).joined(separator: " "))) }
    if !found.isEmpty || (four.value != nil && six.value != nil) {
      add("dns.address.missing", found.isEmpty, found.isEmpty ? "neither A nor AAAA" : "")
    } else {
      leave("dns.address.missing", because: four.value == nil ? four.reason : six.reason)
    }
    if let six = six.value {
      found.isEmpty
        ? leave("dns.ipv6.missing", because: "does not apply: the name has no address at all")
        : add("dns.ipv6.missing", six.addresses.isEmpty)
    } else {
      leave("dns.ipv6.missing", because: six.reason)
    }
    dangling(four)
  }

  /// The last name of the chain does not exist, or belongs to a service where anybody can take it.
  private mutating func dangling(_ found: Found) {
    guard let answer = found.value else { return leave("dns.cname.dangling", because: found.reason) }
    guard let last = answer.names(.cname).last else { return add("dns.cname.dangling", false, "no alias") }
    facts.append(Fact("alias", answer.names(.cname).prefix(8).joined(separator: " -> ")))
    let service = TakeoverServices.service(of: last).map { ", a name of \($0) that others may claim" } ?? ""
    add("dns.cname.dangling", answer.doesNotExist, answer.doesNotExist ? "\(last) does not exist\(service)" : last)
  }

  // MARK: the zone

  /// Asks upwards for the SOA; an answer about an alias's target is not about us, and a zone above what somebody
  /// registered is a registry's. Where a name is not answered, what is above it says nothing of it.
  mutating func findZone() {
    let floor = PublicSuffix.registrable(host) ?? host
    var name: String? = host
    search: while let here = name {
      let found = soa(here)
      guard let answer = found.value else {
        zoneReason = found.reason
        break
      }
      let records = answer.message.records.filter { $0.type == .soa }
      if let record = records.first(where: { DomainName.isAt(here, orBelow: answer.name($0.name)) }) {
        let owner = answer.name(record.name)
        guard DomainName.isAt(owner, orBelow: floor) else {
          zoneReason = "\(owner) answers for \(here), which is not delegated"
          break search
        }
        zone = owner
        facts.append(Fact("zone", owner))
        judge(record.data)
        judgeServers(owner)
        return wildcard(owner)
      }
      // Without its records, as the resolver gives it.
      if case .bogus(let why) = answer.security {
        zoneReason = "the answer does not validate: \(why)"
        break
      }
      name = DomainName.parent(here)
    }
    leave("dns.soa.timers", "dns.ns.single", "dns.ns.one_network", "dns.wildcard", because: zoneReason)
  }

  /// A bogus zone still says where it begins.
  private func soa(_ name: String) -> Found {
    do throws(ValidatingResolver.Failure) { return .answer(try resolver.ask(name, .soa)) } catch {
      return .unknown(error.sentence)
    }
  }

  /// Bounds between RFC 1912 section 2.2 and RFC 2308 section 5, wide: only what breaks is told.
  private mutating func judge(_ data: DNSRecordContent) {
    guard case .soa(_, _, let serial, let refresh, let retry, let expire, let minimum) = data else {
      return leave("dns.soa.timers", because: "the SOA record is malformed")
    }
    facts.append(Fact("soa", "serial \(serial) refresh \(refresh) retry \(retry) expire \(expire) minimum \(minimum)"))
    var faults: [String] = []
    if expire < 604_800 { faults.append("expire \(expire) s is under a week") }
    if expire <= refresh { faults.append("expire \(expire) s does not outlast refresh \(refresh) s") }
    if retry >= refresh { faults.append("retry \(retry) s is not under refresh \(refresh) s") }
    if minimum > 86_400 { faults.append("minimum \(minimum) s is over a day") }
    add("dns.soa.timers", !faults.isEmpty, faults.joined(separator: ", "))
  }

  private mutating func judgeServers(_ zone: String) {
    let found = ask(zone, .ns)
    guard let answer = found.value else {
      zoneReason = found.reason
      return leave("dns.ns.single", "dns.ns.one_network", because: found.reason)
    }
    nameServers = Array(Set(answer.names(.ns))).sorted()
    memory.sets["NS"] = nameServers
    guard !nameServers.isEmpty else {
      zoneReason = "the zone names no server"
      return leave("dns.ns.single", "dns.ns.one_network", because: "the zone names no server")
    }
    facts.append(Fact("name servers", nameServers.prefix(13).joined(separator: " ")))
    add("dns.ns.single", nameServers.count == 1, nameServers.prefix(13).joined(separator: " "))
    let all = nameServers.prefix(NameServers.serverLimit).map { NameServers.addresses(of: $0, self) }
    let networks = Set(all.flatMap(\.self).compactMap { IPPrefix($0, length: $0.isV6 ? 48 : 24) })
    guard !networks.isEmpty, all.allSatisfy({ !$0.isEmpty }) || networks.count > 2 else {
      return leave("dns.ns.one_network", because: "a name server's address was not found")
    }
    let isOne = networks.count { !$0.address.isV6 } <= 1 && networks.count { $0.address.isV6 } <= 1
    add("dns.ns.one_network", isOne, networks.prefix(6).map(\.description).sorted().joined(separator: " "))
  }

  private mutating func wildcard(_ zone: String) {
    let label = "vigil-" + String(UInt64.random(in: 0...(.max)), radix: 36)
    let found = ask("\(label).\(zone)", .a)
    guard let answer = found.value else { return leave("dns.wildcard", because: found.reason) }
    add("dns.wildcard", !answer.message.records(.answer).isEmpty, "a random name below \(zone)")
  }

  // MARK: change

  /// Judged against what was accepted, not against the last look: a change is told until a person takes it over.
  mutating func change(known: DNSMemory?, accepts: Bool) {
    guard let known else {
      return leave("dns.changed", because: "does not apply: there is no earlier look to compare with")
    }
    let (changes, missed) = (known.changes(in: memory), known.missed(in: memory))
    memory = known.after(memory, accepting: accepts)
    if !changes.isEmpty {
      let sentence = changes.joined(separator: "; ")
      return accepts ? add("dns.changed", false, "accepted: \(sentence)") : add("dns.changed", true, sentence)
    }
    missed.isEmpty
      ? add("dns.changed", false)
      : leave("dns.changed", because: "\(missed.joined(separator: ", ")) was not answered this time")
  }
}

/// Hosting whose released names anybody can claim: an alias left behind there is a takeover.
enum TakeoverServices {
  private static let suffixes = [
    "s3.amazonaws.com": "Amazon S3", "cloudfront.net": "CloudFront", "elasticbeanstalk.com": "Elastic Beanstalk",
    "azurewebsites.net": "Azure App Service", "cloudapp.net": "Azure", "cloudapp.azure.com": "Azure",
    "trafficmanager.net": "Azure Traffic Manager", "blob.core.windows.net": "Azure Storage",
    "azureedge.net": "Azure CDN", "github.io": "GitHub Pages", "gitee.io": "Gitee Pages",
    "herokuapp.com": "Heroku", "herokudns.com": "Heroku", "netlify.app": "Netlify", "vercel.app": "Vercel",
    "aliyuncs.com": "Alibaba Cloud OSS", "myqcloud.com": "Tencent Cloud", "bcebos.com": "Baidu Cloud",
    "qiniudns.com": "Qiniu", "readthedocs.io": "Read the Docs", "ghost.io": "Ghost", "surge.sh": "Surge",
    "pantheonsite.io": "Pantheon", "wpengine.com": "WP Engine", "zendesk.com": "Zendesk", "fastly.net": "Fastly",
  ]
  static func service(of name: String) -> String? {
    suffixes.first { DomainName.isAt(name, orBelow: $0.key) }?.value
  }
}
