internal import COpenSSL

/// A session that a server gave, kept to be offered again.
@safe final class SavedSession {
  let pointer: OpaquePointer

  /// Takes over one reference.
  init(_ pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }
  deinit { unsafe SSL_SESSION_free(pointer) }

  /// What still fits a hello in one record.
  private static let ticketLimit = 15_000

  var isResumable: Bool { unsafe SSL_SESSION_is_resumable(pointer) == 1 }
  /// Bytes of early data that the newest ticket allows.
  var earlyData: Int { unsafe Int(SSL_SESSION_get_max_early_data(pointer)) }
  var hasID: Bool {
    var length: UInt32 = 0
    _ = unsafe SSL_SESSION_get_id(pointer, &length)
    return length > 0
  }
  var ticket: [UInt8] {
    var start: UnsafePointer<UInt8>?
    var length = 0
    unsafe SSL_SESSION_get0_ticket(pointer, &start, &length)
    guard let start = unsafe start, (1...SavedSession.ticketLimit).contains(length) else { return [] }
    return unsafe Array(UnsafeBufferPointer(start: start, count: length))
  }
}
