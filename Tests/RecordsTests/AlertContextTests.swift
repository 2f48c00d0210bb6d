import Records
import Testing
import Wire

/// What judgements and attributions are made from, out of EVE lines.
struct AlertContextTests {
  private func context(_ members: String) throws -> AlertRecord.Context {
    let line = """
      {"timestamp":"2026-11-22T03:04:05Z","event_type":"alert","alert":{"signature_id":1,"signature":"s",\
      "metadata":{"attack_target":["Web_Server"],"signature_severity":["Critical"]}},\(members)}
      """
    guard case .alert(let alert) = AlertRecord.read(eve: line) else { throw Unread() }
    #expect(alert.context.attackTarget == "Web_Server" && alert.signature.severity == .critical)
    return alert.context
  }
  private struct Unread: Error {}

  @Test("Flow, direction, reset and length are read; what is not there stays unknown")
  func flow() throws {
    let full = try context(
      """
      "direction":"to_client","http":{"status":200,"length":512},"tcp":{"tcp_flags_tc":"14"},\
      "flow":{"pkts_toserver":4,"pkts_toclient":3,"bytes_toserver":400,"bytes_toclient":300,"src_ip":"192.0.2.1"}
      """)
    #expect(full.isToClient == true && full.responseLength == 512)
    let facts = AlertRecord.FlowFacts(
      packetsToServer: 4, packetsToClient: 3, bytesToServer: 400, bytesToClient: 300,
      initiator: IPAddress("192.0.2.1"), isReset: true)
    #expect(full.flow == facts)
    #expect(try context("\"tcp\":{\"tcp_flags_tc\":\"12\"}").flow?.isReset == false)
    let bare = try context("\"direction\":\"sideways\"")
    #expect(bare.isToClient == nil && bare.flow == nil && bare.files == nil && bare.forwardedFor == nil)
    let odd = try context("\"flow\":{\"pkts_toserver\":-5,\"pkts_toclient\":\"x\",\"src_ip\":7},\"tcp\":[]")
    #expect(odd.flow?.packetsToServer == 0 && odd.flow?.packetsToClient == 0 && odd.flow?.initiator == nil)
  }

  @Test("Names of files come without their folders, a few of them")
  func files() throws {
    let names = (0..<20).map { "{\"filename\":\"/up/\($0)/n\($0).php\"}" }.joined(separator: ",")
    #expect(try context("\"files\":[\(names)]").files == (0..<8).map { "n\($0).php" })
    #expect(try context("\"files\":[{\"filename\":\"C:\\\\a\\\\b.asp\"},{\"size\":3},7]").files == ["b.asp"])
    #expect(try context("\"files\":[{\"filename\":\"/\"}]").files == nil)
  }

  @Test("The chain of proxies comes from the field, or from all request headers, in their order")
  func chains() throws {
    #expect(try context("\"http\":{\"xff\":\"1.1.1.1, 2.2.2.2\"}").forwardedFor == "1.1.1.1, 2.2.2.2")
    let headers = try context(
      """
      "http":{"xff":"1.1.1.1","request_headers":[{"name":"X-Forwarded-For","value":"1.1.1.1"},{"name":"a","value":"b"},\
      {"name":"x-forwarded-for","value":"2.2.2.2"},{"value":"y"},5,{"name":"Forwarded","value":"for=3.3.3.3"}]}
      """)
    #expect(headers.forwardedFor == "1.1.1.1, 2.2.2.2" && headers.forwarded == "for=3.3.3.3")
    #expect(try context("\"http\":{\"forwarded\":\"for=4.4.4.4\"}").forwarded == "for=4.4.4.4")
  }
}
