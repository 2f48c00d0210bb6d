import Foundation
import Glibc

/// A connection to the API's socket on which any bytes are sent, and what comes back is read strictly. It blocks the
/// thread that asks.
final class FuzzWire {
  /// Beyond this an answer counts as never given: 32 MiB of JSON are read by a debug build in a quarter of it.
  static let patience = 60.0

  struct Fault: Error {
    let sentence: String
    var isSilence = false
  }

  private let descriptor: Int32
  private var received: [UInt8] = []
  private var isEnded = false

  init(_ path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8.prefix(107)) }
    let status = unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0 else { throw Fault(sentence: "the hub takes no connection: errno \(errno)") }
  }
  deinit { close(descriptor) }

  /// Sends one request and reads its answer; the connection goes on where the answer does not end it.
  func ask(_ bytes: [UInt8]) throws -> FuzzAnswer {
    var sent = 0
    let end = ContinuousClock.now.advanced(by: .seconds(FuzzWire.patience))
    while true {
      if sent == bytes.count || isEnded, let answer = try FuzzAnswer.take(from: &received, isEnded: isEnded) {
        if sent == bytes.count, !received.isEmpty, !answer.isStream {
          throw Fault(sentence: "\(received.count) bytes came behind the answer")
        }
        return answer
      }
      guard !isEnded else { throw Fault(sentence: "the hub closed the connection without an answer") }
      try exchange(bytes, &sent, end)
    }
  }

  /// Sends all, says that nothing more comes, and reads every answer to the end of the connection.
  func converse(_ bytes: [UInt8], isHead: Bool) throws -> [FuzzAnswer] {
    var sent = 0
    let end = ContinuousClock.now.advanced(by: .seconds(FuzzWire.patience))
    while sent < bytes.count, !isEnded { try exchange(bytes, &sent, end) }
    shutdown(descriptor, Int32(SHUT_WR))
    while !isEnded { try exchange(bytes, &sent, end) }
    var answers: [FuzzAnswer] = []
    while let answer = try FuzzAnswer.take(from: &received, isEnded: true, isHead: isHead) { answers.append(answer) }
    guard received.isEmpty else { throw Fault(sentence: "\(received.count) bytes are no answer") }
    return answers
  }

  /// Waits until something can be sent or has come, at most to `end`.
  private func exchange(_ bytes: [UInt8], _ sent: inout Int, _ end: ContinuousClock.Instant) throws {
    let wants = sent < bytes.count ? Int16(POLLIN) | Int16(POLLOUT) : Int16(POLLIN)
    var waiting = [pollfd(fd: descriptor, events: wants, revents: 0)]
    let left = (end - .now).components
    let milliseconds = max(0, min(Int32(left.seconds) * 1000 + 1, 60_000))
    guard left.seconds >= 0, unsafe poll(&waiting, 1, milliseconds) > 0 else {
      throw Fault(sentence: "the hub said nothing for \(Int(FuzzWire.patience)) s", isSilence: true)
    }
    if waiting[0].revents & Int16(POLLOUT) != 0 { send(bytes, &sent) }
    if waiting[0].revents & ~Int16(POLLOUT) != 0 { receive() }
  }

  private func send(_ bytes: [UInt8], _ sent: inout Int) {
    let count = unsafe bytes[sent...].withUnsafeBytes {
      unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
    }
    // Who closed while we wrote may have answered before.
    if count > 0 { sent += count } else if errno != EAGAIN, errno != EINTR { sent = bytes.count }
  }

  private func receive() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe buffer.withUnsafeMutableBytes {
      unsafe recv(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
    }
    if count > 0 {
      received += buffer[..<count]
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      isEnded = true
    }
  }
}

/// An HTTP/1.1 answer, read as RFC 9112 says.
struct FuzzAnswer: Sendable {
  var status: Int
  var headers: [String: String]
  var body: [UInt8]
  var isStream = false

  var isEnd: Bool { isStream || headers["connection"]?.lowercased() == "close" }

  /// Takes the first answer off `bytes`; nil where it is not whole yet.
  static func take(from bytes: inout [UInt8], isEnded: Bool, isHead: Bool = false) throws -> FuzzAnswer? {
    guard !bytes.isEmpty else { return nil }
    guard let end = end(of: Array("\r\n\r\n".utf8), in: bytes) else {
      guard bytes.count < 1 << 16, !isEnded else { throw FuzzWire.Fault(sentence: "the answer has no head") }
      return nil
    }
    var answer = try head(bytes[..<(end - 4)])
    if answer.status == 100 {
      bytes.removeFirst(end)
      return try take(from: &bytes, isEnded: isEnded, isHead: isHead)
    }
    if answer.headers["transfer-encoding"] != nil {
      answer.isStream = true
      bytes = []
      return answer
    }
    guard let length = isHead ? 0 : answer.headers["content-length"].flatMap({ Int($0) }), length >= 0 else {
      throw FuzzWire.Fault(sentence: "the answer does not say how long it is: \(answer.status) \(answer.headers)")
    }
    guard bytes.count >= end + length else {
      guard !isEnded else {
        throw FuzzWire.Fault(sentence: "the answer was cut: \(bytes.count - end) of \(length) bytes")
      }
      return nil
    }
    answer.body = Array(bytes[end..<(end + length)])
    bytes.removeFirst(end + length)
    return answer
  }

  private static func head(_ bytes: ArraySlice<UInt8>) throws -> FuzzAnswer {
    let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), words[1].utf8.count == 3, let status = Int(words[1]) else {
      throw FuzzWire.Fault(sentence: "this begins no answer: \(lines[0].prefix(100))")
    }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":"), !line.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
        throw FuzzWire.Fault(sentence: "this is no header: \(line.prefix(100))")
      }
      let name = line[..<colon].lowercased()
      guard headers[name] == nil else { throw FuzzWire.Fault(sentence: "the header \(name) comes twice") }
      headers[name] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    return FuzzAnswer(status: status, headers: headers, body: [])
  }

  private static func end(of mark: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= mark.count else { return nil }
    for start in 0...(bytes.count - mark.count) where bytes[start] == mark[0] {
      if bytes[start..<(start + mark.count)].elementsEqual(mark) { return start + mark.count }
    }
    return nil
  }
}
