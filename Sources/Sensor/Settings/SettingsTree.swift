package import Documents

/// A configuration's tree, read by dotted paths (`stream.reassembly.depth`), with the values of `--set` laid over it.
///
/// It remembers which keys were asked for: what nobody asked for is a key that this version does not know, a warning
/// with its place. A value of the wrong type is a warning too, and the default stands.
package struct SettingsTree {
  package let root: DocumentValue
  package private(set) var warnings: [String] = []
  private var asked: Set<String> = []

  package init(_ root: DocumentValue) { self.root = root }

  /// The value at `path`, nil where there is none. Asking marks the path, and all above it, as known.
  package mutating func value(_ path: String) -> DocumentValue? {
    asked.insert(path)
    var current = root
    for part in path.split(separator: ".") {
      guard let next = current.child(String(part)) else { return nil }
      current = next
    }
    return current.isNull ? nil : current
  }

  package mutating func bool(_ path: String) -> Bool? { read(path) { value throws(DocumentError) in try value.bool() } }
  package mutating func int(_ path: String) -> Int? { read(path) { value throws(DocumentError) in try value.int() } }
  package mutating func string(_ path: String) -> String? {
    read(path) { value throws(DocumentError) in try value.string() }
  }
  package mutating func strings(_ path: String) -> [String]? {
    read(path) { value throws(DocumentError) in try value.strings() }
  }
  package mutating func bytes(_ path: String) -> Int? {
    read(path) { value throws(DocumentError) in try value.byteCount() }
  }
  package mutating func seconds(_ path: String) -> Double? {
    read(path) { value throws(DocumentError) in try value.seconds() }
  }
  /// Marks a whole subtree as known without reading it: its reader looks for itself, or it concerns no sensor.
  package mutating func acknowledge(_ path: String) { asked.insert(path + ".*") }

  package mutating func warn(_ position: SourcePosition, _ sentence: String) {
    warnings.append("\(position): \(sentence)")
  }

  private mutating func read<T>(_ path: String, _ body: (DocumentValue) throws(DocumentError) -> T) -> T? {
    guard let value = value(path) else { return nil }
    do { return try body(value) } catch {
      warnings.append("\(error); its default is used")
      return nil
    }
  }

  /// One warning for each topmost key that nobody asked for.
  package func unknownKeys() -> [String] {
    var known: Set<String> = []
    var whole: Set<String> = []
    for path in asked {
      if path.hasSuffix(".*") { whole.insert(String(path.dropLast(2))) }
      var prefix = ""
      for part in path.split(separator: ".") where part != "*" {
        prefix += prefix.isEmpty ? "\(part)" : ".\(part)"
        known.insert(prefix)
      }
    }
    var result: [String] = []
    func walk(_ value: DocumentValue, _ prefix: String) {
      for entry in value.entries {
        let path = prefix.isEmpty ? entry.key : "\(prefix).\(entry.key)"
        if whole.contains(path) { continue }
        if known.contains(path) {
          walk(entry.value, path)
        } else {
          result.append("\(entry.keyPosition): key \"\(path)\" is not known here and has no effect")
        }
      }
    }
    walk(root, "")
    return result
  }
}

extension DocumentValue {
  /// The member named `key`, or of a list the element with that index.
  fileprivate func child(_ key: String) -> DocumentValue? {
    if case .list(let values) = content { return Int(key).flatMap { values.indices.contains($0) ? values[$0] : nil } }
    return entries.first { $0.key == key }?.value
  }

  /// This tree with `text` at the dotted path, whose missing maps are made.
  package func setting(_ path: ArraySlice<Substring>, to text: String) -> DocumentValue {
    let place = SourcePosition(file: "--set")
    guard let key = path.first else { return DocumentValue(.scalar(text, plain: true), at: place) }
    let rest = path.dropFirst()
    if case .list(var values) = content, let index = Int(key), values.indices.contains(index) {
      values[index] = values[index].setting(rest, to: text)
      return DocumentValue(.list(values), at: position)
    }
    var entries = entries
    if let index = entries.firstIndex(where: { $0.key == key }) {
      entries[index].value = entries[index].value.setting(rest, to: text)
    } else {
      let fresh = DocumentValue(.map([]), at: place).setting(rest, to: text)
      entries.append(Entry(key: String(key), keyPosition: place, value: fresh))
    }
    return DocumentValue(.map(entries), at: position)
  }
}
