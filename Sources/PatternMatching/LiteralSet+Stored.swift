internal import CHyperscan

/// Compiled sets as bytes. Hyperscan trusts what it reads back, so only `LiteralCache` hands bytes in, after checks.
extension LiteralSet {
  /// The database as bytes for the same Hyperscan version and CPU features; nil without memory.
  public func serialized() -> [UInt8]? {
    var bytes: UnsafeMutablePointer<CChar>?
    var length = 0
    guard unsafe hs_serialize_database(database, &bytes, &length) == HS_SUCCESS, let bytes = unsafe bytes else {
      return nil
    }
    defer { unsafe free(bytes) }
    return unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: length))
  }

  convenience init?(serialized bytes: UnsafeRawBufferPointer, idLimit: Int, longest: Int) {
    guard let base = bytes.baseAddress else { return nil }
    var database: OpaquePointer?
    let start = unsafe base.assumingMemoryBound(to: CChar.self)
    guard unsafe hs_deserialize_database(start, bytes.count, &database) == HS_SUCCESS, let database = unsafe database
    else {
      return nil
    }
    unsafe self.init(database: database, idLimit: idLimit, longest: longest)
  }

  /// What a compiled database depends on besides its literals: the library's version and this processor.
  static var platform: [UInt8] {
    var info = hs_platform_info_t()
    unsafe hs_populate_platform(&info)
    let version = unsafe hs_version().map { unsafe String(cString: $0) } ?? "?"
    return Array("\(version)|\(info.tune)|\(info.cpu_features)".utf8)
  }
}
