/// An immutable array of plain values (no references) outside Swift's reference counting: read on the hot path without a retain or a
/// check. Freed with the `CompiledRules` that made it.
@safe struct Table<Element: Sendable>: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Element>
  let count: Int

  init(_ elements: [Element]) {
    count = elements.count
    unsafe base = .allocate(capacity: max(1, elements.count))
    unsafe elements.withUnsafeBufferPointer { elements in
      if let first = elements.baseAddress { unsafe base.initialize(from: first, count: elements.count) }
    }
  }

  /// `index` must lie below `count`: compiled indices do.
  @inline(__always) subscript(index: Int) -> Element { unsafe base[index] }

  func view(start: Int, count: Int) -> ByteView where Element == UInt8 {
    unsafe ByteView(base: UnsafePointer(base + start), count: count)
  }

  func free() { unsafe base.deallocate() }
}

/// A part of a `Table`.
struct Part: Sendable {
  var start: Int32 = 0
  var count: Int32 = 0

  @inline(__always) var isEmpty: Bool { count == 0 }
  @inline(__always) var indices: Range<Int> { Int(start)..<Int(start) + Int(count) }

  init() {}
  init(_ range: Range<Int>) {
    start = Int32(range.lowerBound)
    count = Int32(range.count)
  }
}

/// Borrowed bytes whose owner outlives the call: what a rule inspects. Subscripts are not checked.
@safe struct ByteView {
  let base: UnsafePointer<UInt8>
  let count: Int

  @inline(__always) init(base: UnsafePointer<UInt8>, count: Int) {
    unsafe self.base = base
    self.count = count
  }

  @inline(__always) init(_ bytes: UnsafeRawBufferPointer) {
    unsafe base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? ByteView.nowhere
    count = bytes.count
  }

  /// A place that is never read.
  static var nowhere: UnsafePointer<UInt8> {
    unsafe UnsafePointer(bitPattern: 16) ?? UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 1))
  }

  @inline(__always) subscript(index: Int) -> UInt8 { unsafe base[index] }
  @inline(__always) var raw: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: base, count: count) }
  @inline(__always) func dropFirst(_ length: Int) -> ByteView {
    unsafe ByteView(base: base + length, count: count - length)
  }
  @inline(__always) func prefix(_ length: Int) -> ByteView {
    unsafe ByteView(base: base, count: min(length, count))
  }
}
