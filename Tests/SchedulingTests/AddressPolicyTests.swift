import Records
import Testing
import Wire

@Suite struct AddressPolicyTests {
  @Test(
    "addresses that no site of ours can have are refused, in every form they come in",
    arguments: [
      ("127.0.0.1", "loopback"), ("127.255.0.9", "loopback"), ("10.1.2.3", "private"), ("172.31.0.1", "private"),
      ("192.168.1.1", "private"), ("169.254.1.1", "link-local"), ("100.64.0.1", "CGNAT"), ("224.0.0.1", "multicast"),
      ("0.0.0.0", "unspecified"), ("255.255.255.255", "reserved"), ("169.254.169.254", "metadata"),
      ("100.100.100.200", "metadata"), ("::", "unspecified"), ("::1", "loopback"), ("fe80::1", "link-local"),
      ("fd12::1", "private"), ("ff02::1", "multicast"), ("fd00:ec2::254", "metadata"), ("::ffff:10.0.0.1", "private"),
      ("::ffff:169.254.169.254", "metadata"), ("64:ff9b::7f00:1", "loopback"), ("64:ff9b:1::a00:1", "tunnel"),
      ("64:ff9b:1:a00:0:100:808:808", "tunnel"),
      ("2002:7f00:1::", "loopback"), ("2002:a9fe:a9fe::1", "metadata"), ("::7f00:1", "loopback"),
      ("::ffff:0:10.0.0.1", "private"), ("2001:0:1::1", "tunnel"),
    ]) func refused(text: String, kind: String) throws
  {
    let address = try #require(IPAddress(text))
    #expect(AddressPolicy().refusal(of: address)?.rawValue == kind)
  }

  @Test(
    "ordinary addresses are not",
    arguments: [
      "8.8.8.8", "172.32.0.1", "100.128.0.1", "2400:da00::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "11.0.0.1",
    ])
  func permitted(text: String) throws {
    #expect(AddressPolicy().refusal(of: try #require(IPAddress(text))) == nil)
  }

  @Test("scan.allow exempts a network, metadata only when named singly") func allowed() throws {
    func policy(_ texts: String...) -> AddressPolicy { AddressPolicy(allowed: texts.compactMap { IPPrefix($0) }) }
    let (ten, metadata) = (try #require(IPAddress("10.0.0.1")), try #require(IPAddress("169.254.169.254")))
    #expect(policy("10.0.0.0/8").refusal(of: ten) == nil)
    #expect(policy("10.0.0.0/8").refusal(of: try #require(IPAddress("::ffff:10.0.0.1"))) == nil)
    #expect(policy("10.0.1.0/24").refusal(of: ten) == .privateUse)
    #expect(policy("0.0.0.0/0").refusal(of: metadata) == .metadata)
    #expect(policy("169.254.169.254").refusal(of: metadata) == nil)
  }

  @Test("an authorisation covers what it names and nothing else") func covers() throws {
    let networks = [try #require(IPPrefix("192.0.2.0/24"))]
    let a = authorisation(hosts: ["*.a.cn", "b.cn"], networks: networks)
    for host in ["x.a.cn", "Y.X.a.CN", "b.cn", "192.0.2.9"] { #expect(a.covers(host: host), "\(host)") }
    for host in ["a.cn", "xa.cn", "x.b.cn", "b.cn.evil", "192.0.3.9", ".a.cn"] {
      #expect(!a.covers(host: host), "\(host)")
    }
  }
}
