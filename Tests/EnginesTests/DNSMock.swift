import Dispatch
import Glibc
import Synchronization
import Wire

/// A tiny DNS server on 127.0.0.1, UDP and TCP on one port that the kernel chose: resolver and authority in one.
/// What is not in its table does not exist.
final class DNSMock: Sendable {
  struct Zone: Sendable {
    var records: [String: [[UInt8]]] = [:]
    /// Codes that are answered whatever is asked, by `name TYPE`.
    var codes: [String: UInt8] = [:]
    var isAuthoritative = true
    var offersRecursion = true
    var truncatesUDP = false
    /// Answers have another id, question or half their bytes first.
    var sendsStrays = false
    var isMute = false
    var allowsTransfer = false
    /// After an answer over TCP it waits for the next question.
    var keepsConnections = false

    mutating func add(_ name: String, _ type: DNSType, _ data: [UInt8]) {
      records["\(name) \(type)", default: []].append(data)
    }
    mutating func text(_ name: String, _ text: String) {
      add(name, .txt, [UInt8(text.utf8.count)] + Array(text.utf8))
    }
  }

  let port: UInt16
  private let zone: Zone
  private let isOver = Atomic<Bool>(false)
  private let heard = Mutex<[String]>([])
  var questions: [String] { heard.withLock { $0 } }
  private let hearing = DispatchSemaphore(value: 0)
  private let tcp: LoopbackServer
  private let box = Box()

  init(_ zone: Zone) throws {
    self.zone = zone
    let box = box
    tcp = try LoopbackServer { peer in
      let bytes = peer.receive()
      guard bytes.count > 2 else { return }
      for answer in box.answer(Array(bytes.dropFirst(2))) {
        peer.send([UInt8(answer.count >> 8), UInt8(truncatingIfNeeded: answer.count)] + answer)
      }
      peer.waitForEnd(milliseconds: zone.keepsConnections ? 30_000 : 1000)
    }
    port = tcp.port
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let bound = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard bound == 0 else { throw ServerFailure() }
    box.server.withLock { $0 = self }
    onThread { [self] in serveDatagrams(descriptor) }
  }

  private final class Box: Sendable {
    let server = Mutex<DNSMock?>(nil)
    func answer(_ query: [UInt8]) -> [[UInt8]] {
      server.withLock { $0 }.map { $0.answers(query, overTCP: true) } ?? []
    }
  }

  /// Returns once a question has come that was not yet waited for; false where none comes.
  func awaitQuestion() -> Bool { hearing.wait(timeout: .now() + .seconds(30)) == .success }

  func stop() {
    isOver.store(true, ordering: .relaxed)
    tcp.stop()
    box.server.withLock { $0 = nil }
  }

  private func serveDatagrams(_ descriptor: Int32) {
    while !isOver.load(ordering: .relaxed) {
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard unsafe Glibc.poll(&poll, 1, 50) > 0 else { continue }
      var buffer = [UInt8](repeating: 0, count: 4096)
      var from = sockaddr_in()
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let got = unsafe withUnsafeMutablePointer(to: &from) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe recvfrom(descriptor, &buffer, 4096, 0, $0, &size)
        }
      }
      guard got > 0 else { continue }
      for answer in answers(Array(buffer.prefix(got)), overTCP: false) {
        _ = unsafe withUnsafePointer(to: &from) {
          unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe sendto(descriptor, answer, answer.count, 0, $0, size)
          }
        }
      }
    }
    close(descriptor)
  }

  private func answers(_ query: [UInt8], overTCP: Bool) -> [[UInt8]] {
    guard let message = unsafe DNSMessage(query.span.bytes), let question = message.questions.first else { return [] }
    let name = String(decoding: message.name(question.name), as: UTF8.self).lowercased()
    let key = "\(name) \(question.type)"
    heard.withLock { $0.append(key) }
    hearing.signal()
    guard !zone.isMute else { return [] }
    var found = (zone.records[key] ?? []).map { (question.type, $0) }
    if let alias = zone.records["\(name) CNAME"]?.first, found.isEmpty { found = [(.cname, alias)] }
    if question.type == .axfr, zone.allowsTransfer, let soa = zone.records["\(name) SOA"]?.first {
      found = [(.soa, soa), (.a, [192, 0, 2, 1]), (.soa, soa)]
    }
    let exists = zone.records.keys.contains { $0.hasPrefix(name + " ") || $0.contains("." + name + " ") }
    let code: UInt8 =
      zone.codes[key] ?? (question.type == .axfr && !zone.allowsTransfer ? 5 : exists || !found.isEmpty ? 0 : 3)
    let cut = zone.truncatesUDP && !overTCP
    let shown = cut || code != 0 ? [] : found
    var whole = Array(query.prefix(2))
    whole.append(0x80 | (zone.isAuthoritative ? 4 : 0) | (cut ? 2 : 0))
    whole.append((zone.offersRecursion ? 0x80 : 0) | code)
    whole += [0, 1, 0, UInt8(shown.count), 0, 0, 0, 0] as [UInt8]
    whole += DNSMock.name(name)
    whole += DNSMock.word(question.type.rawValue)
    whole += [0, 1] as [UInt8]
    for (type, data) in shown {
      whole += [0xc0, 12] as [UInt8]
      whole += DNSMock.word(type.rawValue)
      whole += [0, 1, 0, 0, 0, 60] as [UInt8]
      whole += DNSMock.word(UInt16(data.count))
      whole += data
    }
    guard zone.sendsStrays, !overTCP else { return [whole] }
    var other = whole
    other[0] ^= 0xff
    var asked = whole
    asked[13] ^= 1
    return [other, asked, Array(whole.prefix(20)), [], whole]
  }

  static func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)] }
  static func name(_ text: String) -> [UInt8] { DNSQueryWriter.encode(name: text) ?? [0] }
  static func soa(_ serial: UInt8, expire: UInt32 = 1_209_600) -> [UInt8] {
    let times: [UInt32] = [UInt32(serial), 7200, 3600, expire, 3600]
    let words = times.flatMap { word(UInt16($0 >> 16)) + word(UInt16(truncatingIfNeeded: $0)) }
    return name("ns1.city.example") + name("admin.city.example") + words
  }
}
