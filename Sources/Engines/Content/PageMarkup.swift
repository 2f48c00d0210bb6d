internal import CGumbo
internal import Dispatch

/// What is told of a page's elements as they begin and end.
protocol MarkupReading {
  /// The attributes to be told of.
  static var wanted: Set<String> { get }
  /// False: the element is not entered, and `end` does not come for it.
  mutating func begin(_ name: String, _ attributes: [String: String]) -> Bool
  mutating func text(_ text: String)
  mutating func comment(_ text: String)
  mutating func end()
}

/// HTML by gumbo, read once into flat values: gumbo's tree lives no longer than the call.
enum PageMarkup {
  /// gumbo's arena: an ordinary page of a megabyte takes some 40 MiB.
  #if FUZZING
    // A fuzzer's pages have kilobytes, and its allocator pays for each byte of the arena.
    private static let memoryLimit = 4 << 20
  #else
    private static let memoryLimit = 192 << 20
  #endif
  /// Processor time a page: an ordinary megabyte takes 30 ms, 100,000 nested elements would take minutes.
  private static let nanosecondLimit: Int64 = 1_000_000_000

  /// Pages read at once, of all jobs: what hostile ones hold together is this many arenas.
  private static let turns = DispatchSemaphore(value: 2)

  enum Failure: Error { case tooLarge, tooSlow }

  static func read(_ text: [UInt8]) throws(Failure) -> Page { try read(text, PageReading()).finished }

  /// `reading` after the whole page.
  static func read<Reading: MarkupReading>(_ text: [UInt8], _ reading: Reading) throws(Failure) -> Reading {
    var arena: UnsafeMutablePointer<vigil_gumbo_arena>?
    var why: Int32 = 0
    turns.wait()
    defer {
      unsafe vigil_gumbo_release(arena)
      turns.signal()
    }
    let result = unsafe text.withUnsafeBytes { raw -> Reading? in
      let start = unsafe raw.baseAddress?.assumingMemoryBound(to: CChar.self)
      guard let start = unsafe start else { return reading }
      let tree = unsafe vigil_gumbo_parse(start, raw.count, memoryLimit, nanosecondLimit, &arena, &why)
      guard let root = unsafe tree?.pointee.root else { return nil }
      var reading = reading
      unsafe walk(root, &reading)
      return reading
    }
    guard let result else { throw why == 2 ? .tooSlow : .tooLarge }
    return result
  }

  @unsafe private struct Place {
    var element: UnsafePointer<GumboElement>
    var next: UInt32
  }

  private static func walk<Reading: MarkupReading>(_ root: UnsafePointer<GumboNode>, _ reading: inout Reading) {
    var places: [Place] = unsafe []
    func enter(_ node: UnsafePointer<GumboNode>) {
      guard let element = unsafe vigil_gumbo_element(node) else {
        guard let text = unsafe vigil_gumbo_text(node) else { return }
        let content = unsafe String(cString: text)
        if unsafe vigil_gumbo_is_comment(node) != 0 { reading.comment(content) } else { reading.text(content) }
        return
      }
      guard
        reading.begin(
          unsafe name(of: element), unsafe attributes(of: element, Reading.wanted))
      else { return }
      unsafe places.append(Place(element: element, next: 0))
    }
    unsafe enter(root)
    while let last = unsafe places.indices.last {
      let place = unsafe places[last]
      if let child = unsafe vigil_gumbo_child(place.element, place.next) {
        unsafe places[last].next += 1
        unsafe enter(child)
      } else {
        unsafe places.removeLast()
        reading.end()
      }
    }
  }

  private static func name(of element: UnsafePointer<GumboElement>) -> String {
    let known = unsafe String(cString: gumbo_normalized_tagname(element.pointee.tag))
    guard known.isEmpty else { return known }
    // A tag that HTML does not know: its name as written, to the first byte that ends one.
    let piece = unsafe element.pointee.original_tag
    guard let start = unsafe piece.data, unsafe piece.length > 1 else { return "?" }
    let bytes = unsafe UnsafeRawBufferPointer(start: start + 1, count: min(piece.length - 1, 32))
    return unsafe String(decoding: bytes.prefix { $0 > 0x2f && $0 != 0x3e }, as: UTF8.self).lowercased()
  }

  /// Attributes beyond this and longer values are not looked at.
  private static let attributeLimit: UInt32 = 64

  private static func attributes(
    of element: UnsafePointer<GumboElement>, _ wanted: Set<String>
  ) -> [String: String] {
    var found: [String: String] = [:]
    for index in 0..<attributeLimit {
      guard let attribute = unsafe vigil_gumbo_attribute(element, index) else { break }
      guard let name = unsafe attribute.pointee.name, let value = unsafe attribute.pointee.value else { continue }
      let key = unsafe String(cString: name)
      if wanted.contains(key) { found[key] = unsafe String(cString: value) }
    }
    return found
  }
}
