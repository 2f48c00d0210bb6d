import Engines
import Foundation
import Glibc
import Records
import Scanner
import Testing
import Wire

/// Name servers that mean harm: the look ends in time, asks little, holds little memory, and calls nothing safe of
/// which it was not told.
@Suite(.serialized) struct DNSHostileTests {
  /// What it does goes by the last label before `.example`; each question is a line.
  private static let program = """
    import os, socket, struct, sys, threading
    def wire(name): return b''.join(bytes([len(l)]) + l.encode() for l in name.split('.') if l) + b'\\0'
    def record(kind, data, owner=b'\\xc0\\x0c'): return owner + struct.pack('>HHIH', kind, 1, 0, len(data)) + data
    def text(value): return b''.join(bytes([len(value[i:i+255])]) + value[i:i+255] for i in range(0, len(value), 255))
    number = 0
    def answers(name, kind, stream):
        global number
        number += 1
        case = name.split('.')[-2] if name.endswith('.example') else ''
        if case == 'chain': return [record(5, wire(f'c{number}.chain.example'))], 0
        if case == 'loop': return [record(5, b'\\xc0\\x0c')], 0
        if case == 'pair': return [record(5, wire(('b' if name.startswith('a') else 'a') + '.pair.example'))], 0
        if case == 'long':
            links = [record(5, wire(f'c{i + 1}.long.example'), wire(f'c{i}.long.example' if i else name)) for i in range(1500)]
            return (links, 0) if stream else ([], 0x0200)
        if case == 'huge' and kind == 16:
            return ([record(16, text(b'v=spf1 ' + b'a:x ' * 14000))], 0) if stream else ([], 0x0200)
        if case == 'spf' and kind == 16:
            return [record(16, text(b'v=spf1 ' + b' '.join(b'include:s%d.spf.example' % (number * 9 + i) for i in range(9))))], 0
        return [], 0
    def reply(query, stream=False):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode('latin-1').lower()); at += 1 + query[at]
        name, kind = '.'.join(labels), struct.unpack('>H', query[at + 1:at + 3])[0]
        print('query', name, kind, flush=True)
        records, flags = answers(name, kind, stream)
        body = query[12:at + 5] + b''.join(records)
        return name, query[:2] + struct.pack('>HHHHH', 0x8180 | flags, 1, len(records), 0, 0) + body
    # One number for both: a datagram's port that the kernel gave may be a stream's already.
    while True:
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); server.bind(('127.0.0.1', 0))
        listener = socket.socket()
        try: listener.bind(server.getsockname()); break
        except OSError: server.close(); listener.close()
    listener.listen(16)
    def datagrams():
        while True:
            query, peer = server.recvfrom(4096)
            name, answer = reply(query)
            if '.storm.' in name:
                for i in range(3000): server.sendto(os.urandom(2) + answer[2:12] + os.urandom(500), peer)
            if '.silent.' not in name: server.sendto(answer, peer)
    def stream():
        while True:
            connection, _ = listener.accept()
            try:
                while head := connection.recv(2):
                    _, answer = reply(connection.recv(struct.unpack('>H', head)[0]), True)
                    connection.sendall(struct.pack('>H', len(answer)) + answer)
            except (OSError, struct.error): pass
            connection.close()
    threading.Thread(target=datagrams, daemon=True).start()
    threading.Thread(target=stream, daemon=True).start()
    print('ports', server.getsockname()[1], flush=True)
    sys.stdin.read()
    """

  /// Milliseconds that the job has, and seconds within which it is over.
  private static let (deadline, limit) = (8000, 11.0)
  /// MiB by which the most that the process ever held may grow.
  private static let memoryLimit = 64
  /// What a resolver asks for one job at most: its questions (`ValidatingResolver.questionLimit`, 160), each with
  /// retries and links of an alias.
  private static let questionLimit = 2000

  private static var peak: Int {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss >> 10
  }

  @Test(
    "a name server that floods, chains aliases without end, or says too much is bounded and believed in nothing",
    arguments: ["storm", "chain", "loop", "pair", "long", "huge", "spf", "silent"])
  func bounded(name: String) async throws {
    let servers = try LoggingServers(Self.program, ports: 1)
    let target = Target(scheme: "https", host: "www.\(name).example", port: 443)
    let job = ScanJob(
      id: name, engine: "dns", target: target, probeClass: .probe, authorisation: "test",
      deadlineMilliseconds: Self.deadline)
    let (before, port) = (Self.peak, servers.ports[0])
    let report = try #require(
      await scanned([job]) { settings in
        settings.resolver.forwarders = [.init(IPAddress(v4: 0x7f00_0001), port: port)]
        settings.resolver.anchorFile = "/nonexistent"
        settings.resolver.questionMilliseconds = 1500
        settings.limits.queriesPerSecond = 100
      }.first)
    let seconds = Double(report.outcome.ended.nanoseconds(since: report.outcome.started)) / 1e9
    let grown = Self.peak - before
    let asked = try servers.end().count { $0.first == "query" }
    let open = report.coverage.filter { $0.status == .notDetermined && $0.check != "*" }
    print(
      "figure: dns against \(name): \(seconds) s, \(grown) MiB more, \(asked) questions; "
        + "\(report.outcome.status): \(open.first?.reason ?? report.outcome.reason)")
    #expect(seconds < Self.limit)
    #expect(grown <= Self.memoryLimit)
    #expect((1...Self.questionLimit).contains(asked))
    if ["chain", "loop", "pair", "silent"].contains(name) {
      let safe = report.observations.filter { $0.answer == .no && $0.check != "dns.cname.dangling" }
      #expect(safe.map(\.check) == [], "nothing was answered")
    }
  }
}
