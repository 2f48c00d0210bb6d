internal import CCurl
internal import Glibc
internal import Wire

/// What is asked of a site. `host` is the name that the URL's host is pinned to the endpoint by.
struct HTTPRequest {
  var url: String
  var host: String
  var method = "GET"
  /// Whole lines, `Name: value`.
  var headers: [String] = []
  /// Sent with its length, an empty one too; nil: none.
  var body: [UInt8]?
  /// The path goes out as it stands: `/../` stays.
  var keepsPath = false
  /// Else the body is only counted.
  var keepsBody = false
  /// Bytes of the body after which the rest is not read.
  var bodyLimit = HTTPExchange.bodyLimit
  /// Accepts gzip and deflate; the limit then counts decoded bytes.
  var decodes = false
  /// Offers h2 beside http/1.1 in ALPN.
  var offersHTTP2 = false
}

/// Requests to one site by libcurl, on one connection as long as the server keeps it: no proxy of its own, no
/// redirect, no verification (that is TLS's engine), head and body bounded, every socket made by `Connection.socket`, where
/// addresses are refused.
///
/// At most one connection is open: the one kept is closed before another port or protocol is asked, for an address
/// has few places and two jobs that each hold one and wait for a second would wait for ever.
@safe final class HTTPExchange {
  static let headLimit = 64 << 10
  static let bodyLimit = 1 << 20

  private let context: ScanContext
  private let transfer: HTTPTransfer
  private var handle: UnsafeMutableRawPointer?
  /// TLS sessions, which outlive the handle: the site's next connection resumes one, for half of what a full handshake
  /// costs either side.
  private let sessions: UnsafeMutableRawPointer?
  /// Whom the kept connection leads to, and how.
  private var kept: Route?

  private struct Route: Hashable {
    var endpoint: Endpoint
    var scheme: Substring
    var host: String
    var offersHTTP2: Bool
  }

  init(_ context: ScanContext) {
    (self.context, transfer) = (context, HTTPTransfer(context))
    unsafe sessions = HTTPExchange.isReady ? unsafe vigil_curl_share_sessions() : nil
  }
  deinit {
    close()
    unsafe sessions.map { _ = unsafe curl_share_cleanup($0) }
  }

  /// Ends the kept connection.
  func close() {
    unsafe handle.map { unsafe curl_easy_cleanup($0) }
    unsafe (handle, kept) = (nil, nil)
  }

  /// One request on a connection of its own; a transient failure is tried once more, slowly.
  static func send(
    _ request: HTTPRequest, at endpoint: Endpoint, _ context: ScanContext
  ) -> Result<HTTPResponse, ConnectionFailure> {
    HTTPExchange(context).send(request, at: endpoint)
  }

  /// A transient failure is tried once more, slowly, on a fresh connection.
  func send(_ request: HTTPRequest, at endpoint: Endpoint) -> Result<HTTPResponse, ConnectionFailure> {
    let first = once(request, at: endpoint)
    guard case .failure(let failure) = first, failure.isTransient, context.pause(milliseconds: 1000) else {
      return first
    }
    close()
    return once(request, at: endpoint)
  }

  func once(_ request: HTTPRequest, at endpoint: Endpoint) -> Result<HTTPResponse, ConnectionFailure> {
    guard context.awaitRequest(to: endpoint.address) else {
      return .failure(context.isStopped ? .stopped : .deadline)
    }
    return perform(request, endpoint)
  }

  /// The system's word on the last connect that failed; 0 where it said none.
  var systemError: Int32 { transfer.systemError }

  /// Once a process. A peer that has gone must be an error, not a signal: libcurl leaves that to us (NOSIGNAL).
  private static let isReady: Bool = {
    signal(SIGPIPE, SIG_IGN)
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
  }()

  /// Milliseconds that a request may be held up by those before it, when its connection is there: no time of the site's.
  private static func held(_ limits: ScanContext.Limits) -> Int {
    guard limits.requestsPerSecond.isFinite else { return 0 }
    let patience = Double(AddressGate.patience) / 1e6
    return Int(Double(limits.openPerAddress) * (1000 / max(limits.requestsPerSecond, 0.1) + patience))
  }

  private func perform(_ request: HTTPRequest, _ endpoint: Endpoint) -> Result<HTTPResponse, ConnectionFailure> {
    let scheme = request.url.prefix { $0 != ":" }
    let route = Route(endpoint: endpoint, scheme: scheme, host: request.host, offersHTTP2: request.offersHTTP2)
    if kept != route { close() }
    if unsafe handle == nil {
      unsafe handle = HTTPExchange.isReady ? unsafe curl_easy_init() : nil
      if let handle = unsafe handle, let sessions = unsafe sessions {
        _ = unsafe vigil_curl_set_pointer(handle, CURLOPT_SHARE, sessions)
      }
    }
    guard let handle = unsafe handle else { return .failure(.system(ENOMEM)) }
    kept = route
    let bracketed = endpoint.address.isV6 ? "[\(endpoint.address)]" : "\(endpoint.address)"
    let host = request.host
    let pinned = IPAddress(host) == nil ? unsafe curl_slist_append(nil, "\(host):\(endpoint.port):\(bracketed)") : nil
    var lines: UnsafeMutablePointer<curl_slist>?
    for line in request.headers { unsafe lines = curl_slist_append(lines, line) }
    defer { unsafe [pinned, lines].forEach { unsafe curl_slist_free_all($0) } }
    // Keeps the connection and the share, forgets every option.
    unsafe curl_easy_reset(handle)
    transfer.begin(request, at: endpoint)
    unsafe configure(handle, request, pinned)
    _ = unsafe vigil_curl_set_list(handle, CURLOPT_HTTPHEADER, lines)
    let code = withExtendedLifetime(self) { unsafe curl_easy_perform(handle) }
    let result = unsafe transfer.outcome(code, unsafe handle)
    if case .failure(let failure) = result { context.countCause(failure) }
    return result
  }

  private func configure(
    _ handle: UnsafeMutableRawPointer, _ request: HTTPRequest, _ pinned: UnsafeMutablePointer<curl_slist>?
  ) {
    let limits = context.settings.limits
    let me = unsafe Unmanaged.passUnretained(transfer).toOpaque()
    let texts: [(CURLoption, String)] = [
      (CURLOPT_URL, request.url), (CURLOPT_CUSTOMREQUEST, request.method), (CURLOPT_PROXY, ""), (CURLOPT_NOPROXY, "*"),
      (CURLOPT_USERAGENT, context.settings.userAgent),
      (CURLOPT_PROTOCOLS_STR, "http,https"), (CURLOPT_SSL_CIPHER_LIST, "ALL:@SECLEVEL=0"),
    ]
    if request.decodes { _ = unsafe vigil_curl_set_text(handle, CURLOPT_ACCEPT_ENCODING, "gzip, deflate") }
    for (option, text) in texts { _ = unsafe vigil_curl_set_text(handle, option, text) }
    let numbers: [(CURLoption, Int)] = [
      (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_SSL_VERIFYPEER, 0), (CURLOPT_SSL_VERIFYHOST, 0),
      (CURLOPT_HTTP_VERSION, Int(request.offersHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1)),
      (CURLOPT_MAXREDIRS, 0), (CURLOPT_NOPROGRESS, 0),
      (CURLOPT_CONNECTTIMEOUT_MS, max(1, min(limits.connectMilliseconds, context.deadline.remaining))),
      (
        CURLOPT_TIMEOUT_MS,
        max(1, min(context.exchangeMilliseconds + HTTPExchange.held(limits), context.deadline.remaining))
      ),
      (CURLOPT_MAXCONNECTS, 1), (CURLOPT_NOBODY, request.method == "HEAD" ? 1 : 0),
    ]
    if request.keepsPath { _ = unsafe vigil_curl_set_long(handle, CURLOPT_PATH_AS_IS, 1) }
    if let body = request.body { unsafe HTTPExchange.attach(body, to: handle) }
    for (option, number) in numbers { _ = unsafe vigil_curl_set_long(handle, option, number) }
    _ = unsafe vigil_curl_set_list(handle, CURLOPT_RESOLVE, pinned)
    for option in [
      CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_OPENSOCKETDATA, CURLOPT_CLOSESOCKETDATA, CURLOPT_XFERINFODATA,
      CURLOPT_PREREQDATA,
    ] {
      _ = unsafe vigil_curl_set_pointer(handle, option, me)
    }
    _ = unsafe vigil_curl_set_data_callback(handle, CURLOPT_WRITEFUNCTION, httpTransferBody)
    _ = unsafe vigil_curl_set_data_callback(handle, CURLOPT_HEADERFUNCTION, httpTransferHead)
    _ = unsafe vigil_curl_set_open_socket(handle, httpTransferOpenSocket)
    _ = unsafe vigil_curl_set_close_socket(handle, httpTransferCloseSocket)
    _ = unsafe vigil_curl_set_progress(handle, httpTransferProgress)
    _ = unsafe vigil_curl_set_prerequest(handle, httpTransferPrerequest)
    if context.settings.proxy != nil { _ = unsafe vigil_curl_set_socket_option(handle, proxiedSocketIsConnected) }
  }

  /// libcurl copies the bytes; their number must be told before.
  private static func attach(_ body: [UInt8], to handle: UnsafeMutableRawPointer) {
    var bytes = body + [0]
    _ = unsafe vigil_curl_set_long(handle, CURLOPT_POSTFIELDSIZE, body.count)
    unsafe bytes.withUnsafeMutableBytes {
      _ = unsafe vigil_curl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
    }
  }
}
