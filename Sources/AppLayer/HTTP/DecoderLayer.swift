internal import CCompression
internal import Wire

/// One content coding being undone.
@safe final class DecoderLayer {
  enum Kind { case gzip, deflate, brotli, lzma }
  enum Outcome { case fine, broken, memory }
  private enum State { case running, passing, over }
  /// How zlib is told to read: a gzip wrapper, a zlib wrapper, none.
  private static let gzipOrder: [Int32] = [31, -15, 15, -15]
  private static let deflateOrder: [Int32] = [15, -15, 31]
  private static let roomSize = 16384
  /// Held until the first byte comes out, so that another format can be tried on the same bytes.
  private static let heldLimit = 4096

  let kind: Kind
  private let lzmaMemory: UInt64
  private var state = State.running
  private var zlib: UnsafeMutablePointer<z_stream>?
  private var attempt = 0
  private var held = GrowingBytes()
  private var hasOutput = false
  private var brotli: OpaquePointer?
  private var lzma: UnsafeMutablePointer<lzma_stream>?
  private var room: UnsafeMutablePointer<UInt8>?

  init(_ kind: Kind, lzmaMemory: UInt64) {
    self.kind = kind
    self.lzmaMemory = lzmaMemory
  }
  deinit {
    closeZlib()
    if let brotli = unsafe brotli { unsafe BrotliDecoderDestroyInstance(brotli) }
    if let lzma = unsafe lzma {
      unsafe lzma_end(lzma)
      unsafe lzma.deallocate()
    }
    unsafe room?.deallocate()
  }

  func decode(_ bytes: Bytes, _ sink: (Bytes) -> Bool) -> Outcome {
    switch state {
    case .over: return .fine
    case .passing:
      _ = sink(bytes)
      return .fine
    case .running: break
    }
    if unsafe room == nil { unsafe room = .allocate(capacity: Self.roomSize) }
    if !hasOutput, held.count < Self.heldLimit { bytes.withSpan { held.append($0, limit: Self.heldLimit * 16) } }
    switch kind {
    case .gzip, .deflate: return decodeZlib(bytes, sink)
    case .brotli: return decodeBrotli(bytes, sink)
    case .lzma: return decodeLZMA(bytes, sink)
    }
  }

  /// Bytes too few to be anything are themselves.
  func finish(_ sink: (Bytes) -> Bool) {
    if state == .running, !hasOutput, held.count > 0, held.count < 4 { _ = sink(unsafe Bytes(held.bytes)) }
    state = .over
  }

  private func pass(_ sink: (Bytes) -> Bool) -> Outcome {
    state = .passing
    _ = sink(unsafe Bytes(held.bytes))
    held.free()
    return .broken
  }
  private func deliver(_ count: Int, _ sink: (Bytes) -> Bool) -> Bool {
    guard count > 0 else { return true }
    hasOutput = true
    let goesOn = sink(unsafe Bytes(base: UnsafeRawPointer(room), count: count))
    if !goesOn { state = .over }
    return goesOn
  }

  // MARK: zlib

  private var order: [Int32] { kind == .gzip ? Self.gzipOrder : Self.deflateOrder }

  private func openZlib() -> Bool {
    closeZlib()
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let size = Int32(unsafe MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(stream, order[attempt], ZLIB_VERSION, size) == Z_OK else {
      unsafe stream.deallocate()
      return false
    }
    unsafe zlib = stream
    return true
  }
  private func closeZlib() {
    guard let stream = unsafe zlib else { return }
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
    unsafe zlib = nil
  }

  private func decodeZlib(_ bytes: Bytes, _ sink: (Bytes) -> Bool) -> Outcome {
    var input = bytes
    if unsafe zlib == nil, !openZlib() { return pass(sink) }
    while true {
      if inflateAll(input, sink) { return .fine }
      guard !hasOutput else {
        state = .over
        return .broken
      }
      attempt += 1
      guard attempt < order.count, openZlib() else { return pass(sink) }
      input = unsafe Bytes(held.bytes)
      // A gzip header that zlib refuses (a wrong checksum of its own) is skipped by hand.
      if kind == .gzip, attempt == 1 { input = input.from(GzipHeader.length(input)) }
    }
  }

  /// False when the bytes do not fit the format.
  private func inflateAll(_ bytes: Bytes, _ sink: (Bytes) -> Bool) -> Bool {
    guard let stream = unsafe zlib, let room = unsafe room, let base = unsafe bytes.base else { return true }
    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: base.assumingMemoryBound(to: UInt8.self))
    unsafe stream.pointee.avail_in = UInt32(bytes.count)
    while true {
      unsafe stream.pointee.next_out = room
      unsafe stream.pointee.avail_out = UInt32(Self.roomSize)
      let result = unsafe inflate(stream, Z_SYNC_FLUSH)
      let count = Self.roomSize - Int(unsafe stream.pointee.avail_out)
      guard deliver(count, sink) else { return true }
      if result == Z_STREAM_END {
        guard startsAgain() else {
          state = .over
          return true
        }
        continue
      }
      if result == Z_BUF_ERROR { return true }
      guard result == Z_OK else { return false }
      if unsafe stream.pointee.avail_in == 0, count < Self.roomSize { return true }
    }
  }
  /// A gzip file may hold several members.
  private func startsAgain() -> Bool {
    guard let stream = unsafe zlib, order[attempt] == 31, unsafe stream.pointee.avail_in >= 2,
      let next = unsafe stream.pointee.next_in, unsafe next[0] == 0x1f, unsafe next[1] == 0x8b
    else { return false }
    return unsafe inflateReset(stream) == Z_OK
  }

  // MARK: brotli

  private func decodeBrotli(_ bytes: Bytes, _ sink: (Bytes) -> Bool) -> Outcome {
    if unsafe brotli == nil { unsafe brotli = BrotliDecoderCreateInstance(nil, nil, nil) }
    guard let decoder = unsafe brotli, let room = unsafe room, let base = unsafe bytes.base else { return .fine }
    var available = bytes.count
    var next: UnsafePointer<UInt8>? = unsafe base.assumingMemoryBound(to: UInt8.self)
    while true {
      var left = Self.roomSize
      var out: UnsafeMutablePointer<UInt8>? = unsafe room
      let result = unsafe BrotliDecoderDecompressStream(decoder, &available, &next, &left, &out, nil)
      guard deliver(Self.roomSize - left, sink) else { return .fine }
      if result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT { continue }
      if result == BROTLI_DECODER_RESULT_SUCCESS { state = .over }
      if result == BROTLI_DECODER_RESULT_ERROR {
        guard hasOutput else { return pass(sink) }
        state = .over
        return .broken
      }
      return .fine
    }
  }

  // MARK: lzma

  /// The header's dictionary is cut to what memory allows: most streams never reach back as far as they claim.
  private func lzmaHeader() -> [UInt8] {
    var header = unsafe Bytes(held.bytes).prefix(5).array
    let claimed = header.dropFirst().reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    let allowed = max(lzmaMemory / 2, 1 << 12)
    guard claimed > allowed else { return header }
    let power = UInt64(1) << UInt64(63 - allowed.leadingZeroBitCount)
    for index in 0..<4 { header[1 + index] = UInt8(truncatingIfNeeded: power >> UInt64(8 * index)) }
    return header
  }

  private func decodeLZMA(_ bytes: Bytes, _ sink: (Bytes) -> Bool) -> Outcome {
    if unsafe lzma == nil {
      guard held.count >= 5 else { return .fine }
      guard openLZMA() else { return pass(sink) }
      return lzmaHeader().withBytes { header in
        let first = unsafe header.withUnsafeBytes { runLZMA(unsafe Bytes($0), sink) }
        guard first == .fine, state == .running else { return first }
        return runLZMA(unsafe Bytes(held.bytes).from(5), sink)
      }
    }
    return runLZMA(bytes, sink)
  }

  private func openLZMA() -> Bool {
    let stream = UnsafeMutablePointer<lzma_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: lzma_stream())
    unsafe lzma = stream
    return unsafe lzma_alone_decoder(stream, lzmaMemory) == LZMA_OK
  }

  private func runLZMA(_ bytes: Bytes, _ sink: (Bytes) -> Bool) -> Outcome {
    guard let stream = unsafe lzma, let room = unsafe room, let base = unsafe bytes.base else { return .fine }
    unsafe stream.pointee.next_in = base.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_in = bytes.count
    while true {
      unsafe stream.pointee.next_out = room
      unsafe stream.pointee.avail_out = Self.roomSize
      let result = unsafe lzma_code(stream, LZMA_RUN)
      let count = Self.roomSize - Int(unsafe stream.pointee.avail_out)
      guard deliver(count, sink) else { return .fine }
      if result == LZMA_STREAM_END { state = .over }
      if result == LZMA_MEMLIMIT_ERROR {
        state = .over
        return .memory
      }
      guard result == LZMA_OK else {
        guard result != LZMA_STREAM_END, result != LZMA_BUF_ERROR else { return .fine }
        guard hasOutput else { return pass(sink) }
        state = .over
        return .broken
      }
      if unsafe stream.pointee.avail_in == 0, unsafe stream.pointee.avail_out > 0 { return .fine }
    }
  }
}

/// The header of a gzip member (RFC 1952 section 2.3).
enum GzipHeader {
  /// Its length as far as it can be told; 0 for what is no gzip.
  static func length(_ bytes: Bytes) -> Int {
    guard bytes.count >= 10, bytes[0] == 0x1f, bytes[1] == 0x8b else { return 0 }
    let flags = bytes[3]
    var at = 10
    if flags & 4 != 0, at + 2 <= bytes.count { at += 2 + Int(bytes[at]) + Int(bytes[at + 1]) << 8 }
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      at = bytes.firstIndex(of: 0, from: at).map { $0 + 1 } ?? bytes.count
    }
    if flags & 2 != 0 { at += 2 }
    return min(at, bytes.count)
  }
}
