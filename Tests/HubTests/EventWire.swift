import Dispatch
import Foundation
import Glibc
import Testing

/// A client of server-sent events on the API's socket, which can be cut off behind any byte. It reads on a thread of its
/// own; one task uses it at a time.
final class EventWire: @unchecked Sendable {
  struct Event: Equatable, Sendable {
    var id: String?
    var name: String?
    var data: String?
    var comment: String?
    var retry: String?
  }

  private let descriptor: Int32
  private var bytes: [UInt8] = []
  private var body: [UInt8] = []
  /// The head of the answer, once it is there.
  private(set) var head: String?
  /// Bytes of the body that were read.
  private(set) var bodyBytes = 0

  init(_ path: String, query: String = "", accept: String = "text/event-stream", lastID: String? = nil) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    let status = unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(status == 0)
    let last = lastID.map { "Last-Event-ID: \($0)\r\n" } ?? ""
    let request = Array("GET /v1/stream\(query) HTTP/1.1\r\nHost: vigil\r\nAccept: \(accept)\r\n\(last)\r\n".utf8)
    let sent = unsafe request.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    try #require(sent == request.count)
  }
  deinit { close(descriptor) }

  /// Reads until `count` bytes of the body are there, or `isEnough` says so of the whole events, or the hub closed.
  func read(_ count: Int, isEnough: @escaping @Sendable ([Event]) -> Bool = { _ in false }) async throws -> [Event] {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        while self.bodyBytes < count, !isEnough(self.events), self.readMore(min(count - self.bodyBytes, 65_536)) {}
        continuation.resume(returning: self.events)
      }
    }
  }

  /// Reads until the head of the answer is there.
  func readHead() async throws {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        while self.head == nil, self.readMore(65_536) {}
        continuation.resume()
      }
    }
  }

  /// Those that came to their end; what was cut in the middle never happened.
  var events: [Event] {
    let text = String(decoding: body, as: UTF8.self)
    var blocks = text.components(separatedBy: "\n\n")
    blocks.removeLast()
    return blocks.map { block in
      var event = Event()
      for line in block.split(separator: "\n") {
        let colon = line.firstIndex(of: ":") ?? line.endIndex
        let value = String(line[colon...].dropFirst().drop { $0 == " " })
        switch line[..<colon] {
        case "": event.comment = value
        case "id": event.id = value
        case "event": event.name = value
        case "data": event.data = value
        case "retry": event.retry = value
        default: Issue.record("an unknown line: \(line)")
        }
      }
      return event
    }
  }

  /// False: the hub closed, or said nothing for two minutes.
  private func readMore(_ most: Int) -> Bool {
    var waiting = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    guard unsafe poll(&waiting, 1, 120_000) > 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: most)
    let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { return false }
    bytes += buffer[..<count]
    if head == nil, let end = EventWire.end(of: [13, 10, 13, 10], in: bytes) {
      head = String(decoding: bytes[..<end], as: UTF8.self)
      bytes.removeFirst(end)
    }
    if head != nil { while takeChunk() {} }
    return true
  }

  /// A chunk of the transfer coding, as far as it is there.
  private var left = 0
  private func takeChunk() -> Bool {
    if left == 0 {
      if bytes.starts(with: [13, 10]) { bytes.removeFirst(2) }
      guard let end = EventWire.end(of: [13, 10], in: bytes), end > 2 else { return false }
      guard let size = Int(String(decoding: bytes[..<(end - 2)], as: UTF8.self), radix: 16) else { return false }
      bytes.removeFirst(end)
      left = size
      return size > 0
    }
    guard !bytes.isEmpty else { return false }
    let part = bytes.prefix(left)
    body += part
    bodyBytes += part.count
    left -= part.count
    bytes.removeFirst(part.count)
    return true
  }

  private static func end(of mark: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= mark.count else { return nil }
    return (0...(bytes.count - mark.count)).first { bytes[$0..<($0 + mark.count)].elementsEqual(mark) }.map {
      $0 + mark.count
    }
  }
}
