import ArgumentParser
import CLinux
import ControlAPI
import Dashboard
import Glibc
import Hub
import Records
import Wire

struct IngestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest", abstract: "Records of other sensors into the queue.", subcommands: [EVE.self])

  struct EVE: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "eve",
      abstract: "Follows a Suricata's eve.json across rotation and restart, without loss or doubling.")
    @OptionGroup var hub: HubAddress
    @Flag(help: "End at the end of the file instead of waiting for more.") var once = false
    @Option(help: "The name under which its place is kept; by default the file's path.") var source: String?
    @Argument(help: "The file; - for standard input; a Unix socket to listen on.") var file: String

    func run() async throws {
      EndFlag.arm()
      let name = source ?? "eve:" + (file == "-" ? "stdin" : AbsolutePath.of(file))
      if file == "-" { return try await pipe(0, name) }
      if EVESocket.isSocket(file) || file.hasSuffix(".sock") || file.hasSuffix(".socket") {
        return try await listen(name)
      }
      guard unsafe access(file, F_OK) == 0 || !once else {
        throw OperatorMistake("ingest.missing", at: file, "there is no such file", hint: "name Suricata's eve.json")
      }
      try await follow(name)
    }

    /// After every loss of the hub the place is asked anew: what was stored is not sent again.
    private func follow(_ name: String) async throws {
      var isFirst = true
      while !EndFlag.isUp {
        do {
          let cursor = try await hub.client().call(API.ingestCursor, id: name).cursor
          let link = try IngestLink(socket: ingestSocket(), source: name, boot: boot())
          isFirst = false
          var followed = FollowedFile(path: file, source: name, cursor: cursor)
          defer { followed.close() }
          try await pump(&followed, link, from: cursor)
          return
        } catch let mistake as OperatorMistake
          where !isFirst && ["ingest.noHub", "client.noHub", "ingest.refused"].contains(mistake.code)
        {
          Console.error.line("vigil: \(mistake.sentence); trying again")
          try await Task.sleep(for: .milliseconds(300))
        } catch let problem as APIProblem where problem.code == .unavailable {
          // The hub cannot say what is stored: nothing is sent until it can.
          Console.error.line("vigil: \(problem.sentence); trying again")
          try await Task.sleep(for: .seconds(1))
        }
      }
    }

    private func pump(_ followed: inout FollowedFile, _ link: IngestLink, from cursor: IngestCursor?) async throws {
      let masking = try masking()
      let bar = once ? progress(from: cursor) : nil
      defer { bar?.end() }
      while !EndFlag.isUp {
        if let piece = try followed.next() {
          if let note = piece.note { tell(note, bar) }
          try link.store(IngestCommand.masked(piece, masking))
          bar?.note(UInt64(clamping: piece.cursor.offset))
        } else if once {
          return
        } else {
          try await Task.sleep(for: .milliseconds(100))
        }
      }
    }

    private func tell(_ note: String, _ bar: ProgressBar?) {
      guard let bar else { return Console.error.line("vigil: \(note)") }
      bar.aside { Console.error.line("vigil: \(note)") }
    }

    /// Of a file that is read to its end. Signals are the loop's own.
    private func progress(from cursor: IngestCursor?) -> ProgressBar {
      var state = stat()
      let total = unsafe stat(file, &state) == 0 ? UInt64(clamping: state.st_size) : nil
      return ProgressBar(
        Progress(
          BilingualText(en: "reading", zh: "读取"), .bytes, total: total, begun: UInt64(clamping: cursor?.offset ?? 0)),
        endsBySignal: false, LanguageOption.configured(hub.config))
    }

    /// A stream has no place to come back to: its lines are stored as they come.
    private func pipe(_ descriptor: Int32, _ name: String) async throws {
      let link = try IngestLink(socket: ingestSocket(), source: name, boot: boot())
      var rest: [UInt8] = []
      var offset: Int64 = 0
      while !EndFlag.isUp {
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        rest += bytes.prefix(max(count, 0))
        if count <= 0, !rest.isEmpty { rest.append(UInt8(ascii: "\n")) }
        guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else {
          if count <= 0 { return }
          if rest.count > FollowedFile.longestLine { rest.removeAll() }
          continue
        }
        offset += Int64(end + 1)
        let lines = rest[..<end].split(separator: UInt8(ascii: "\n")).map(Array.init)
        rest.removeFirst(end + 1)
        let cursor = IngestCursor(source: name, device: 0, inode: 0, offset: offset, head: "")
        try link.store(IngestCommand.masked(FollowedFile.Piece(lines: lines, cursor: cursor), masking()))
        if count <= 0 { return }
      }
    }

    private func listen(_ name: String) async throws {
      try SocketFile.free(file)
      let listener = try EVESocket(file)
      while !EndFlag.isUp {
        guard let connection = listener.accept() else { continue }
        defer { close(connection) }
        try await pipe(connection, name)
      }
    }

    /// The data folder whose `run` holds the API's socket.
    private func data() throws -> DataFolder {
      let parts = try AbsolutePath.of(hub.path()).split(separator: "/", omittingEmptySubsequences: false)
      return DataFolder(path: parts.dropLast(2).joined(separator: "/"))
    }
    private func ingestSocket() throws -> String { try data().ingestSocket }
    private func masking() throws -> Masking { Masking(key: try MaskingKey.read(folder: data().path)) }
    private func boot() -> UInt64 { UInt64(bitPattern: WallClock.system.now().nanoseconds) }
  }

  /// Only alerts reach the queue, and no secret of theirs: the rest is left out here, its place kept.
  static func masked(_ piece: FollowedFile.Piece, _ masking: Masking) -> FollowedFile.Piece {
    var result = piece
    let marker = Array("\"alert\"".utf8)
    var output: [UInt8] = []
    result.lines = piece.lines.filter { contains($0, marker) }.map { line in
      unsafe line.withUnsafeBytes { unsafe masking.maskJSON($0, into: &output) } ? output : line
    }
    return result
  }

  private static func contains(_ line: [UInt8], _ marker: [UInt8]) -> Bool {
    guard line.count >= marker.count else { return false }
    return (0...(line.count - marker.count)).contains { start in
      line[start] == marker[0] && line[start..<start + marker.count].elementsEqual(marker)
    }
  }
}

/// A Unix stream socket that Suricata connects to (`filetype: unix_stream`).
struct EVESocket {
  private let descriptor: Int32

  static func isSocket(_ path: String) -> Bool {
    var state = stat()
    return unsafe stat(path, &state) == 0 && state.st_mode & S_IFMT == S_IFSOCK
  }

  init(_ path: String) throws(OperatorMistake) {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8.prefix(107)) }
    let before = umask(0o177)
    let status = unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    umask(before)
    guard status == 0, Glibc.listen(descriptor, 4) == 0 else {
      throw OperatorMistake(
        "ingest.socket", at: path, unsafe "this socket cannot be made: \(String(cString: strerror(errno)).lowercased())"
      )
    }
  }

  /// Nil after a signal or a second without a visitor.
  func accept() -> Int32? {
    var waiting = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    guard unsafe poll(&waiting, 1, 1000) > 0 else { return nil }
    let connection = Glibc.accept(descriptor, nil, nil)
    return connection >= 0 ? connection : nil
  }
}
