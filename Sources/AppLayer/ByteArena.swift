internal import Wire

/// Bytes that stay where they are until their transaction goes: blocks, never moved, freed together.
@safe struct ByteArena: ~Copyable {
  /// A block starts with the address of the one before it.
  private static let header = 16
  private var block: UnsafeMutableRawPointer?
  private var used = 0
  private var capacity = 0

  init() {}
  deinit {
    var next = unsafe block
    while let here = unsafe next {
      unsafe next = here.load(as: UnsafeMutableRawPointer?.self)
      unsafe here.deallocate()
    }
  }

  /// Room for `count` bytes to be written at once; `expected` sizes a block that has to be made for it.
  mutating func take(_ count: Int, expected: Int = 0) -> UnsafeMutableRawPointer? {
    guard count > 0 else { return nil }
    if unsafe block == nil || used + count > capacity {
      let size = Self.header + max(count, expected, 496)
      let fresh = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
      unsafe fresh.storeBytes(of: block, as: UnsafeMutableRawPointer?.self)
      unsafe block = fresh
      used = Self.header
      capacity = size
    }
    defer { used += count }
    return unsafe block.map { unsafe $0 + used }
  }
  /// Gives back the unused end of the room taken last.
  mutating func giveBack(_ count: Int) { used -= count }

  mutating func copy(_ bytes: Bytes, expected: Int = 0) -> Bytes {
    guard bytes.count > 0, let from = unsafe bytes.base, let to = unsafe take(bytes.count, expected: expected)
    else { return .empty }
    unsafe to.copyMemory(from: from, byteCount: bytes.count)
    return unsafe Bytes(base: UnsafeRawPointer(to), count: bytes.count)
  }
  mutating func copy(_ array: [UInt8]) -> Bytes {
    guard !array.isEmpty, let to = unsafe take(array.count) else { return .empty }
    unsafe array.withUnsafeBytes {
      if let from = $0.baseAddress { unsafe to.copyMemory(from: from, byteCount: array.count) }
    }
    return unsafe Bytes(base: UnsafeRawPointer(to), count: array.count)
  }
}
