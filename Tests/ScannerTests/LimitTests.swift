import Engines
import Foundation
import Records
import Scanner
import Testing
import Wire

/// The limits that several jobs share, by the logs of the servers that they ask (MODEL.md, cadence and politeness).
/// Connections, connects and requests of one address are measured on the farm's servers.
@Suite(.serialized) struct LimitTests {
  /// The web on six addresses, names on a seventh; a line with the time for each that it is asked.
  private static let program = """
    import os, socket, sys, threading, time
    lock = threading.Lock()
    def log(*words):
        with lock: print(*words, flush=True)
    def web(listener):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=page, args=(connection,), daemon=True).start()
    def page(connection):
        data, body = b'', b'<title>t</title>'
        while more := connection.recv(65536):
            data += more
            while b'\\r\\n\\r\\n' in data:
                head, data = data.split(b'\\r\\n\\r\\n', 1)
                log('request', time.monotonic(), connection.getsockname()[0])
                text = b'' if head.startswith(b'HEAD') else body
                connection.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\nContent-Length: %d\\r\\n\\r\\n' % len(body) + text)
    def listen(address, port):
        listener = socket.socket(); listener.bind((address, port)); listener.listen(64)
        threading.Thread(target=web, args=(listener,), daemon=True).start()
        return listener.getsockname()[1]
    port = listen('127.0.9.1', 0)
    for number in range(2, 7): listen(f'127.0.9.{number}', port)
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); server.bind(('127.0.9.7', 0))
    log('ports', port, server.getsockname()[1])
    def answer():
        while True:
            query, peer = server.recvfrom(4096)
            log('query', time.monotonic())
            end = query.index(b'\\0', 12) + 5
            server.sendto(query[:2] + b'\\x81\\x83\\0\\1\\0\\0\\0\\0\\0\\0' + query[12:end], peer)
    threading.Thread(target=answer, daemon=True).start()
    sys.stdin.read()
    """

  /// Turns that a busy machine logs late make the next second look crowded; twice the pace is still seen.
  private static func most(of times: [Double]) -> Int {
    times.map { start in times.count { $0 >= start && $0 < start + 1 } }.max() ?? 0
  }

  /// What a pace allows over the whole time, and three for the ends of it.
  private static func fair(_ perSecond: Double, _ times: [Double]) -> Int {
    let seconds: Double = (times.last ?? 0) - (times.first ?? 0)
    return Int(seconds * perSecond) + 3
  }

  @Test("six sites of one platform together see at most five requests a second, and each address one")
  func platform() async throws {
    let servers = try LoggingServers(Self.program, ports: 2)
    let jobs = (1...6).map { number in
      ScanJob(
        id: "\(number)", engine: "http",
        target: Target(
          scheme: "http", host: "site\(number).test", address: IPAddress("127.0.9.\(number)"), port: servers.ports[0]),
        probeClass: .probe, authorisation: "test", deadlineMilliseconds: 9000, platform: "hosting")
    }
    await scanned(jobs)
    let asked = try servers.end().filter { $0.first == "request" && $0.count == 3 }
    let times = asked.compactMap { Double($0[1]) }.sorted()
    let byAddress = Dictionary(grouping: asked, by: { $0[2] }).mapValues { $0.compactMap { Double($0[1]) } }
    let (all, one) = (Self.most(of: times), byAddress.values.map(Self.most).max() ?? 0)
    print("figure: a platform of 6 addresses: \(times.count) requests, at most \(all) a second, \(one) to one address")
    #expect(times.count >= 30 && byAddress.count == 6)
    #expect(all <= 5 + 2)
    #expect(one <= 1 + 1)
    // Over the whole time nothing is made up for: five a second on the average.
    #expect(times.count <= Self.fair(5, times))
  }

  @Test("a resolver sees at most ten questions a second") func questions() async throws {
    let servers = try LoggingServers(Self.program, ports: 2)
    let jobs = (1...3).map { number in
      ScanJob(
        id: "\(number)", engine: "dns", target: Target(scheme: "https", host: "www.city\(number).example", port: 443),
        probeClass: .observe, authorisation: "test", deadlineMilliseconds: 9000)
    }
    let port = servers.ports[1]
    await scanned(jobs) { settings in
      settings.resolver.forwarders = [.init(IPAddress(v4: 0x7f00_0907), port: port)]
      settings.resolver.anchorFile = "/nonexistent"
    }
    let times = try servers.end().filter { $0.first == "query" }.compactMap { Double($0[1]) }.sorted()
    let most = Self.most(of: times)
    print("figure: a resolver of 3 jobs: \(times.count) questions, at most \(most) a second")
    #expect(times.count >= 15)
    #expect(most <= 10 + 5)
    #expect(times.count <= Self.fair(10, times))
  }
}
