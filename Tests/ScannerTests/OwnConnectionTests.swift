import Engines
import Records
import Scanner
import Synchronization
import Testing
import Wire

/// What a real scanner says of its connections, held against what real servers saw of them.
@Suite(.serialized) struct OwnConnectionTests {
  /// Answers each connection with a page and logs where it came from.
  private static let program = """
    import socket, sys, threading
    def serve(server):
        while True:
            peer, address = server.accept()
            print("peer", address[1], flush=True)
            def talk(peer=peer):
                try:
                    peer.settimeout(2)
                    peer.recv(65536)
                    peer.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok")
                except OSError: pass
                peer.close()
            threading.Thread(target=talk, daemon=True).start()
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(1)]
    print("ports", *[s.getsockname()[1] for s in servers], flush=True)
    for s in servers: threading.Thread(target=serve, args=(s,), daemon=True).start()
    sys.stdin.read()
    """

  @Test("Every connection that a server saw is told with its own port, by lease and site, opened and closed")
  func told() async throws {
    let servers = try LoggingServers(Self.program, ports: 1)
    let port = try #require(servers.ports.first)
    var configuration = Scanner.Configuration()
    configuration.settings.policy = AddressPolicy(allowed: [IPPrefix("127.0.0.0/8")].compactMap(\.self))
    configuration.settings.limits = .lab
    let scanner = Scanner(configuration: configuration) { _ in }
    let target = Target(
      scheme: "http", host: "127.0.0.1", address: IPAddress("127.0.0.1"), port: port, path: "/")
    for (lease, engine) in [(Int64(7), "availability"), (8, "http")] {
      scanner.submit(
        ScanJob(id: engine, engine: engine, site: "a", target: target, probeClass: .probe, authorisation: "a"),
        lease: lease)
    }
    let isDone = await withCheckedContinuation { continuation in
      let started = Engines.Thread { continuation.resume(returning: scanner.wait(milliseconds: 60_000)) }.start()
      precondition(started, "the system gives a thread")
    }
    #expect(isDone)
    let told = scanner.takeConnections()
    let seen = Set(try servers.end().filter { $0.first == "peer" }.compactMap { $0.last.flatMap { UInt16($0) } })
    let ours = told.filter { $0.remotePort == port && $0.transport == "TCP" }
    #expect(!seen.isEmpty && Set(ours.map(\.localPort)) == seen)
    #expect(ours.allSatisfy { $0.local == target.address && $0.remote == target.address && $0.site == "a" })
    #expect(ours.allSatisfy { ($0.closed ?? $0.opened) >= $0.opened && $0.closed != nil })
    #expect(Set(ours.compactMap(\.lease)) == [7, 8] && Set(ours.map(\.engine)) == ["availability", "http"])
    #expect(scanner.takeConnections().isEmpty, "each is told once when it has ended")
  }
}
