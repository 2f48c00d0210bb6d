internal import CHyperscan

/// A byte string to look for. `id` is what a scan reports; ids need not be unique but should be dense from 0.
public struct Literal: Hashable, Sendable {
  public let bytes: [UInt8]
  public let id: UInt32
  public let isCaseless: Bool

  public init(_ bytes: [UInt8], id: UInt32, isCaseless: Bool = false) {
    self.bytes = bytes
    self.id = id
    self.isCaseless = isCaseless
  }
}

/// Many literals compiled into one Hyperscan database in block mode. Immutable; shared between workers.
@safe public final class LiteralSet: @unchecked Sendable {
  let database: OpaquePointer
  /// One more than the highest id.
  public let idLimit: Int
  /// The longest literal: what must be kept of earlier bytes so that a match across two scans is not lost.
  public let longest: Int

  init(database: OpaquePointer, idLimit: Int, longest: Int) {
    unsafe self.database = database
    self.idLimit = idLimit
    self.longest = longest
  }

  deinit { unsafe hs_free_database(database) }

  /// Cost: some 50 us a literal. Refuses empty sets and empty literals.
  public static func compile(_ literals: [Literal]) throws(PatternError) -> LiteralSet {
    guard !literals.isEmpty else { throw PatternError("a literal set needs at least one literal") }
    if let empty = literals.firstIndex(where: { $0.bytes.isEmpty }) {
      throw PatternError("a literal must not be empty", position: empty)
    }
    let (idLimit, longest) = bounds(literals)
    return unsafe LiteralSet(database: try compiled(literals), idLimit: idLimit, longest: longest)
  }

  static func bounds(_ literals: [Literal]) -> (idLimit: Int, longest: Int) {
    literals.reduce((0, 0)) { (max($0.0, Int($1.id) + 1), max($0.1, $1.bytes.count)) }
  }

  private static func compiled(_ literals: [Literal]) throws(PatternError) -> OpaquePointer {
    var arena: [CChar] = []
    var starts: [Int] = []
    for literal in literals {
      starts.append(arena.count)
      arena.append(contentsOf: literal.bytes.lazy.map { CChar(bitPattern: $0) })
    }
    let flags = literals.map { UInt32($0.isCaseless ? HS_FLAG_CASELESS : 0) }
    let ids = literals.map(\.id)
    let lengths = literals.map(\.bytes.count)
    var database: OpaquePointer?
    var failure: UnsafeMutablePointer<hs_compile_error_t>?
    let status = unsafe arena.withUnsafeBufferPointer { arena in
      let expressions = unsafe starts.map { start -> UnsafePointer<CChar>? in
        unsafe arena.baseAddress.map { unsafe $0 + start }
      }
      return unsafe hs_compile_lit_multi(
        expressions, flags, ids, lengths, UInt32(literals.count), UInt32(HS_MODE_BLOCK), nil, &database, &failure)
    }
    defer { unsafe hs_free_compile_error(failure) }
    guard status == HS_SUCCESS, let database = unsafe database else {
      let text = unsafe failure.flatMap { unsafe $0.pointee.message.map { unsafe String(cString: $0) } }
      let index = unsafe failure.map { unsafe Int($0.pointee.expression) } ?? -1
      throw PatternError(text ?? "Hyperscan refuses the literals (\(status))", position: index < 0 ? nil : index)
    }
    return unsafe database
  }

  /// Bytes of memory the database takes.
  public var byteCount: Int {
    var size = 0
    return unsafe hs_database_size(database, &size) == HS_SUCCESS ? size : 0
  }

  /// Distinct ids of literals whose last byte lies behind the first `seen` bytes; they wait in `scratch.hits`.
  ///
  /// `bytes` beyond 2 GiB are not looked at. The scratch must have been prepared for this set.
  @discardableResult
  public func scan(_ bytes: UnsafeRawBufferPointer, seen: Int = 0, _ scratch: LiteralScratch) -> Int {
    scratch.begin(seen: seen)
    guard let base = bytes.baseAddress, bytes.count > 0 else { return 0 }
    let start = unsafe base.assumingMemoryBound(to: CChar.self)
    _ = unsafe hs_scan(
      database, start, UInt32(min(bytes.count, 0x7fff_ffff)), 0, scratch.scratch, collectHit, scratch.sink)
    return unsafe scratch.sink.pointee.count
  }

  @discardableResult
  public func scan(_ bytes: RawSpan, seen: Int = 0, _ scratch: LiteralScratch) -> Int {
    unsafe bytes.withUnsafeBytes { unsafe scan($0, seen: seen, scratch) }
  }
}

/// What the C callback writes to: distinct ids, told apart by a mark that names the scan.
@unsafe struct HitSink {
  var hits: UnsafeMutablePointer<UInt32>
  var marks: UnsafeMutablePointer<UInt32>
  var limit: Int
  var count: Int
  var generation: UInt32
  var seen: UInt64
}

private func collectHit(
  _ id: UInt32, _ from: UInt64, _ to: UInt64, _ flags: UInt32, _ context: UnsafeMutableRawPointer?
) -> CInt {
  guard let sink = unsafe context?.assumingMemoryBound(to: HitSink.self) else { return 1 }
  guard unsafe to > sink.pointee.seen, unsafe Int(id) < sink.pointee.limit,
    unsafe sink.pointee.marks[Int(id)] != sink.pointee.generation
  else { return 0 }
  unsafe sink.pointee.marks[Int(id)] = sink.pointee.generation
  unsafe sink.pointee.hits[sink.pointee.count] = id
  unsafe sink.pointee.count += 1
  return 0
}

/// Hyperscan's working memory and the hits of the last scan; one per worker, for all sets it was prepared for.
@safe public final class LiteralScratch {
  var scratch: OpaquePointer?
  let sink: UnsafeMutablePointer<HitSink>

  /// Fails only without memory.
  public init(for sets: some Sequence<LiteralSet>) throws(PatternError) {
    var limit = 1
    var scratch: OpaquePointer?
    for set in sets {
      limit = max(limit, set.idLimit)
      guard unsafe hs_alloc_scratch(set.database, &scratch) == HS_SUCCESS else {
        throw PatternError("no memory for Hyperscan's scratch space")
      }
    }
    unsafe self.scratch = scratch
    let hits = UnsafeMutablePointer<UInt32>.allocate(capacity: limit)
    let marks = UnsafeMutablePointer<UInt32>.allocate(capacity: limit)
    unsafe hits.initialize(repeating: 0, count: limit)
    unsafe marks.initialize(repeating: 0, count: limit)
    unsafe sink = .allocate(capacity: 1)
    unsafe sink.initialize(to: HitSink(hits: hits, marks: marks, limit: limit, count: 0, generation: 0, seen: 0))
  }

  deinit {
    unsafe hs_free_scratch(scratch)
    unsafe sink.pointee.hits.deallocate()
    unsafe sink.pointee.marks.deallocate()
    unsafe sink.deallocate()
  }

  func begin(seen: Int) {
    unsafe sink.pointee.count = 0
    unsafe sink.pointee.seen = UInt64(max(seen, 0))
    unsafe sink.pointee.generation &+= 1
    guard unsafe sink.pointee.generation == 0 else { return }
    unsafe sink.pointee.marks.update(repeating: 0, count: sink.pointee.limit)
    unsafe sink.pointee.generation = 1
  }

  /// The ids found by the last scan, each once. Valid until the next scan with this scratch.
  public var hits: UnsafeBufferPointer<UInt32> {
    unsafe UnsafeBufferPointer(start: sink.pointee.hits, count: sink.pointee.count)
  }

  public var hitCount: Int { unsafe sink.pointee.count }
  /// `index` below `hitCount`.
  public func hit(_ index: Int) -> Int { unsafe Int(sink.pointee.hits[index]) }
}
