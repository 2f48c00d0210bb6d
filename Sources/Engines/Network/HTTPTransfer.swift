internal import CCurl
internal import CLinux
internal import Glibc
internal import Wire

/// What libcurl's callbacks write to while a request of an exchange is under way. It outlives the handle: a closing
/// connection still calls it.
final class HTTPTransfer {
  private let context: ScanContext
  private var request = HTTPRequest(url: "", host: "")
  private var response = HTTPResponse()
  /// Where the request goes; a tunnel's hook is told an address only.
  private var endpoint: Endpoint?
  private var headBytes = 0
  private var refusal: ConnectionFailure?
  private var sockets: [Int32: RegisteredSocket] = [:]
  /// Nanoseconds spent waiting for our own turn to connect: no time of the site's.
  private var waited: Int64 = 0
  /// The same, with the connection there, for the turn to send.
  private var held: Int64 = 0
  /// When the request went out that has no byte of its answer yet.
  private var sent: Int64?
  private(set) var systemError: Int32 = 0
  /// How the last connection stood when libcurl let go of it.
  private var ended = vigil_stream()

  /// Microseconds after which an answer that was broken off was still coming, not merely large; less than any exchange
  /// may take that is not known to be one of those.
  private static let lingering = 2_500_000

  init(_ context: ScanContext) { self.context = context }

  func begin(_ request: HTTPRequest, at endpoint: Endpoint) {
    (self.request, self.endpoint) = (request, endpoint)
    (response, headBytes, refusal, waited, held, systemError) = (HTTPResponse(), 0, nil, 0, 0, 0)
    ended = vigil_stream()
  }

  func outcome(_ code: CURLcode, _ handle: UnsafeMutableRawPointer) -> Result<HTTPResponse, ConnectionFailure> {
    answered()
    if let refusal { return .failure(refusal) }
    unsafe countSent(handle)
    unsafe readTimes(handle)
    if context.isStopped { return .failure(.stopped) }
    // What was not read of a head may be what is looked for. Of trailers, behind a body, nothing is.
    if headBytes > HTTPExchange.headLimit, response.bodyBytes == 0 { return .failure(.headTooLong) }
    let isLong = code != CURLE_OK && response.times.total > HTTPTransfer.lingering
    if response.status > 0, isLong { context.count { $0.unended += 1 } }
    // A body that was too long or never ended still had a head.
    if response.status > 0, code == CURLE_OK || response.isCut || response.bodyBytes > 0 {
      response.isBroken = code != CURLE_OK && !response.isCut
      return .success(response)
    }
    if context.deadline.isPast { return .failure(.deadline) }
    switch code {
    case CURLE_OPERATION_TIMEDOUT: return .failure(.timedOut)
    case CURLE_COULDNT_CONNECT:
      var number = 0
      _ = unsafe vigil_curl_get_long(handle, CURLINFO_OS_ERRNO, &number)
      systemError = Int32(truncatingIfNeeded: number)
      return .failure(ConnectionFailure(number == 0 ? ETIMEDOUT : systemError))
    case CURLE_RECV_ERROR, CURLE_SEND_ERROR: return .failure(.reset)
    case CURLE_GOT_NOTHING: return .failure(.closed)
    case CURLE_SSL_CONNECT_ERROR: return .failure(unfinishedHandshake)
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2: return .failure(.notHTTP)
    // libcurl's own limit of one line, 100 KiB.
    case CURLE_OUT_OF_MEMORY where response.status > 0: return .failure(.headTooLong)
    case CURLE_OK: return .failure(.notHTTP)
    default: return .failure(.notHTTP)
    }
  }

  /// A server that cannot agree with us says so by an alert (RFC 8446 section 6.2), and another client may do better. One
  /// that ends the connection without a byte of answer speaks to nobody: that is no matter of TLS.
  private var unfinishedHandshake: ConnectionFailure {
    let stream = sockets.keys.first.map { vigil_stream_state($0) } ?? ended
    if stream.heard != 0 { return .handshake }
    return stream.reset != 0 ? .reset : stream.closed != 0 ? .closed : .handshake
  }

  /// A second coding may expand without end between two looks at the clock; no honest page has one.
  private var hasStackedCodings: Bool {
    let codings = (response.values("content-encoding") + response.values("transfer-encoding"))
      .flatMap { $0.lowercased().split(separator: ",") }.map { String($0).trimmingSpace }
    return codings.count { $0 != "chunked" && $0 != "identity" } > 1
  }

  /// As the bytes received: those of HTTP, without TLS around them, and without a body: few requests have one.
  private func countSent(_ handle: UnsafeMutableRawPointer) {
    var bytes = 0
    _ = unsafe vigil_curl_get_long(handle, CURLINFO_REQUEST_SIZE, &bytes)
    context.count { $0.bytesSent += bytes }
  }

  private func readTimes(_ handle: UnsafeMutableRawPointer) {
    func time(_ info: CURLINFO) -> Int {
      var value: curl_off_t = 0
      _ = unsafe vigil_curl_get_offset(handle, info, &value)
      return Int(value)
    }
    let (own, held) = (Int(waited / 1000), Int(held / 1000))
    let connect = time(CURLINFO_CONNECT_TIME_T)
    let tls = time(CURLINFO_APPCONNECT_TIME_T)
    let begin = max(connect, tls)
    response.times = StageTimes(
      connect: max(0, connect - time(CURLINFO_NAMELOOKUP_TIME_T) - own), tls: tls > 0 ? max(0, tls - connect) : 0,
      firstByte: max(0, time(CURLINFO_STARTTRANSFER_TIME_T) - begin - held),
      total: max(0, time(CURLINFO_TOTAL_TIME_T) - own - held))
    var version = 0
    _ = unsafe vigil_curl_get_long(handle, CURLINFO_HTTP_VERSION, &version)
    response.isHTTP2 = version == Int(CURL_HTTP_VERSION_2_0)
  }

  // MARK: what curl calls

  func head(_ bytes: [UInt8]) -> Int {
    answered()
    headBytes += bytes.count
    guard headBytes <= HTTPExchange.headLimit else {
      response.isCut = true
      return 0
    }
    context.count { $0.bytesReceived += bytes.count }
    let name = response.add(line: bytes)
    let isCoding = name == "content-encoding" || name == "transfer-encoding"
    guard !isCoding || !hasStackedCodings else {
      response.isCut = true
      return 0
    }
    return bytes.count
  }

  func body(_ bytes: UnsafeRawBufferPointer) -> Int {
    response.bodyBytes += bytes.count
    context.count { $0.bytesReceived += bytes.count }
    if request.keepsBody { unsafe response.body += bytes.prefix(max(0, request.bodyLimit - response.body.count)) }
    guard response.bodyBytes <= request.bodyLimit else {
      response.isCut = true
      return 0
    }
    return bytes.count
  }

  func open(_ address: IPAddress?) -> Int32 {
    guard let address, let endpoint else { return CURL_SOCKET_BAD }
    let begin = MonotonicClock.nanoseconds()
    defer { waited += MonotonicClock.nanoseconds() - begin }
    do throws(ConnectionFailure) {
      let socket = try HTTPExchange.socket(to: Endpoint(address: address, port: endpoint.port), context)
      sockets[socket.descriptor] = socket
      return socket.descriptor
    } catch {
      refusal = error
      return CURL_SOCKET_BAD
    }
  }

  /// False: the request does not go out.
  func mayGo() -> Bool {
    guard let endpoint else { return false }
    let begin = MonotonicClock.nanoseconds()
    defer { held += MonotonicClock.nanoseconds() - begin }
    sent = context.awaitSending(to: endpoint.address)
    return sent != nil
  }

  private func answered() {
    guard let moment = sent, let endpoint else { return }
    sent = nil
    context.answered(endpoint.address, sent: moment)
  }

  /// The socket closes itself and leaves its address.
  func close(_ descriptor: Int32) {
    ended = vigil_stream_state(descriptor)
    if ended.heard != 0 { context.count { $0.isAnswered = true } }
    sockets[descriptor] = nil
  }

  var isStopped: Bool { context.isStopped || context.deadline.isPast }
}

// curl calls these from the job's own thread, inside `perform` and `close`, with the transfer that its exchange owns.

private func transfer(_ raw: UnsafeMutableRawPointer?) -> HTTPTransfer? {
  unsafe raw.map { unsafe Unmanaged<HTTPTransfer>.fromOpaque($0).takeUnretainedValue() }
}

func httpTransferHead(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ me: UnsafeMutableRawPointer?
) -> Int {
  let raw = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
  return unsafe transfer(me)?.head(Array(raw)) ?? 0
}

func httpTransferBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ me: UnsafeMutableRawPointer?
) -> Int {
  unsafe transfer(me)?.body(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
}

func httpTransferOpenSocket(
  _ me: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let address = unsafe address else { return CURL_SOCKET_BAD }
  let found = unsafe withUnsafePointer(to: &address.pointee.addr) {
    unsafe SocketAddress.address(of: $0, length: Int(address.pointee.addrlen))
  }
  return unsafe transfer(me)?.open(found) ?? CURL_SOCKET_BAD
}

func httpTransferPrerequest(
  _ me: UnsafeMutableRawPointer?, _: UnsafeMutablePointer<CChar>?, _: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32
) -> Int32 {
  unsafe transfer(me)?.mayGo() == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

func httpTransferCloseSocket(_ me: UnsafeMutableRawPointer?, _ descriptor: curl_socket_t) -> Int32 {
  unsafe transfer(me)?.close(descriptor)
  return 0
}

func httpTransferProgress(
  _ me: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> Int32 {
  unsafe transfer(me)?.isStopped == false ? 0 : 1
}
