internal import CUnbound
internal import Glibc
internal import Records
internal import Synchronization
internal import Wire

/// One answer, as a validating resolver gives it.
struct DNSAnswer {
  enum Security: Hashable { case secure, unsigned, bogus(String) }
  var message: DNSMessage
  var responseCode: Int
  var doesNotExist: Bool
  var security: Security

  /// Contents of the answer's records of the type, however the name led there.
  func contents(_ type: DNSType) -> [DNSRecordContent] {
    message.records(.answer).filter { $0.type == type && $0.dnsClass == 1 }.map(\.data)
  }
  func name(_ range: Range<Int>) -> String { DomainName.text(message.name(range)) }
  var addresses: [IPAddress] {
    (contents(.a) + contents(.aaaa)).compactMap { if case .address(let address) = $0 { address } else { nil } }
  }
  func names(_ type: DNSType) -> [String] {
    contents(type).compactMap { if case .name(let range) = $0 { name(range) } else { nil } }
  }
  /// Each TXT record's strings joined, as SPF and DMARC want them (RFC 7208 section 3.3).
  var texts: [String] {
    contents(.txt).compactMap { content in
      guard case .txt(let ranges) = content else { return nil }
      return String(decoding: ranges.flatMap { message.name($0) }, as: UTF8.self)
    }
  }
}

/// libunbound for one job: a thread of its own resolves and validates, this one waits with bounds.
@safe final class ValidatingResolver {
  enum Failure: Error, Hashable {
    case stopped
    case unanswered(String)
    var sentence: String {
      switch self {
      case .stopped: "stopped"
      case .unanswered(let reason): reason
      }
    }
  }

  private let handle: OpaquePointer
  private let context: ScanContext
  private let settings: ResolverSettings
  private let servers: [ResolverSettings.Server]
  private var kept: [String: DNSAnswer] = [:]
  /// Questions of one job, so that no zone can send us round for ever.
  static let questionLimit = 160
  private var questions = 0
  /// Questions in a row that nobody answered in time, after which none is asked: each would take its whole time.
  static let silenceLimit = 4
  private var silences = 0

  /// Nil where libunbound cannot begin. `settings`: others than the job's own.
  init?(_ context: ScanContext, _ settings: ResolverSettings? = nil) {
    guard let handle = unsafe ub_ctx_create() else { return nil }
    unsafe self.handle = unsafe handle
    self.context = context
    let settings = settings ?? context.settings.resolver
    self.settings = settings
    servers = settings.asked
    unsafe ub_ctx_debuglevel(handle, 0)
    unsafe ub_ctx_async(handle, 1)
    for (name, value) in [
      ("edns-buffer-size:", "1232"), ("do-not-query-localhost:", "no"), ("module-config:", "validator iterator"),
    ] {
      _ = unsafe ub_ctx_set_option(handle, name, value)
    }
    for server in servers { _ = unsafe ub_ctx_set_fwd(handle, server.text) }
    for stub in settings.stubs { _ = unsafe ub_ctx_set_stub(handle, stub.zone, stub.server.text, 0) }
    for anchor in settings.anchors { _ = unsafe ub_ctx_add_ta(handle, anchor) }
    if settings.anchors.isEmpty, settings.hasAnchorFile { _ = unsafe ub_ctx_add_ta_file(handle, settings.anchorFile) }
    if servers.isEmpty, settings.stubs.isEmpty { refuseInnerNetworks() }
  }

  deinit { unsafe ub_ctx_delete(handle) }

  /// Recursion goes where zones point: never into our own networks. One that the operator's policy opens in part is
  /// left out whole, since libunbound knows no exemptions.
  private func refuseInnerNetworks() {
    let allowed = context.settings.policy.allowed
    for text in ValidatingResolver.innerNetworks {
      guard let network = IPPrefix(text) else { continue }
      let isOpened = allowed.contains { network.contains($0.address) || $0.contains(network.address) }
      if !isOpened { _ = unsafe ub_ctx_set_option(handle, "do-not-query-address:", text) }
    }
  }
  private static let innerNetworks = [
    "0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "192.0.0.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32", "::/127", "fe80::/10", "fec0::/10", "fc00::/7",
    "ff00::/8",
  ]

  private final class Box {
    var answer: DNSAnswer?
    var error: Int32 = 0
    var isDone = false
  }

  /// Asked once; what was answered is kept for the job.
  func ask(_ name: String, _ type: DNSType) throws(Failure) -> DNSAnswer {
    let key = "\(type) \(DomainName.normal(name))"
    if let answer = kept[key] { return answer }
    // The root is a name too, the one whose keys all others hang on.
    guard name == "." || DNSQueryWriter.encode(name: name) != nil else {
      throw .unanswered("\(name.prefix(80)) is no name")
    }
    questions += 1
    guard questions <= ValidatingResolver.questionLimit else { throw .unanswered("too many questions for one job") }
    guard silences < ValidatingResolver.silenceLimit else {
      throw .unanswered("the resolver did not answer \(silences) questions in a row in time")
    }
    // Recursion has no one address: it is paced as a whole.
    let asked = servers.first?.address ?? settings.stubs.first?.server.address ?? IPAddress(v4: 0)
    guard context.awaitQuery(to: asked) else { throw ended }
    let answer = try wait(name, type)
    kept[key] = answer
    return answer
  }

  private var ended: Failure { context.isStopped ? .stopped : .unanswered("deadline") }

  private func wait(_ name: String, _ type: DNSType) throws(Failure) -> DNSAnswer {
    let box = Box()
    let raw = unsafe Unmanaged.passUnretained(box).toOpaque()
    var id: Int32 = 0
    let begun = unsafe ub_resolve_async(
      handle, name, Int32(type.rawValue), 1, raw,
      { raw, error, result in
        guard let raw = unsafe raw else { return }
        let box = unsafe Unmanaged<Box>.fromOpaque(raw).takeUnretainedValue()
        box.isDone = true
        box.error = error
        guard let result = unsafe result else { return }
        box.answer = unsafe ValidatingResolver.answer(result)
        unsafe ub_resolve_free(result)
      }, &id)
    guard begun == 0 else { throw .unanswered("the resolver failed: \(unsafe String(cString: ub_strerror(begun)))") }
    let limit = Deadline(milliseconds: settings.questionMilliseconds)
    while !box.isDone {
      guard !context.isStopped, !context.deadline.isPast, !limit.isPast else {
        // After this the callback is never called.
        unsafe ub_cancel(handle, id)
        if limit.isPast { silences += 1 }
        throw limit.isPast && !context.isStopped
          ? .unanswered("the resolver did not answer for \(type) of \(name) in time") : ended
      }
      var poll = pollfd(fd: unsafe ub_fd(handle), events: Int16(POLLIN), revents: 0)
      if unsafe Glibc.poll(&poll, 1, 100) > 0 { unsafe ub_process(handle) }
    }
    silences = 0
    return try withExtendedLifetime(box) { () throws(Failure) in
      guard box.error == 0, let answer = box.answer else {
        throw .unanswered("the resolver failed: \(unsafe String(cString: ub_strerror(box.error)))")
      }
      let isRefused = answer.responseCode != 0 && answer.responseCode != 3
      if case .bogus = answer.security { return answer }
      guard !isRefused else {
        let code = DNSResponseCode.name(UInt16(truncatingIfNeeded: answer.responseCode))
        throw .unanswered("the resolver answers \(code) for \(type) of \(name)")
      }
      return answer
    }
  }

  private static func answer(_ result: UnsafeMutablePointer<ub_result>) -> DNSAnswer? {
    let value = unsafe result.pointee
    // A bogus answer may come without its packet: an empty message stands for it.
    var bytes = [UInt8](repeating: 0, count: DNSHeader.length)
    if let packet = unsafe value.answer_packet, unsafe value.answer_len > 0 {
      bytes = unsafe Array(UnsafeRawBufferPointer(start: packet, count: Int(value.answer_len)))
    }
    guard let message = unsafe DNSMessage(bytes.span.bytes) else { return nil }
    let why = unsafe value.why_bogus.map { unsafe String(cString: $0) } ?? ""
    let security: DNSAnswer.Security =
      unsafe value.secure != 0 ? .secure : unsafe value.bogus != 0 ? .bogus(String(why.prefix(160))) : .unsigned
    return unsafe DNSAnswer(
      message: message, responseCode: Int(value.rcode), doesNotExist: value.nxdomain != 0, security: security)
  }
}
