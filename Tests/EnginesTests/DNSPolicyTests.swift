import Testing
import Wire

@testable import Engines

@Suite struct DNSPolicyTests {
  @Test("names are told apart by labels, not by letters") func names() {
    #expect(DomainName.isAt("a.city.example", orBelow: "city.example"))
    #expect(!DomainName.isAt("badcity.example", orBelow: "city.example"))
    #expect(PublicSuffix.registrable("www.gov.example.com.cn") == "example.com.cn")
    #expect(PublicSuffix.registrable("com.cn") == nil)
  }

  @Test("an SPF record's own lookups are counted") func spf() throws {
    let record = try #require(SPFRecord("v=spf1 a mx/24 include:x.example exists:%{i}.x ip4:192.0.2.0/24 ~all"))
    #expect(record.reached.count { $0.needsLookup } == 4 && record.fault == nil && record.all?.qualifier == "~")
    #expect(SPFRecord("v=spf10 -all") == nil)
    #expect(SPFRecord("v=spf1 include: -all")?.fault == "include:")
    #expect(SPFRecord("v=spf1 redirect=a.example")?.redirect == "a.example")
  }

  @Test("each TLSA truncation is malformed or shorter, never a trap") func tlsa() throws {
    let data: [UInt8] = [3, 1, 1] + [UInt8](repeating: 7, count: 32)
    for length in 0...data.count {
      let message: [UInt8] =
        [0, 1, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 52, 0, 1, 0, 0, 0, 9, 0, UInt8(length)] + data.prefix(length)
      let read = try #require(unsafe DNSMessage(message.span.bytes))
      let content = try #require(read.records.first?.data)
      if case .tlsa(3, 1, 1, let association) = content {
        #expect(association.count == length - 3)
      } else {
        #expect(length < 4)
      }
    }
  }

  private static func walk(_ records: [String: String], addresses: Set<String> = []) -> (SPFWalk, Character?) {
    var walk = SPFWalk { name, type in
      var message: [UInt8] = [0, 1, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0]
      switch type {
      case .txt:
        guard let text = records[name] else { break }
        message += [0, 0, 16, 0, 1, 0, 0, 0, 9, 0, UInt8(text.utf8.count + 1), UInt8(text.utf8.count)]
        message += Array(text.utf8)
      case .a:
        if addresses.contains(name) { message += [0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1] }
      default: break
      }
      if message.count == 12 { message[7] = 0 }
      guard let read = unsafe DNSMessage(message.span.bytes) else { return .unknown("broken") }
      return .answer(DNSAnswer(message: read, responseCode: 0, doesNotExist: false, security: .unsigned))
    }
    let final = SPFRecord(records["a.example"] ?? "").flatMap { walk.follow($0, "a.example") }
    return (walk, final)
  }

  struct Walked: CustomTestStringConvertible, Sendable {
    var record: String
    var lookups = 0
    var voids = 0
    var broken = 0
    var final: Character? = "-"
    var others: [String: String] = [:]
    var testDescription: String { record }
  }

  @Test(
    "an SPF evaluation counts what a receiver would ask, and ends where it would end",
    arguments: [
      Walked(record: "v=spf1 ip4:192.0.2.0/24 -all"),
      Walked(record: "v=spf1 -all a mx include:b.example exists:c.example"),
      Walked(record: "v=spf1 a:there.example ~all", lookups: 1, final: "~"),
      Walked(record: "v=spf1 a:gone.example mx:gone.example -all", lookups: 2, voids: 2),
      Walked(record: "v=spf1 ptr exists:%{i}.x.example -all", lookups: 2),
      Walked(record: "v=spf1 exists:there.example -all", lookups: 1, final: "+"),
      Walked(record: "v=spf1 ip4:0.0.0.0/0 -all", final: "+"),
      Walked(record: "v=spf1 a:there.example/0 -all", lookups: 1, final: "+"),
      Walked(record: "v=spf1 redirect=b.example -all", others: ["b.example": "v=spf1 +all"]),
      Walked(record: "v=spf1 redirect=b.example", lookups: 1, final: "?", others: ["b.example": "v=spf1 ?all"]),
      Walked(record: "v=spf1 redirect=b.example", lookups: 1, voids: 1, broken: 1, final: nil),
      Walked(record: "v=spf1 include:b.example -all", lookups: 1, final: "+", others: ["b.example": "v=spf1 +all"]),
      Walked(record: "v=spf1 -include:b.example ?all", lookups: 1, final: "-", others: ["b.example": "v=spf1 all"]),
      Walked(record: "v=spf1 include:b.example -all", lookups: 2, others: ["b.example": "v=spf1 ptr -all a mx a"]),
      Walked(record: "v=spf1 include:b.example -all", lookups: 1, broken: 1, others: ["b.example": "hello"]),
      Walked(record: "v=spf1 include:a.example -all", lookups: 11),
    ]) func walks(test: Walked)
  {
    let (walk, final) = Self.walk(
      test.others.merging(["a.example": test.record]) { $1 }, addresses: ["there.example"])
    #expect(walk.lookups == test.lookups && final == test.final)
    #expect(walk.voids.count == test.voids && walk.broken.count == test.broken, "\(walk.voids) \(walk.broken)")
    #expect(walk.reason == nil)
  }

  @Test("a DMARC record has a policy for itself and one for names below") func dmarc() throws {
    let sound = try #require(DMARCRecord(["x", "v=DMARC1; p=reject; sp=none; rua=mailto:a@b.example"]))
    #expect(sound.policy == .reject && sound.subdomainPolicy == DMARCRecord.Policy.none && sound.fault == nil)
    #expect(DMARCRecord(["v=DMARC1; p=reject; sp=maybe"])?.fault == "sp is not none, quarantine or reject")
    #expect(DMARCRecord(["v=DMARC1; p=reject", "v=DMARC1; p=none"])?.fault == "2 records")
    #expect(DMARCRecord(["v=DMARC1; sp=none"])?.fault != nil)
    #expect(DMARCRecord(["v=DMARC2; p=none"]) == nil)
  }

  @Test("an MTA-STS policy names mail servers, a star one label of them") func policy() throws {
    let text = "version: STSv1\r\nmode: enforce\r\nmx: mx1.a.example\r\nmx: *.b.example\r\nmax_age: 86400\r\n"
    let policy = try #require(MTASTSPolicy(text))
    #expect(policy.mode == .enforce && policy.covers("MX1.a.example."))
    #expect(policy.covers("x.b.example") && !policy.covers("y.x.b.example") && !policy.covers("b.example"))
    #expect(MTASTSPolicy("version: STSv1\nmode: none\nmax_age: 0")?.mode == MTASTSPolicy.Mode.none)
    for broken in ["mode: enforce", "version: STSv1", "", "\n", ":", "enforce", "max_age: 99999999999999999999"] {
      #expect(MTASTSPolicy(broken) == nil, "\(broken)")
    }
    #expect(MTASTSPolicy(text.replacing("86400", with: "31557601")) == nil)
    #expect(MTASTSPolicy(text.replacing("mx:", with: "my:")) == nil)
    for end in 0..<text.utf8.count { _ = MTASTSPolicy(String(decoding: Array(text.utf8).prefix(end), as: UTF8.self)) }
    #expect(MTASTSRecord.fault(in: ["v=STSv1; id=20260101;"]) == nil)
    #expect(MTASTSRecord.fault(in: ["v=STSv1; id=20260101", "v=STSv1; id=2"]) == "2 records")
    #expect(MTASTSRecord.fault(in: ["v=STSv1;"]) != nil && MTASTSRecord.fault(in: ["v=STSv1; id=a-b"]) != nil)
  }
}
