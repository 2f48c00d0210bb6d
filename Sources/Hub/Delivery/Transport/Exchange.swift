internal import CCurl
internal import Dispatch
internal import Synchronization

/// One exchange with a receiver by libcurl, HTTP or SMTP, on a thread of its own, within a deadline.
///
/// The answer is told as soon as libcurl knows it and before it says goodbye to the server: between a receiver's yes and its
/// being written down lies as little as possible.
@safe final class Exchange: Sendable {
  /// What came of it. `failure` is libcurl's own sentence; a status may be there all the same.
  struct Reply: Sendable {
    var status = 0
    var body: [UInt8] = []
    /// Seconds, where the answer asked for a pause.
    var retryAfter: Double?
    var dialogue = Dialogue()
    var failure: String?
  }

  enum Request: Sendable {
    case post(url: String, headers: [String], body: [UInt8])
    case mail(MailTransfer)
  }

  private static let threads = DispatchQueue(label: "vigil.delivery", attributes: .concurrent)
  /// No receiver has more to say than that; what is longer is cut.
  private static let longestReply = 64 << 10

  private let cancelled = Atomic<Bool>(false)
  private let state = Mutex(State())

  private struct State {
    var reply: [UInt8] = []
    var dialogue = Dialogue()
    var upload: [UInt8] = []
    var position = 0
  }

  private init() {}

  static func run(_ request: Request, ca: String?, seconds: Double) async -> Reply {
    let exchange = Exchange()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        threads.async {
          exchange.perform(request, ca: ca, milliseconds: Int(seconds * 1000)) { continuation.resume(returning: $0) }
        }
      }
    } onCancel: {
      exchange.cancelled.store(true, ordering: .relaxed)
    }
  }

  private func perform(_ request: Request, ca: String?, milliseconds: Int, tell: (Reply) -> Void) {
    guard let handle = unsafe curl_easy_init() else { return tell(Reply(failure: "libcurl could not start")) }
    defer { unsafe curl_easy_cleanup(handle) }
    let list = unsafe Exchange.list(request)
    defer { unsafe curl_slist_free_all(list) }
    unsafe prepare(handle, ca: ca, milliseconds: milliseconds)
    let code: CURLcode
    switch request {
    case .post(let url, _, let body):
      _ = unsafe vigil_curl_set_list(handle, CURLOPT_HTTPHEADER, list)
      code = unsafe post(handle, url, body)
    case .mail(let mail):
      _ = unsafe vigil_curl_set_list(handle, CURLOPT_MAIL_RCPT, list)
      code = unsafe send(handle, mail)
    }
    tell(unsafe reply(handle, code))
  }

  /// The headers, or whom a mail is for.
  private static func list(_ request: Request) -> UnsafeMutablePointer<curl_slist>? {
    let texts =
      switch request {
      case .post(_, let headers, _): headers + ["Expect:"]
      case .mail(let mail): ["<\(mail.to)>"]
      }
    var list: UnsafeMutablePointer<curl_slist>?
    for text in texts { unsafe list = curl_slist_append(list, text) }
    return unsafe list
  }

  private func prepare(_ handle: UnsafeMutableRawPointer, ca: String?, milliseconds: Int) {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    _ = unsafe vigil_curl_set_text(handle, CURLOPT_PROXY, "")
    _ = unsafe vigil_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    _ = unsafe vigil_curl_set_long(handle, CURLOPT_TIMEOUT_MS, milliseconds)
    _ = unsafe vigil_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, min(milliseconds, 10_000))
    _ = unsafe vigil_curl_set_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let ca { _ = unsafe vigil_curl_set_text(handle, CURLOPT_CAINFO, ca) }
    _ = unsafe vigil_curl_set_data_callback(handle, CURLOPT_WRITEFUNCTION, exchangeWrote)
    _ = unsafe vigil_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    _ = unsafe vigil_curl_set_long(handle, CURLOPT_NOPROGRESS, 0)
    _ = unsafe vigil_curl_set_progress(handle, exchangeProgressed)
    _ = unsafe vigil_curl_set_pointer(handle, CURLOPT_XFERINFODATA, context)
  }

  private func post(_ handle: UnsafeMutableRawPointer, _ url: String, _ body: [UInt8]) -> CURLcode {
    _ = unsafe vigil_curl_set_text(handle, CURLOPT_URL, url)
    _ = unsafe vigil_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    return unsafe body.withUnsafeBytes { bytes in
      _ = unsafe vigil_curl_set_long(handle, CURLOPT_POST, 1)
      _ = unsafe vigil_curl_set_long(handle, CURLOPT_POSTFIELDSIZE, bytes.count)
      let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
      _ = unsafe vigil_curl_set_pointer(handle, CURLOPT_POSTFIELDS, start)
      return unsafe curl_easy_perform(handle)
    }
  }

  private func send(_ handle: UnsafeMutableRawPointer, _ mail: MailTransfer) -> CURLcode {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    state.withLock { $0.upload = mail.message }
    _ = unsafe vigil_curl_set_text(handle, CURLOPT_URL, mail.url)
    _ = unsafe vigil_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    if mail.needsTLS { _ = unsafe vigil_curl_set_long(handle, CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
    if let user = mail.user { _ = unsafe vigil_curl_set_text(handle, CURLOPT_USERNAME, user) }
    if let password = mail.password { _ = unsafe vigil_curl_set_text(handle, CURLOPT_PASSWORD, password) }
    _ = unsafe vigil_curl_set_text(handle, CURLOPT_MAIL_FROM, "<\(mail.from)>")
    _ = unsafe vigil_curl_set_long(handle, CURLOPT_UPLOAD, 1)
    _ = unsafe vigil_curl_set_data_callback(handle, CURLOPT_READFUNCTION, exchangeReads)
    _ = unsafe vigil_curl_set_pointer(handle, CURLOPT_READDATA, context)
    _ = unsafe vigil_curl_set_long(handle, CURLOPT_VERBOSE, 1)
    _ = unsafe vigil_curl_set_debug(handle, exchangeTold)
    _ = unsafe vigil_curl_set_pointer(handle, CURLOPT_DEBUGDATA, context)
    return unsafe curl_easy_perform(handle)
  }

  private func reply(_ handle: UnsafeMutableRawPointer, _ code: CURLcode) -> Reply {
    var status = 0
    _ = unsafe vigil_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    var pause: curl_off_t = 0
    _ = unsafe vigil_curl_get_offset(handle, CURLINFO_RETRY_AFTER, &pause)
    let (body, dialogue) = state.withLock { ($0.reply, $0.dialogue) }
    let failure = code == CURLE_OK ? nil : unsafe String(cString: curl_easy_strerror(code)).lowercased()
    return Reply(
      status: status, body: body, retryAfter: pause > 0 ? Double(pause) : nil, dialogue: dialogue, failure: failure)
  }

  // MARK: called by libcurl

  fileprivate func wrote(_ bytes: UnsafeRawBufferPointer) {
    state.withLock { state in
      let room = Exchange.longestReply - state.reply.count
      unsafe state.reply.append(contentsOf: bytes.prefix(max(room, 0)))
    }
  }

  fileprivate func read(into room: UnsafeMutableRawBufferPointer) -> Int {
    state.withLock { state in
      let part = state.upload[state.position...].prefix(room.count)
      unsafe room.copyBytes(from: part)
      state.position += part.count
      return part.count
    }
  }

  fileprivate func told(_ kind: curl_infotype, _ line: UnsafeRawBufferPointer) {
    switch kind {
    case CURLINFO_HEADER_OUT: state.withLock { unsafe $0.dialogue.said(line.prefix(8)) }
    case CURLINFO_HEADER_IN: state.withLock { unsafe $0.dialogue.heard(line.prefix(Dialogue.longestLine)) }
    default: break
    }
  }

  fileprivate var mustEnd: Bool { cancelled.load(ordering: .relaxed) }
}

// Called on the exchange's thread; `context` is the exchange, alive for as long as `perform` runs.

private func exchangeWrote(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
  let exchange = unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
  unsafe exchange.wrote(UnsafeRawBufferPointer(start: bytes, count: size * count))
  return size * count
}

private func exchangeReads(
  _ room: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let room = unsafe room, let context = unsafe context else { return 0 }
  let exchange = unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
  return unsafe exchange.read(into: UnsafeMutableRawBufferPointer(start: room, count: size * count))
}

private func exchangeTold(
  _ handle: UnsafeMutableRawPointer?, _ kind: curl_infotype, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int32 {
  guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
  let exchange = unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
  unsafe exchange.told(kind, UnsafeRawBufferPointer(start: bytes, count: count))
  return 0
}

private func exchangeProgressed(
  _ context: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> Int32 {
  guard let context = unsafe context else { return 1 }
  return unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue().mustEnd ? 1 : 0
}
