package import Wire

/// Writes JSON as bytes into one growing buffer that it owns: the hot path's way out (an alert in about a
/// hundred nanoseconds, where an encoder takes thousands).
///
/// Names are `StaticString`s of plain ASCII and are not escaped; values are. A comma is written where the last
/// byte does not open a container, so that nobody keeps count. The buffer grows by doubling and is kept by
/// `removeAll()`, hence nothing is allocated per record in steady state.
///
/// Text that is not UTF-8 keeps its ASCII, and every other byte becomes `\xHH` (as EVE has it), so that a line is
/// always valid JSON whatever traffic sends.
@safe package struct JSONWriter: ~Copyable {
  private var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  package private(set) var count = 0
  private var cachedSecond = Int64.min
  private var cachedDate: InlineArray<20, UInt8> = InlineArray(repeating: 0)

  package init(capacity: Int = 64 * 1024) {
    self.capacity = max(capacity, 256)
    unsafe start = .allocate(capacity: self.capacity)
  }

  deinit { unsafe start.deallocate() }

  /// The bytes written so far, until the next mutation.
  package func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try unsafe body(UnsafeRawBufferPointer(start: start, count: count))
  }
  package var text: String { unsafe withBytes { unsafe String(decoding: $0, as: UTF8.self) } }
  package mutating func removeAll() { count = 0 }
  /// Puts `bytes`, whole JSON, in the place of what was written after `mark`, an earlier value of `count`.
  package mutating func replace(from mark: Int, with bytes: [UInt8]) {
    rewind(to: mark)
    unsafe bytes.withUnsafeBytes { unsafe append($0) }
  }
  /// Forgets what was written after `mark`, an earlier value of `count`.
  package mutating func rewind(to mark: Int) { count = min(count, max(mark, 0)) }

  // MARK: containers

  package mutating func beginObject() { open(UInt8(ascii: "{")) }
  package mutating func beginObject(_ name: StaticString) { key(name, then: UInt8(ascii: "{")) }
  package mutating func endObject() { put(UInt8(ascii: "}")) }
  package mutating func beginArray(_ name: StaticString) { key(name, then: UInt8(ascii: "[")) }
  package mutating func endArray() { put(UInt8(ascii: "]")) }
  package mutating func endLine() { put(UInt8(ascii: "\n")) }

  // MARK: members

  package mutating func field(_ name: StaticString, _ value: RawSpan) {
    key(name, then: UInt8(ascii: "\""))
    escaped(value)
    put(UInt8(ascii: "\""))
  }
  package mutating func field(_ name: StaticString, _ value: UnsafeRawBufferPointer) {
    field(name, unsafe value.bytes)
  }
  package mutating func field(_ name: StaticString, _ value: [UInt8]) { field(name, unsafe value.span.bytes) }
  package mutating func field(_ name: StaticString, _ value: String) { field(name, unsafe value.utf8.span.bytes) }
  /// A constant of ours: plain ASCII, not escaped.
  package mutating func field(_ name: StaticString, literal value: StaticString) {
    key(name, then: UInt8(ascii: "\""))
    raw(value)
    put(UInt8(ascii: "\""))
  }
  package mutating func field(_ name: StaticString, _ value: some FixedWidthInteger) {
    key(name)
    integer(value)
  }
  package mutating func field(_ name: StaticString, _ value: Bool) {
    key(name)
    raw(value ? "true" : "false")
  }
  /// Six decimals, the precision that EVE gives fractions; a value that is not finite becomes 0.
  package mutating func field(_ name: StaticString, _ value: Double) {
    key(name)
    double(value)
  }
  package mutating func field(_ name: StaticString, _ address: IPAddress) {
    key(name, then: UInt8(ascii: "\""))
    reserve(48)
    unsafe count += address.write(to: start + count)
    put(UInt8(ascii: "\""))
  }
  /// `2026-11-22T03:04:05.678901+0000`: EVE's form, always in UTC.
  package mutating func field(_ name: StaticString, _ time: Timestamp) {
    key(name, then: UInt8(ascii: "\""))
    timestamp(time)
    put(UInt8(ascii: "\""))
  }
  /// `0x` and lower-case digits do not precede: two digits a byte, as EVE writes flags and hashes.
  package mutating func field(_ name: StaticString, hex value: RawSpan) {
    key(name, then: UInt8(ascii: "\""))
    for index in 0..<value.byteCount { hexByte(value.byte(index)) }
    put(UInt8(ascii: "\""))
  }
  package mutating func field(_ name: StaticString, base64 value: RawSpan) {
    key(name, then: UInt8(ascii: "\""))
    base64(value)
    put(UInt8(ascii: "\""))
  }
  /// A member whose name is not known before the run: it is escaped as any value is.
  package mutating func field(named name: RawSpan, _ value: RawSpan) {
    comma()
    put(UInt8(ascii: "\""))
    escaped(name)
    raw("\":\"")
    escaped(value)
    put(UInt8(ascii: "\""))
  }
  package mutating func field(named name: String, _ value: some FixedWidthInteger) {
    comma()
    put(UInt8(ascii: "\""))
    escaped(unsafe name.utf8.span.bytes)
    raw("\":")
    integer(value)
  }
  package mutating func beginObject(named name: String) {
    comma()
    put(UInt8(ascii: "\""))
    escaped(unsafe name.utf8.span.bytes)
    raw("\":{")
  }
  package mutating func beginArray(named name: String) {
    comma()
    put(UInt8(ascii: "\""))
    escaped(unsafe name.utf8.span.bytes)
    raw("\":[")
  }
  /// JSON made before (a rule's metadata): copied as it is. The caller answers for its being JSON.
  package mutating func field(_ name: StaticString, json: [UInt8]) {
    key(name)
    unsafe json.withUnsafeBytes { unsafe append($0) }
  }
  /// Members made before, without braces: `"a":1,"b":2`.
  package mutating func members(_ json: [UInt8]) {
    guard !json.isEmpty else { return }
    comma()
    unsafe json.withUnsafeBytes { unsafe append($0) }
  }

  // MARK: elements

  package mutating func element(_ value: RawSpan) {
    open(UInt8(ascii: "\""))
    escaped(value)
    put(UInt8(ascii: "\""))
  }
  package mutating func element(_ value: UnsafeRawBufferPointer) { element(unsafe value.bytes) }
  package mutating func element(_ value: String) { element(unsafe value.utf8.span.bytes) }
  package mutating func element(_ value: some FixedWidthInteger) {
    comma()
    integer(value)
  }

  // MARK: bytes

  @inline(__always) private mutating func reserve(_ more: Int) {
    if count &+ more > capacity { grow(more) }
  }

  private mutating func grow(_ more: Int) {
    let wider = max(capacity &* 2, count &+ more)
    unsafe start = {
      let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: wider)
      unsafe fresh.update(from: start, count: count)
      unsafe start.deallocate()
      return unsafe fresh
    }()
    capacity = wider
  }

  @inline(__always) private mutating func put(_ byte: UInt8) {
    reserve(1)
    unsafe start[count] = byte
    count &+= 1
  }

  @inline(__always) private mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    reserve(bytes.count)
    unsafe UnsafeMutableRawPointer(start + count).copyMemory(from: base, byteCount: bytes.count)
    count &+= bytes.count
  }

  private mutating func raw(_ text: StaticString) {
    unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  @inline(__always) private mutating func comma() {
    guard count > 0 else { return }
    switch unsafe start[count &- 1] {
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\n"), UInt8(ascii: ":"): return
    default: put(UInt8(ascii: ","))
    }
  }

  private mutating func open(_ byte: UInt8) {
    comma()
    put(byte)
  }

  private mutating func key(_ name: StaticString) {
    let length = name.utf8CodeUnitCount
    reserve(length &+ 5)
    comma()
    unsafe start[count] = UInt8(ascii: "\"")
    unsafe (start + count + 1).update(from: name.utf8Start, count: length)
    unsafe start[count &+ length &+ 1] = UInt8(ascii: "\"")
    unsafe start[count &+ length &+ 2] = UInt8(ascii: ":")
    count &+= length &+ 3
  }

  private mutating func key(_ name: StaticString, then opening: UInt8) {
    key(name)
    put(opening)
  }

  // MARK: values

  private mutating func integer(_ value: some FixedWidthInteger) {
    reserve(24)
    if value < 0 { put(UInt8(ascii: "-")) }
    unsafe count += DecimalDigits.write(UInt64(value.magnitude), to: start + count)
  }

  private mutating func double(_ value: Double) {
    guard value.isFinite, abs(value) < 9e12 else { return put(UInt8(ascii: "0")) }
    let scaled = Int64((value * 1e6).rounded())
    if scaled < 0 { put(UInt8(ascii: "-")) }
    let (whole, part) = scaled.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    integer(whole)
    put(UInt8(ascii: "."))
    sixDigits(UInt32(part))
  }

  private mutating func sixDigits(_ value: UInt32) {
    reserve(6)
    var rest = value
    for place in stride(from: 5, through: 0, by: -1) {
      unsafe start[count &+ place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    count &+= 6
  }

  private mutating func timestamp(_ time: Timestamp) {
    let (second, part) = (time.seconds, time.subsecond)
    if second != cachedSecond {
      cachedSecond = second
      cachedDate = CivilTime(unixSeconds: second).text
    }
    reserve(32)
    for index in 0..<20 { unsafe start[count &+ index] = cachedDate[index] }
    count &+= 20
    sixDigits(UInt32(truncatingIfNeeded: part / 1000))
    raw("+0000")
  }

  private mutating func hexByte(_ byte: UInt8) {
    reserve(2)
    unsafe start[count] = HexDigits.lower(byte >> 4)
    unsafe start[count &+ 1] = HexDigits.lower(byte & 15)
    count &+= 2
  }

  private mutating func base64(_ value: RawSpan) {
    reserve((value.byteCount &+ 2) / 3 &* 4)
    Base64Text.write(value) { put($0) }
  }

  /// Plain ASCII is copied in one run; anything else is escaped byte by byte.
  private mutating func escaped(_ value: RawSpan) {
    unsafe value.withUnsafeBytes { bytes in
      var run = 0
      while run < bytes.count, JSONText.isPlain(unsafe bytes[run]) { run &+= 1 }
      unsafe append(UnsafeRawBufferPointer(rebasing: bytes[..<run]))
      if run < bytes.count { unsafe escapedSlowly(UnsafeRawBufferPointer(rebasing: bytes[run...])) }
    }
  }

  private mutating func escapedSlowly(_ bytes: UnsafeRawBufferPointer) {
    let isText = unsafe JSONText.isUTF8(bytes)
    for index in 0..<bytes.count {
      let byte = unsafe bytes[index]
      switch byte {
      case UInt8(ascii: "\""): raw("\\\"")
      case UInt8(ascii: "\\"): raw("\\\\")
      case UInt8(ascii: "\n"): raw("\\n")
      case UInt8(ascii: "\r"): raw("\\r")
      case UInt8(ascii: "\t"): raw("\\t")
      case 8: raw("\\b")
      case 12: raw("\\f")
      case 0..<0x20, 0x7f:
        raw("\\u00")
        hexByte(byte)
      case 0x80... where !isText:
        raw("\\\\x")
        hexByte(byte)
      default: put(byte)
      }
    }
  }
}
