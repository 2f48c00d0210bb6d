import Testing
import Wire

@testable import Detection

@Suite struct StreamTests {
  @Test("a match across segments is found, once")
  func across() throws {
    let bench = try Bench("alert tcp any any -> any 80 (flow:established,to_server; content:\"hello world\"; sid:1;)")
    #expect(bench.segment("xx hel") == [])
    #expect(bench.segment("lo wor") == [])
    #expect(bench.segment("ld yy") == [1])
    #expect(bench.segment("and more") == [])
    #expect(bench.segment("hello world") == [1])
  }

  @Test("the parts of a rule may come in different segments")
  func parts() throws {
    let bench = try Bench(
      "alert tcp any any -> any any (content:\"alpha\"; fast_pattern; content:\"omega\"; distance:0; sid:1;)")
    #expect(bench.segment("an alpha is first") == [])
    #expect(bench.segment("nothing") == [])
    #expect(bench.segment("then omega") == [1])
    #expect(bench.segment("then omega") == [])
  }

  @Test("bytes that are not pushed wait until there are enough of them")
  func waiting() throws {
    let bench = try Bench("alert tcp any any -> any any (content:\"needle\"; sid:1;)")
    #expect(bench.segment("needle", pushed: false) == [])
    #expect(bench.segment(String(repeating: "x", count: 2_600), pushed: false) == [1])
    #expect(bench.segment("needle", pushed: false, end: true) == [1])
  }

  @Test("depth counts from the stream's start, not from a window's")
  func depth() throws {
    let bench = try Bench("alert tcp-stream any any -> any any (content:\"GET\"; depth:3; sid:1;)")
    #expect(bench.segment("GET /") == [1])
    for _ in 0..<6 { #expect(bench.segment(String(repeating: "y", count: 2_000)) == []) }
    #expect(bench.segment("GET /") == [])
  }

  @Test("a stream larger than its window is inspected to the end, in both directions")
  func large() throws {
    let bench = try Bench("alert tcp any any -> any any (content:\"needle\"; sid:1;)")
    #expect(bench.segment(String(repeating: "z", count: 20_000) + "needle", .toClient) == [1])
    #expect(
      bench.segment(String(repeating: "n", count: 4_093) + "needle" + String(repeating: "n", count: 9_000)) == [1])
  }

  @Test("a rule for single packets does not see across them")
  func packets() throws {
    let bench = try Bench("alert tcp-pkt any any -> any any (content:\"hello\"; sid:1;)")
    #expect(bench.segment("hel") == [])
    #expect(bench.segment("lo") == [])
    #expect(bench.segment("hello") == [1])
  }
}
