import ControlAPI
import Foundation
import Glibc
import Hummingbird
import Logging
import Records
import Services
import Synchronization
import TestSupport
import Testing
import Wire

@testable import Hub

/// The owners' page on its socket.
@Suite(.serialized, .timeLimit(.minutes(2))) struct OwnerListenerTests {
  private final class Running: Sendable {
    let desk = MemoryDesk()
    let port: Int
    private let task: Task<Void, any Error>

    init(_ change: (inout Configuration.OwnerPage) -> Void = { _ in }) async throws {
      var configuration = Configuration.OwnerPage(host: "127.0.0.1", port: 0, url: "https://vigil.example.gov/base")
      change(&configuration)
      var logger = Logger(label: "test")
      logger.logLevel = .critical
      var listener = OwnerListener(
        page: OwnerPage(desk: desk, clock: .system, language: .en), configuration: configuration, logger: logger)
      let (ports, say) = AsyncStream.makeStream(of: Int.self)
      listener.ready = { say.yield($0) }
      let application = try listener.application()
      task = Task { try await application.run() }
      var iterator = ports.makeAsyncIterator()
      port = await iterator.next() ?? 0
    }

    func end() async {
      task.cancel()
      _ = await task.result
    }
  }

  /// What curl gets: status, headers and body.
  private func curl(_ words: String...) async throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/curl")
    process.arguments = ["-s", "-i", "--max-time", "20", "--noproxy", "*"] + words
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "the page comes with a policy that lets nothing in, under the base of its links too, and takes one act by a form")
  func whole() async throws {
    let running = try await Running()
    let base = "http://127.0.0.1:\(running.port)"
    let link = base + "/base/n/" + MemoryDesk.token
    let page = try await curl(link)
    #expect(page.hasPrefix("HTTP/1.1 200"))
    for header in [
      "content-security-policy: default-src 'none'; style-src 'sha256-", "referrer-policy: no-referrer",
      "x-robots-tag: noindex", "cache-control: no-store", "x-frame-options: deny", "x-content-type-options: nosniff",
    ] { #expect(page.lowercased().contains(header)) }
    #expect(!page.lowercased().contains("set-cookie") && !page.lowercased().contains("server:"))
    for _ in 0..<10 {
      _ = try await curl(link)
      let head = try await curl("-I", link)
      #expect(head.hasPrefix("HTTP/1.1 200") && !head.contains("<html"))
    }
    #expect(await running.desk.kept.isEmpty)
    let nonce = try #require(page.firstMatch(of: /name="nonce" value="([^"]+)"/)).1
    let done = try await curl(
      "--data-urlencode", "act=receive", "--data-urlencode", "name=李四", "--data-urlencode", "nonce=\(nonce)",
      "-H", "X-Forwarded-For: 203.0.113.9", base + "/n/" + MemoryDesk.token + "?lang=zh")
    #expect(done.hasPrefix("HTTP/1.1 200") && done.contains("已收到") && done.contains("receive: 李四"))
    #expect(await running.desk.kept == [.init(token: MemoryDesk.token, act: .receive, name: "李四", from: "127.0.0.1")])
    #expect(try await curl("-X", "DELETE", link).hasPrefix("HTTP/1.1 405"))
    #expect(try await curl(base + "/v1/health").hasPrefix("HTTP/1.1 404"))
    let large = String(repeating: "a", count: 17_000)
    #expect(try await curl("-H", "Expect:", "-d", "act=receive&text=\(large)", link).hasPrefix("HTTP/1.1 413"))
    await running.end()
  }

  @Test("behind a proxy that is named, the address is the one that it saw")
  func proxied() async throws {
    let proxies = [try #require(IPPrefix("127.0.0.1/32"))]
    let running = try await Running { $0.proxies = proxies }
    let link = "http://127.0.0.1:\(running.port)/n/" + MemoryDesk.token
    let nonce = try #require(try await curl(link).firstMatch(of: /name="nonce" value="([^"]+)"/)).1
    _ = try await curl(
      "-H", "X-Forwarded-For: 1.2.3.4, 203.0.113.9", "-d", "act=retest&name=Li+Si&nonce=\(nonce)", link)
    #expect(await running.desk.kept.map(\.from) == ["203.0.113.9"])
    await running.end()
  }

  @Test("with a certificate the page speaks TLS; a key that everybody may read ends the hub with a sentence")
  func tls() async throws {
    let folder = try TestFolder()
    let authority = try TestAuthority(folder)
    let running = try await Running {
      $0.certificate = authority.certificate
      $0.key = authority.key
    }
    let link = "https://127.0.0.1:\(running.port)/n/" + MemoryDesk.token
    let page = try await curl("--cacert", authority.ca, link)
    #expect(page.hasPrefix("HTTP/1.1 200") && page.lowercased().contains("strict-transport-security"))
    await running.end()
    _ = unsafe chmod(authority.key, 0o644)
    await #expect(throws: OperatorMistake.self) {
      _ = try await Running {
        $0.certificate = authority.certificate
        $0.key = authority.key
      }
    }
  }

  @Test("whoever drips a request byte by byte, or opens more connections than a browser, is closed; others are served")
  func slow() async throws {
    let running = try await Running()
    let port = running.port
    var open = (0..<40).compactMap { _ in try? RawConnection(port, from: "127.0.0.2") }
    #expect(open.count == 40)
    for connection in open { _ = connection.drip("GET /n/\(MemoryDesk.token) HTTP/1.1\r\nX: ") }
    let started = ContinuousClock.now
    var answered = 0
    while !open.isEmpty, ContinuousClock.now - started < .seconds(60) {
      open = open.filter { $0.drip("a") }
      if answered < 3, try await curl("http://127.0.0.1:\(port)/n/" + MemoryDesk.token).hasPrefix("HTTP/1.1 200") {
        answered += 1
      }
      try await Task.sleep(for: .milliseconds(200))
    }
    #expect(open.isEmpty, "all were closed, whatever they sent")
    #expect(answered == 3)
    await running.end()
  }
}

/// A bare TCP connection to loopback.
final class RawConnection: @unchecked Sendable {
  // Sendable unchecked: one test's task uses it.
  private let descriptor: Int32
  /// `from` is an address of loopback, which has many.
  init(_ port: Int, from source: String) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let isBound = unsafe RawConnection.use(source, 0) { unsafe bind(descriptor, $0, $1) }
    guard isBound == 0, unsafe RawConnection.use("127.0.0.1", port, { unsafe connect(descriptor, $0, $1) }) == 0 else {
      throw Receiver.Failure(description: "cannot connect")
    }
  }

  private static func use(
    _ host: String, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = unsafe inet_addr(host)
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
  deinit { close(descriptor) }

  /// Sends a little; false once the other side has closed.
  func drip(_ text: String) -> Bool {
    var room = [UInt8](repeating: 0, count: 1024)
    let got = unsafe recv(descriptor, &room, room.count, Int32(MSG_DONTWAIT))
    if got == 0 || (got < 0 && errno != EAGAIN) { return false }
    let bytes = Array(text.utf8)
    return unsafe send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) > 0
  }
}
