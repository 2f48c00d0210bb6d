internal import Glibc
internal import Wire

/// One MiB over read(2): a window that slides along the file. Twice as fast as libpcap's stdio.
@safe struct ReadBuffer: ~Copyable {
  enum Filled { case ready, short, idle, stopped, failed(Int32) }

  static let size = 1 << 20
  private let descriptor: Int32
  private let isRegular: Bool
  private let memory: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  /// Of the file: where `start` stands, for messages.
  private(set) var position: UInt64 = 0

  /// Takes the descriptor over.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    var status = stat()
    isRegular = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    unsafe memory = UnsafeMutableRawBufferPointer.allocate(byteCount: ReadBuffer.size, alignment: 4096)
  }

  deinit {
    unsafe memory.deallocate()
    if descriptor > 2 { close(descriptor) }
  }

  var available: Int { end &- start }

  /// The bytes at hand; they live until the next mutation.
  var window: RawSpan {
    @_lifetime(borrow self) get {
      let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: memory[start..<end]))
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  mutating func consume(_ count: Int) {
    start &+= count
    position &+= UInt64(truncatingIfNeeded: count)
  }

  /// Makes at least `count` bytes available; `.short` at the end of the file.
  @inline(__always)
  mutating func fill(_ count: Int, _ stop: StopSignal, waitMilliseconds: Int32) -> Filled {
    if end &- start >= count { return .ready }
    return refill(count, stop, waitMilliseconds)
  }

  @inline(never)
  private mutating func refill(_ count: Int, _ stop: StopSignal, _ waitMilliseconds: Int32) -> Filled {
    guard count <= ReadBuffer.size else { return .short }
    if start > 0 {
      unsafe memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[start..<end]))
      end &-= start
      start = 0
    }
    while end < count {
      if stop.isRaised { return .stopped }
      if !isRegular, !stop.wait(for: descriptor, milliseconds: waitMilliseconds) {
        return stop.isRaised ? .stopped : .idle
      }
      let got = unsafe read(descriptor, memory.baseAddress?.advanced(by: end), ReadBuffer.size &- end)
      if got > 0 {
        end &+= got
      } else if got == 0 {
        return .short
      } else if errno != EINTR && errno != EAGAIN {
        return .failed(errno)
      }
    }
    return .ready
  }
}
