import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
  /// What is drawn while something takes its time: for a person on a terminal, and for nobody else.
  @Suite(.serialized, .timeLimit(.minutes(2)))
  struct ProgressTests {
    private let space: Workspace
    init() throws { space = try Workspace() }

    private static let capture = PcapBuilder().file(
      (1...200).flatMap { Attack.frames($0) }.enumerated().map {
        CapturedPacket($1, nanoseconds: 1_700_000_000_000_000_000 + UInt64($0) * 1_000_000)
      })

    /// A capture whose end nobody knows, since its writer holds it back.
    private final class Held {
      let path: String
      private var descriptor: Int32 = -1
      init(_ path: String) throws {
        self.path = path
        guard unsafe mkfifo(path, 0o600) == 0 else { throw Failure("no pipe at \(path)") }
      }
      /// Waits for the reader, as every pipe does.
      func begin(_ bytes: ArraySlice<UInt8>) throws {
        descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
        try add(bytes)
      }
      func add(_ bytes: ArraySlice<UInt8>) throws {
        let whole = Array(bytes)
        guard unsafe write(descriptor, whole, whole.count) == whole.count else { throw Failure("no reader at \(path)") }
      }
      func end() { _ = close(descriptor) }
    }

    private func words(_ held: Held, _ output: String) -> [String] {
      [VigilBinary.path, "read", held.path, "--output", space.file(output)]
    }

    private func environment(_ term: String, language: String = "en") throws -> [String: String] {
      let folder = "config-" + language
      try FileManager.default.createDirectory(
        atPath: space.file(folder + "/vigil"), withIntermediateDirectories: true)
      try space.write(folder + "/vigil/vigil.yaml", "language: \(language)\n")
      return ["TERM": term, "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": space.file(folder)]
    }

    @Test(
      "reading a slow capture shows bytes, pace and time on a terminal, fits it when it is made narrower, and leaves nothing"
    )
    func reading() async throws {
      let (half, rest) = (Self.capture.prefix(30_000), Self.capture.dropFirst(30_000))
      let held = try ["wide", "zh", "dumb", "pipe"].map { try Held(space.file($0 + ".pcap")) }
      func terminal(_ held: Held, _ output: String, _ columns: UInt16, _ environment: [String: String]) throws
        -> OnTerminal
      {
        try OnTerminal(words(held, output), columns: columns, rows: 8, environment: environment)
      }
      let wide = try terminal(held[0], "a", 80, try environment("xterm-256color"))
      let chinese = try terminal(held[1], "b", 80, try environment("xterm-256color", language: "zh"))
      let dumb = try terminal(held[2], "c", 80, try environment("dumb"))
      let piped = try Child(words(held[3], "d"))
      for held in held { try held.begin(half) }

      try await require("bytes and pace", within: 20) {
        wide.rows[0].hasPrefix("reading  ") && wide.rows[0].contains(" kB  ") && wide.rows[0].contains("/s  ")
      }
      try await require("the same in Chinese", within: 20) {
        chinese.rows[0].hasPrefix("读取  ") && chinese.rows[0].contains(" 秒")
      }
      wide.resize(columns: 20, rows: 8)
      try await require("what fits of it", within: 20) {
        wide.rows[0].hasPrefix("reading  ") && !wide.rows[0].contains("/s")
      }
      #expect(wide.rows[0].trimmingCharacters(in: .whitespaces).count < 20, "\(wide.text)")
      // Those two began with the others.
      #expect(dumb.text.allSatisfy { $0 == " " || $0 == "\n" }, "\(dumb.text)")
      #expect(piped.complaint.isEmpty && piped.output.isEmpty)

      for held in held {
        try held.add(rest)
        held.end()
      }
      try await require("the ends", within: 30) {
        wide.status == 0 && chinese.status == 0 && dumb.status == 0 && piped.status == 0
      }
      for screen in [wide, chinese, dumb] {
        #expect(screen.rows[0].hasPrefix("vigil: ") && screen.rows[0].contains("packets"), "\(screen.text)")
        #expect(!screen.text.contains("reading") && !screen.text.contains("读取"), "\(screen.text)")
      }
      #expect(piped.complaint.isEmpty, "\(piped.complaint)")
    }

    @Test("ctrl-c takes the line away and ends the reading as ever")
    func interrupted() async throws {
      let held = try Held(space.file("held.pcap"))
      let terminal = try OnTerminal(
        words(held, "out"), columns: 80, rows: 8, environment: try environment("xterm-256color"))
      try held.begin(Self.capture.prefix(30_000))
      try await require("the line", within: 20) { terminal.text.contains("reading  ") }
      terminal.type("\u{3}")
      try await require("the end", within: 10) { terminal.status != nil }
      #expect(terminal.status == -SIGINT && !terminal.text.contains("reading"), "\(terminal.text)")
      held.end()
    }

    @Test("a scan counts its jobs on the terminal, with --json it does not, and its lines stand where the count stood")
    func scanning() async throws {
      let mute = try MuteServer()
      let words = [
        VigilBinary.path, "scan", "http://127.0.0.1:\(mute.port)/", "--engines", "availability", "--config",
        try space.write("scan.yaml", "data: \(space.file("data"))\n"),
      ]
      let scan = try OnTerminal(words, columns: 100, rows: 20, environment: try environment("xterm-256color"))
      let json = try OnTerminal(
        words + ["--json"], columns: 100, rows: 20, environment: try environment("xterm-256color"))
      try await require("the jobs", within: 30) {
        scan.text.contains("scanning  [") && scan.text.contains(" jobs") && scan.text.contains("1 running")
      }
      mute.end()
      try await require("the ends", within: 60) { scan.status != nil && json.status != nil }
      #expect(!scan.text.contains("scanning"), "\(scan.text)")
      #expect(scan.rows[0].hasPrefix("http://127.0.0.1:\(mute.port)"), "\(scan.text)")
      #expect(!json.text.contains("scanning") && json.rows[0].hasPrefix("{"), "\(json.text)")
    }
  }
}

/// Takes connections and says nothing, until it ends them all.
private final class MuteServer: Sendable {
  let port: UInt16
  private let listener: Int32
  private let taken = Guarded<(all: [Int32], isOver: Bool)>(([], false))

  init() throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard isBound else { throw Failure("no port") }
    port = UInt16(bigEndian: address.sin_port)
    let taken = taken
    Thread.detachNewThread {
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        let isOver = taken.with { taken in
          taken.all.append(connection)
          return taken.isOver
        }
        if isOver { _ = shutdown(connection, Int32(SHUT_RDWR)) }
      }
    }
  }

  /// Every connection, also those that come.
  func end() {
    taken.with { taken in
      taken.isOver = true
      for connection in taken.all { _ = shutdown(connection, Int32(SHUT_RDWR)) }
    }
  }

  deinit {
    _ = shutdown(listener, Int32(SHUT_RDWR))
    _ = close(listener)
    taken.with { $0.all.forEach { _ = close($0) } }
  }
}
