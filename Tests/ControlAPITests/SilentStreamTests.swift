import Dispatch
import Glibc
import Testing

@testable import ControlAPI

/// A hub that answers, says one thing, and then is silent without closing: its machine lost power, or the network.
@Suite("A stream that falls silent", .timeLimit(.minutes(1)))
struct SilentStreamTests {
  @Test("it ends with an error, so that the reader can begin anew")
  func silent() async throws {
    let path = "/tmp/vigil-silent-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).sock"
    let listener = try listen(path)
    defer {
      _ = close(listener)
      _ = unsafe unlink(path)
    }
    DispatchQueue.global().async { SilentStreamTests.answer(listener) }
    var kinds: [StreamItem.Kind] = []
    var said = ""
    do {
      let client = Client(HubPlace(.socket(path)), streamSilenceSeconds: 1)
      for try await item in client.stream(StreamRequest()) { kinds.append(item.kind) }
    } catch {
      said = "\(error)"
    }
    #expect(kinds == [.beat])
    #expect(said.contains("the connection to the hub broke"), "\(said)")
  }

  private func listen(_ path: String) throws -> Int32 {
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let isBound = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    try #require(isBound && Glibc.listen(listener, 4) == 0)
    return listener
  }

  /// One answer that does not end; the connection stays open with the test's process.
  private static func answer(_ listener: Int32) {
    let peer = accept(listener, nil, nil)
    var request = [UInt8](repeating: 0, count: 4096)
    _ = unsafe read(peer, &request, request.count)
    let beat = #"{"kind":"beat","cursor":"7","time":"2026-11-22T12:03:51Z"}"#
    let text = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n\(beat)\n"
    let bytes = Array(text.utf8)
    _ = unsafe write(peer, bytes, bytes.count)
  }
}
