package import Records

/// Counters under dotted names (`tcp.reassembly_gap`), written as the nested objects of EVE's `stats`.
package struct CounterTree {
  private var leaves: [(path: [Substring], value: Int64)] = []
  package init() {}

  package mutating func set(_ name: String, _ value: UInt64) {
    leaves.append((name.split(separator: "."), Int64(clamping: value)))
  }

  /// The value under `name`; nil where none was set.
  package func value(_ name: String) -> Int64? {
    let path = name.split(separator: ".")
    return leaves.last { $0.path == path }?.value
  }

  /// Members of the object that is open in `json`. Names that share a beginning share an object, in the order first set.
  package func write(to json: inout JSONWriter, nullValues: Bool) {
    let kept = leaves.filter { nullValues || $0.value != 0 }
    write(kept[...].map { ($0.path[...], $0.value) }, to: &json)
  }

  private func write(_ members: [(path: ArraySlice<Substring>, value: Int64)], to json: inout JSONWriter) {
    var order: [Substring] = []
    var groups: [Substring: [(path: ArraySlice<Substring>, value: Int64)]] = [:]
    for (path, value) in members {
      guard let head = path.first else { continue }
      if groups[head] == nil { order.append(head) }
      groups[head, default: []].append((path.dropFirst(), value))
    }
    for head in order {
      let group = groups[head] ?? []
      if let leaf = group.last(where: { $0.path.isEmpty }) {
        json.field(named: String(head), leaf.value)
      } else {
        json.beginObject(named: String(head))
        write(group, to: &json)
        json.endObject()
      }
    }
  }
}
