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
  /// Else the body is only counted.
  var keepsBody = false
}

/// One request by libcurl: no proxy of its own, no redirect, no verification (that is TLS's engine), head and body bounded, every
/// socket made by `Connection.socket`, where addresses are refused.
final class HTTPExchange {
  static let headLimit = 64 << 10
  static let bodyLimit = 1 << 20

  private let context: ScanContext
  private var response = HTTPResponse()
  private var headBytes = 0
  private var refusal: ConnectionFailure?
  private var sockets: [Int32: IPAddress] = [:]

  private let request: HTTPRequest
  /// Of the endpoint, for a tunnel: curl's hook is told an address only.
  private var port: UInt16 = 0

  private init(_ request: HTTPRequest, _ context: ScanContext) { (self.request, self.context) = (request, context) }

  /// A transient failure is tried once more, slowly.
  static func send(
    _ request: HTTPRequest, at endpoint: Endpoint, _ context: ScanContext
  ) -> Result<HTTPResponse, ConnectionFailure> {
    let first = attempt(request, endpoint, context)
    guard case .failure(let failure) = first, failure.isTransient, context.pause(milliseconds: 1000) else {
      return first
    }
    return attempt(request, endpoint, context)
  }

  private static func attempt(
    _ request: HTTPRequest, _ endpoint: Endpoint, _ context: ScanContext
  ) -> Result<HTTPResponse, ConnectionFailure> {
    guard context.awaitRequest(to: endpoint.address) else {
      return .failure(context.isStopped ? .stopped : .deadline)
    }
    return HTTPExchange(request, context).perform(endpoint)
  }

  /// Once a process. A peer that has gone must be an error, not a signal: libcurl leaves that to us (NOSIGNAL).
  private static let isReady: Bool = {
    signal(SIGPIPE, SIG_IGN)
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
  }()

  private func perform(_ endpoint: Endpoint) -> Result<HTTPResponse, ConnectionFailure> {
    guard HTTPExchange.isReady, let handle = unsafe curl_easy_init() else { return .failure(.system(ENOMEM)) }
    defer { unsafe curl_easy_cleanup(handle) }
    port = endpoint.port
    let bracketed = endpoint.address.isV6 ? "[\(endpoint.address)]" : "\(endpoint.address)"
    let host = request.host
    let pinned = IPAddress(host) == nil ? unsafe curl_slist_append(nil, "\(host):\(endpoint.port):\(bracketed)") : nil
    var lines: UnsafeMutablePointer<curl_slist>?
    for line in request.headers { unsafe lines = curl_slist_append(lines, line) }
    defer { unsafe [pinned, lines].forEach { unsafe curl_slist_free_all($0) } }
    unsafe configure(handle, pinned)
    _ = unsafe vigil_curl_set_list(handle, CURLOPT_HTTPHEADER, lines)
    let code = withExtendedLifetime(self) { unsafe curl_easy_perform(handle) }
    let result = unsafe outcome(code, unsafe handle)
    if case .failure(let failure) = result { context.countCause(failure) }
    return result
  }

  private func configure(_ handle: UnsafeMutableRawPointer, _ pinned: UnsafeMutablePointer<curl_slist>?) {
    let limits = context.settings.limits
    let me = unsafe Unmanaged.passUnretained(self).toOpaque()
    let texts: [(CURLoption, String)] = [
      (CURLOPT_URL, request.url), (CURLOPT_CUSTOMREQUEST, request.method), (CURLOPT_PROXY, ""), (CURLOPT_NOPROXY, "*"),
      (CURLOPT_USERAGENT, context.settings.userAgent),
      (CURLOPT_PROTOCOLS_STR, "http,https"), (CURLOPT_SSL_CIPHER_LIST, "ALL:@SECLEVEL=0"),
    ]
    for (option, text) in texts { _ = unsafe vigil_curl_set_text(handle, option, text) }
    let numbers: [(CURLoption, Int)] = [
      (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_SSL_VERIFYPEER, 0), (CURLOPT_SSL_VERIFYHOST, 0),
      (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)), (CURLOPT_MAXREDIRS, 0), (CURLOPT_NOPROGRESS, 0),
      (CURLOPT_CONNECTTIMEOUT_MS, max(1, min(limits.connectMilliseconds, context.deadline.remaining))),
      (CURLOPT_TIMEOUT_MS, max(1, min(limits.exchangeMilliseconds, context.deadline.remaining))),
      (CURLOPT_FRESH_CONNECT, 1), (CURLOPT_FORBID_REUSE, 1), (CURLOPT_NOBODY, request.method == "HEAD" ? 1 : 0),
    ]
    for (option, number) in numbers { _ = unsafe vigil_curl_set_long(handle, option, number) }
    _ = unsafe vigil_curl_set_list(handle, CURLOPT_RESOLVE, pinned)
    for option in [
      CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_OPENSOCKETDATA, CURLOPT_CLOSESOCKETDATA, CURLOPT_XFERINFODATA,
    ] {
      _ = unsafe vigil_curl_set_pointer(handle, option, me)
    }
    _ = unsafe vigil_curl_set_data_callback(handle, CURLOPT_WRITEFUNCTION, httpExchangeBody)
    _ = unsafe vigil_curl_set_data_callback(handle, CURLOPT_HEADERFUNCTION, httpExchangeHead)
    _ = unsafe vigil_curl_set_open_socket(handle, httpExchangeOpenSocket)
    _ = unsafe vigil_curl_set_close_socket(handle, httpExchangeCloseSocket)
    _ = unsafe vigil_curl_set_progress(handle, httpExchangeProgress)
    if context.settings.proxy != nil { _ = unsafe vigil_curl_set_socket_option(handle, proxiedSocketIsConnected) }
  }

  private func outcome(_ code: CURLcode, _ handle: UnsafeMutableRawPointer) -> Result<HTTPResponse, ConnectionFailure> {
    if let refusal { return .failure(refusal) }
    if context.isStopped { return .failure(.stopped) }
    // A body that was too long or never ended still had a head.
    if response.status > 0, code == CURLE_OK || response.isCut || response.bodyBytes > 0 { return .success(response) }
    if context.deadline.isPast { return .failure(.deadline) }
    switch code {
    case CURLE_OPERATION_TIMEDOUT: return .failure(.timedOut)
    case CURLE_COULDNT_CONNECT:
      var number = 0
      _ = unsafe vigil_curl_get_long(handle, CURLINFO_OS_ERRNO, &number)
      return .failure(Connection.failure(Int32(truncatingIfNeeded: number == 0 ? Int(ETIMEDOUT) : number)))
    case CURLE_RECV_ERROR, CURLE_SEND_ERROR: return .failure(.reset)
    case CURLE_GOT_NOTHING: return .failure(.closed)
    case CURLE_SSL_CONNECT_ERROR: return .failure(.handshake)
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2: return .failure(.notHTTP)
    case CURLE_OK: return .failure(.notHTTP)
    default: return .failure(.notHTTP)
    }
  }

  // MARK: what curl calls

  func head(_ bytes: [UInt8]) -> Int {
    headBytes += bytes.count
    guard headBytes <= HTTPExchange.headLimit else {
      response.isCut = true
      return 0
    }
    context.count { $0.bytesReceived += bytes.count }
    response.add(line: bytes)
    return bytes.count
  }

  func body(_ bytes: UnsafeRawBufferPointer) -> Int {
    response.bodyBytes += bytes.count
    context.count { $0.bytesReceived += bytes.count }
    guard response.bodyBytes <= HTTPExchange.bodyLimit else {
      response.isCut = true
      return 0
    }
    if request.keepsBody { unsafe response.body += bytes }
    return bytes.count
  }

  func open(_ address: IPAddress?) -> Int32 {
    guard let address else { return CURL_SOCKET_BAD }
    do throws(ConnectionFailure) {
      let descriptor = try HTTPExchange.socket(to: Endpoint(address: address, port: port), context)
      sockets[descriptor] = address
      return descriptor
    } catch {
      refusal = error
      return CURL_SOCKET_BAD
    }
  }

  func close(_ descriptor: Int32) {
    context.registry.close(descriptor)
    if let address = sockets.removeValue(forKey: descriptor) { context.gate.leave(address) }
  }

  var isStopped: Bool { context.isStopped || context.deadline.isPast }
}

// curl calls these from the job's own thread, inside `perform`, with the exchange that is alive there.

private func exchange(_ raw: UnsafeMutableRawPointer?) -> HTTPExchange? {
  unsafe raw.map { unsafe Unmanaged<HTTPExchange>.fromOpaque($0).takeUnretainedValue() }
}

private func httpExchangeHead(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ me: UnsafeMutableRawPointer?
) -> Int {
  let raw = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
  return unsafe exchange(me)?.head(Array(raw)) ?? 0
}

private func httpExchangeBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ me: UnsafeMutableRawPointer?
) -> Int {
  unsafe exchange(me)?.body(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
}

private func httpExchangeOpenSocket(
  _ me: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let address = unsafe address else { return CURL_SOCKET_BAD }
  let found = unsafe withUnsafePointer(to: &address.pointee.addr) {
    unsafe SocketAddress.address(of: $0, length: Int(address.pointee.addrlen))
  }
  return unsafe exchange(me)?.open(found) ?? CURL_SOCKET_BAD
}

private func httpExchangeCloseSocket(_ me: UnsafeMutableRawPointer?, _ descriptor: curl_socket_t) -> Int32 {
  unsafe exchange(me)?.close(descriptor)
  return 0
}

private func httpExchangeProgress(
  _ me: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> Int32 {
  unsafe exchange(me)?.isStopped == false ? 0 : 1
}
