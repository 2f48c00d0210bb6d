/// Big-endian loads without a check: for views whose `init` has checked the length, and for nobody else.
extension RawSpan {
  @inlinable @inline(__always) public func byte(_ offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
  }
  @inlinable @inline(__always) public func u16(_ offset: Int) -> UInt16 {
    UInt16(bigEndian: unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt16.self))
  }
  @inlinable @inline(__always) public func u24(_ offset: Int) -> UInt32 {
    UInt32(byte(offset)) &<< 16 | UInt32(u16(offset &+ 1))
  }
  @inlinable @inline(__always) public func u32(_ offset: Int) -> UInt32 {
    UInt32(bigEndian: unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
  }
  @inlinable @inline(__always) public func u64(_ offset: Int) -> UInt64 {
    UInt64(bigEndian: unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }

  /// The bytes of `range` cut to what is there; empty when it lies outside. Never traps.
  @_lifetime(copy self)
  @inlinable @inline(__always) public func clamped(_ start: Int, _ end: Int) -> RawSpan {
    let low = min(max(start, 0), byteCount)
    let high = min(max(end, low), byteCount)
    return unsafe extracting(unchecked: low..<high)
  }
  /// Everything from `start` on; empty when `start` lies outside. Never traps.
  @_lifetime(copy self)
  @inlinable @inline(__always) public func from(_ start: Int) -> RawSpan { clamped(start, byteCount) }

  /// A copy of the bytes. Not for the hot path.
  @inlinable public func array() -> [UInt8] {
    unsafe withUnsafeBytes { unsafe [UInt8]($0) }
  }
}
