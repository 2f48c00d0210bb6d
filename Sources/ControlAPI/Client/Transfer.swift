internal import CCurl
internal import Synchronization

/// One blocking HTTP exchange by libcurl. It runs on a thread of its own; `cancel()` ends it within a second.
@safe final class Transfer: Sendable {
  struct Reply: Sendable {
    var status: Int
    var body: [UInt8]
  }
  /// The transfer itself failed: nobody answered, or the connection broke. `code` is libcurl's.
  struct Failure: Error {
    let code: UInt32
    let message: String
    /// The certificate, its name, or the file of authorities that it was held against.
    var isUntrusted: Bool {
      [CURLE_PEER_FAILED_VERIFICATION.rawValue, CURLE_SSL_CACERT_BADFILE.rawValue].contains(code)
    }
    var isRefused: Bool { code == CURLE_COULDNT_CONNECT.rawValue }
  }

  private let cancelled = Atomic<Bool>(false)
  private let state = Mutex(State())
  /// Called with each piece of the body on the transfer's thread; false ends the transfer. Nil keeps the body.
  private let receive: (@Sendable ([UInt8]) -> Bool)?
  private let limit: Int

  private struct State {
    var body: [UInt8] = []
    var overflowed = false
  }

  /// Answers longer than `limit` bytes are refused, so that a mistaken peer cannot take the memory.
  init(limit: Int = 256 << 20, receive: (@Sendable ([UInt8]) -> Bool)? = nil) {
    self.limit = limit
    self.receive = receive
  }

  func cancel() { cancelled.store(true, ordering: .relaxed) }

  struct Request: Sendable {
    var socket: String?
    var url: String
    var method: String
    var headers: [String]
    var body: [UInt8]?
    /// Zero waits for ever (the live stream, which is ended by `cancel`).
    var timeoutMilliseconds: Int
    /// A transfer that stays silent for so long has failed; zero: none has.
    var silenceSeconds = 0
    /// Of `https`: a file in PEM whose roots are trusted instead of the system's.
    var authorities: String?
  }

  func perform(_ request: Request) throws(Failure) -> Reply {
    guard let handle = unsafe curl_easy_init() else {
      throw Failure(code: CURLE_FAILED_INIT.rawValue, message: "libcurl could not start")
    }
    defer { unsafe curl_easy_cleanup(handle) }
    var list: UnsafeMutablePointer<curl_slist>?
    for header in request.headers { unsafe list = curl_slist_append(list, header) }
    defer { unsafe curl_slist_free_all(list) }
    unsafe configure(handle, request, list)
    let code = unsafe send(handle, request.body)
    let body = state.withLock { $0.body }
    var status = 0
    _ = unsafe vigil_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    let endedHere = receive != nil && cancelled.load(ordering: .relaxed)
    guard code == CURLE_OK || endedHere else {
      throw unsafe Failure(code: code.rawValue, message: String(cString: curl_easy_strerror(code)))
    }
    return Reply(status: status, body: body)
  }

  private func configure(
    _ handle: UnsafeMutableRawPointer, _ request: Request, _ list: UnsafeMutablePointer<curl_slist>?
  ) {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    if let socket = request.socket { _ = unsafe vigil_curl_set_text(handle, CURLOPT_UNIX_SOCKET_PATH, socket) }
    if let file = request.authorities { _ = unsafe vigil_curl_set_text(handle, CURLOPT_CAINFO, file) }
    _ = unsafe vigil_curl_set_text(handle, CURLOPT_URL, request.url)
    _ = unsafe vigil_curl_set_text(handle, CURLOPT_PROXY, "")
    _ = unsafe vigil_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method)
    _ = unsafe vigil_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    _ = unsafe vigil_curl_set_list(handle, CURLOPT_HTTPHEADER, list)
    _ = unsafe vigil_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    _ = unsafe vigil_curl_set_long(handle, CURLOPT_TIMEOUT_MS, request.timeoutMilliseconds)
    _ = unsafe vigil_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, 5000)
    if request.silenceSeconds > 0 {
      _ = unsafe vigil_curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
      _ = unsafe vigil_curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, request.silenceSeconds)
    }
    _ = unsafe vigil_curl_set_data_callback(handle, CURLOPT_WRITEFUNCTION, transferWrote)
    _ = unsafe vigil_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    _ = unsafe vigil_curl_set_long(handle, CURLOPT_NOPROGRESS, 0)
    _ = unsafe vigil_curl_set_progress(handle, transferProgressed)
    _ = unsafe vigil_curl_set_pointer(handle, CURLOPT_XFERINFODATA, context)
  }

  private func send(_ handle: UnsafeMutableRawPointer, _ body: [UInt8]?) -> CURLcode {
    guard let body else { return unsafe curl_easy_perform(handle) }
    return unsafe body.withUnsafeBytes { bytes in
      _ = unsafe vigil_curl_set_long(handle, CURLOPT_POST, 1)
      _ = unsafe vigil_curl_set_long(handle, CURLOPT_POSTFIELDSIZE, bytes.count)
      let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
      _ = unsafe vigil_curl_set_pointer(handle, CURLOPT_POSTFIELDS, start)
      return unsafe curl_easy_perform(handle)
    }
  }

  fileprivate func wrote(_ bytes: [UInt8]) -> Bool {
    if cancelled.load(ordering: .relaxed) { return false }
    if let receive { return receive(bytes) }
    return state.withLock { state in
      guard state.body.count + bytes.count <= limit else { return false }
      state.body += bytes
      return true
    }
  }
  fileprivate var mustEnd: Bool { cancelled.load(ordering: .relaxed) }
}

/// Called by libcurl on the transfer's thread; `context` is the transfer, alive for as long as `perform` runs.
private func transferWrote(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
  let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  let copy = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: size * count))
  return transfer.wrote(copy) ? size * count : 0
}

private func transferProgressed(
  _ context: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> Int32 {
  guard let context = unsafe context else { return 1 }
  return unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().mustEnd ? 1 : 0
}
