internal import Wire

/// Bytes that only grow, up to a limit; moved when they outgrow their place. The one owner frees them.
@safe final class GrowingBytes {
  private(set) var count = 0
  private var capacity = 0
  private var base: UnsafeMutableRawPointer?

  init() {}
  deinit { unsafe base?.deallocate() }

  var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: base, count: count) }

  /// As many of the bytes as fit under the limit.
  func append(_ span: RawSpan, limit: Int = .max) {
    let room = min(span.byteCount, max(0, limit - count))
    guard room > 0 else { return }
    reserve(count + room)
    unsafe span.withUnsafeBytes { source in
      if let from = source.baseAddress, let base = unsafe base {
        unsafe (base + count).copyMemory(from: from, byteCount: room)
      }
    }
    count += room
  }
  func append(_ byte: UInt8) {
    reserve(count + 1)
    unsafe base?.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }
  /// Forgets the first bytes and moves the rest to the front.
  func removeFirst(_ number: Int) {
    guard number < count else { return removeAll() }
    guard number > 0, let base = unsafe base else { return }
    unsafe base.copyMemory(from: base + number, byteCount: count - number)
    count -= number
  }
  func removeAll() { count = 0 }
  func free() {
    unsafe base?.deallocate()
    unsafe base = nil
    count = 0
    capacity = 0
  }
  private func reserve(_ needed: Int) {
    guard needed > capacity else { return }
    let size = max(needed, capacity * 2, 256)
    let fresh = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    if let old = unsafe base {
      unsafe fresh.copyMemory(from: old, byteCount: count)
      unsafe old.deallocate()
    }
    unsafe base = fresh
    capacity = size
  }
}
