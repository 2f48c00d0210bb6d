import Testing
import Wire

@testable import Engines

@Suite struct DNSPolicyTests {
  @Test("names are told apart by labels, not by letters") func names() {
    #expect(DomainName.isAt("a.city.example", orBelow: "city.example"))
    #expect(!DomainName.isAt("badcity.example", orBelow: "city.example"))
    #expect(RegistrableDomain.of("www.gov.example.com.cn") == "example.com.cn")
    #expect(RegistrableDomain.of("com.cn") == nil)
  }

  @Test("an SPF record's own lookups are counted") func spf() throws {
    let record = try #require(SPFRecord("v=spf1 a mx/24 include:x.example exists:%{i}.x ip4:192.0.2.0/24 ~all"))
    #expect(record.ownLookups == 4 && record.fault == nil && record.all?.qualifier == "~")
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
}
