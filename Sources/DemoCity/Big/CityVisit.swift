internal import COpenSSL
internal import Glibc

/// One connection, owned by one loop: TLS where its door has TLS, then requests, as its site's traits have it.
@safe final class CityVisit {
  enum Next: Hashable { case read, write, close, reset, sleep(milliseconds: Int) }

  let descriptor: Int32
  let place: UInt32
  let door: CityDoor
  private let city: LiveCity
  private let office: CityOffice
  private let log: AccessLog?
  private var site: Int?
  private var traits: Set<SiteTrait> = []
  private var ssl: OpaquePointer?
  /// Kept while OpenSSL shows it.
  private var shown: CityOffice.Issued?
  private var isGreeted = false
  private var input: [UInt8] = []
  private var output: [UInt8] = []
  private var sent = 0
  private var closesAfter = false
  private var isEndless = false
  private var isDelayed = false

  /// How late the slow sites are: more than what is called slow.
  static let slowMilliseconds = 3_400
  /// Between the pieces of an answer that never ends.
  private static let endlessMilliseconds = 100
  private static let readBytes = 16 << 10

  init(
    _ descriptor: Int32, at place: UInt32, by door: CityDoor, _ city: LiveCity, _ office: CityOffice, _ log: AccessLog?
  ) {
    (self.descriptor, self.place, self.door) = (descriptor, place, door)
    (self.city, self.office, self.log) = (city, office, log)
    unsafe ssl = nil
    site = city.sites(at: place).first
    if let site { traits = city.traits(of: site) }
  }

  deinit { if let ssl = unsafe ssl { unsafe SSL_free(ssl) } }

  /// False where nobody lives here, or TLS cannot begin: the visitor is turned away.
  func begin(_ contexts: CityContexts) -> Bool {
    guard let site else { return false }
    if case .service(let service) = door.kind { output = service.greeting }
    guard door.kind == .tls, !traits.contains(where: \.isMute) else { return true }
    guard let context = unsafe contexts.context(traits), let made = unsafe SSL_new(context) else { return false }
    unsafe ssl = unsafe made
    unsafe SSL_set_fd(made, descriptor)
    unsafe SSL_set_accept_state(made)
    unsafe SSL_set_ex_data(made, 0, Unmanaged.passUnretained(self).toOpaque())
    return show(site)
  }

  /// The name that the visitor's hello asks for.
  func asked(for name: String) {
    guard let found = city.site(named: name, at: place), found != site else { return }
    site = found
    traits = city.traits(of: found)
    _ = show(found)
  }

  // OpenSSL's numbers for what are macros in C (ssl.h).
  private static let chainCommand: Int32 = 89

  private func show(_ site: Int) -> Bool {
    guard let ssl = unsafe ssl, let issued = office.issue(to: city.plan.sites[site], traits) else { return false }
    unsafe SSL_certs_clear(ssl)
    guard unsafe SSL_use_certificate(ssl, issued.leaf.certificate) == 1,
      unsafe SSL_use_PrivateKey(ssl, issued.leaf.key) == 1
    else { return false }
    for link in issued.chain {
      unsafe SSL_ctrl(ssl, CityVisit.chainCommand, 1, UnsafeMutableRawPointer(link.certificate))
    }
    shown = issued
    return true
  }

  // MARK: going on

  /// Called when the descriptor is ready, or a sleep is over.
  func advance() -> Next {
    defer { ERR_clear_error() }
    if case .service(let service) = door.kind { return serve(service) }
    if let mute = traits.first(where: \.isMute), door.kind == .tls || mute != .plainOnTLS { return refuse(mute) }
    if let ssl = unsafe ssl, !isGreeted {
      let code = unsafe SSL_accept(ssl)
      guard code == 1 else { return unsafe wanted(ssl, code) }
      isGreeted = true
    }
    return exchange()
  }

  private func exchange() -> Next {
    while true {
      if let next = flush() { return next }
      if isEndless {
        output = [UInt8](repeating: 0x2e, count: 512)
        isDelayed.toggle()
        if isDelayed { return .sleep(milliseconds: CityVisit.endlessMilliseconds) }
        continue
      }
      if let end = PlannedRequest.end(of: input) {
        if let next = answer(end) { return next }
        continue
      }
      guard input.count <= PlannedRequest.largest else { return .close }
      switch receive() {
      case .some(let count) where count > 0: continue
      case .some(_): return .close
      case nil: return pending
      }
    }
  }

  /// Nil: the answer stands in `output`.
  private func answer(_ end: Int) -> Next? {
    let head = Array(input[..<end])
    guard let request = PlannedRequest(head), let site = site.flatMap({ named(request, $0) }),
      let page = city.page(of: site, traits)
    else {
      input.removeAll()
      closesAfter = true
      output = Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
      return nil
    }
    if traits.contains(.slow), request.path == "/", request.method == "GET", request.origin == nil, !isDelayed {
      isDelayed = true
      return .sleep(milliseconds: CityVisit.slowMilliseconds)
    }
    isDelayed = false
    input.removeFirst(end)
    log?.requested(place, door.port, request.method, request.path)
    if traits.contains(.endless), request.path == "/" {
      isEndless = true
      output = Array("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body>".utf8)
      return nil
    }
    closesAfter = request.closes
    output = PlannedAnswer(page, isPlain: door.kind == .plain).bytes(to: request)
    return nil
  }

  /// On the plain port the name stands in the request alone.
  private func named(_ request: PlannedRequest, _ site: Int) -> Int? {
    guard door.kind == .plain, let found = city.site(named: request.host, at: place) else { return site }
    if found != self.site {
      self.site = found
      traits = city.traits(of: found)
    }
    return found
  }

  private func serve(_ service: PlannedService) -> Next {
    while true {
      if let next = flush() { return next }
      guard let count = receive() else { return .read }
      guard count > 0 else { return .close }
      output = service.answer(input)
      input.removeAll(keepingCapacity: true)
    }
  }

  /// What a site does that talks no TLS where it should.
  private func refuse(_ trait: SiteTrait) -> Next {
    if let next = flush() { return next }
    if closesAfter { return .close }
    guard let count = receive() else { return .read }
    guard count > 0 else { return .close }
    input.removeAll(keepingCapacity: true)
    switch trait {
    case .resets: return .reset
    case .stalls: return .read
    case .garbage: output = Array("\u{7f}\u{1}\u{2}gate 0.9 ready\r\n".utf8)
    default:
      output = Array(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
    }
    closesAfter = true
    return flush() ?? .close
  }

  // MARK: bytes

  /// Nil: all is sent and more may come.
  private func flush() -> Next? {
    while sent < output.count {
      let count: Int
      if let ssl = unsafe ssl {
        let code = unsafe output[sent...].withUnsafeBytes {
          unsafe SSL_write(ssl, $0.baseAddress, Int32(clamping: $0.count))
        }
        guard code > 0 else { return unsafe wanted(ssl, code) }
        count = Int(code)
      } else {
        count = unsafe output[sent...].withUnsafeBytes {
          unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return errno == EAGAIN ? .write : .close }
      }
      sent += count
    }
    guard !output.isEmpty else { return nil }
    output.removeAll(keepingCapacity: false)
    sent = 0
    guard closesAfter else { return nil }
    if let ssl = unsafe ssl { unsafe SSL_shutdown(ssl) }
    return .close
  }

  /// Bytes that came; 0 at the end; nil where none is there yet.
  private func receive() -> Int? {
    let before = input.count
    let (ssl, descriptor) = unsafe (ssl, descriptor)
    var code = 0
    unsafe withUnsafeTemporaryAllocation(byteCount: CityVisit.readBytes, alignment: 1) { buffer in
      if let ssl = unsafe ssl {
        code = Int(unsafe SSL_read(ssl, buffer.baseAddress, Int32(buffer.count)))
      } else {
        code = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
      }
      if code > 0 { unsafe input.append(contentsOf: UnsafeRawBufferPointer(buffer).prefix(code)) }
    }
    if code > 0 { return input.count - before }
    if let ssl = unsafe ssl {
      pending = unsafe wanted(ssl, Int32(clamping: code))
      return pending == .close ? 0 : nil
    }
    pending = .read
    return code < 0 && errno == EAGAIN ? nil : 0
  }

  /// What the last `receive` that gave nothing waits for.
  private var pending = Next.read

  private func wanted(_ ssl: OpaquePointer, _ code: Int32) -> Next {
    switch unsafe SSL_get_error(ssl, code) {
    case SSL_ERROR_WANT_READ: .read
    case SSL_ERROR_WANT_WRITE: .write
    default: .close
    }
  }
}
