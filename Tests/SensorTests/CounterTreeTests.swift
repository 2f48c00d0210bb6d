import Records
import Sensor
import Testing

@Suite("Counters as EVE nests them")
struct CounterTreeTests {
  private func text(_ tree: CounterTree, nullValues: Bool = true) -> String {
    var json = JSONWriter()
    json.beginObject()
    tree.write(to: &json, nullValues: nullValues)
    json.endObject()
    return unsafe json.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }

  @Test("names that share a beginning share an object, in the order first set")
  func nesting() {
    var tree = CounterTree()
    tree.set("tcp.syn", 1)
    tree.set("decoder.pkts", 2)
    tree.set("tcp.end.reset", 3)
    tree.set("tcp.rst", 0)
    #expect(text(tree) == #"{"tcp":{"syn":1,"end":{"reset":3},"rst":0},"decoder":{"pkts":2}}"#)
    #expect(text(tree, nullValues: false) == #"{"tcp":{"syn":1,"end":{"reset":3}},"decoder":{"pkts":2}}"#)
  }

  @Test("the last value of a name counts, and one over what JSON readers hold is cut to it")
  func values() {
    var tree = CounterTree()
    tree.set("a", 1)
    tree.set("a", UInt64.max)
    #expect(tree.value("a") == Int64.max && tree.value("b") == nil)
    #expect(text(tree) == #"{"a":9223372036854775807}"#)
  }

  @Test("no counters are no members")
  func empty() { #expect(text(CounterTree()) == "{}") }
}
