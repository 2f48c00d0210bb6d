import Foundation
import Glibc

/// A program on a terminal of its own: keys go in, and what a person would see is read.
final class OnTerminal: Sendable {
  private let master: Int32
  let pid: pid_t
  private let screen: Guarded<SeenScreen>
  private let ended = Guarded<Int32?>(nil)
  private let reads = Guarded(true)
  /// Nobody has the terminal open any more, and all that was written to it was taken.
  private let isDrained = Guarded(false)

  /// `TIOCSPTLCK` and `TIOCGPTN` of Linux, and glibc's `POSIX_SPAWN_SETSID`: macros that are not imported.
  private static let (setLock, getNumber) = (UInt(0x4004_5431), UInt(0x8004_5430))
  private static let newSession = Int32(0x80)

  init(_ words: [String], columns: UInt16, rows: UInt16, environment: [String: String]) throws {
    master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (locked, number) = (Int32(0), Int32(0))
    guard master >= 0, unsafe ioctl(master, OnTerminal.setLock, &locked) == 0,
      unsafe ioctl(master, OnTerminal.getNumber, &number) == 0
    else { throw Failure("no terminal: error \(errno)") }
    screen = Guarded(SeenScreen(columns: Int(columns), rows: Int(rows)))
    // A session of its own, whose controlling terminal the first open makes it.
    pid = try unsafe Spawn.start(words, environment, flags: OnTerminal.newSession) { actions in
      for descriptor in Int32(0)...2 {
        unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/pts/\(number)", O_RDWR, 0)
      }
    }
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = unsafe ioctl(master, UInt(TIOCSWINSZ), &size)
    let (master, screen, reads, isDrained) = (master, screen, reads, isDrained)
    Thread.detachNewThread {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        guard reads.with({ $0 }) else {
          usleep(20_000)
          continue
        }
        let count = unsafe read(master, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return isDrained.with { $0 = true } }
        let bytes = buffer[..<count]
        screen.with { $0.take(bytes) }
      }
    }
  }

  deinit {
    if exitStatus == nil {
      _ = kill(pid, SIGKILL)
      _ = waitpid(pid, nil, 0)
    }
    _ = close(master)
  }

  /// The cells stay those of the first size: a program sees the new one.
  func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = unsafe ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  func type(_ keys: String) {
    let bytes = Array(keys.utf8)
    _ = unsafe write(master, bytes, bytes.count)
  }

  /// Whether what the program writes is taken, as a line that stalls does not.
  var isRead: Bool {
    get { reads.with { $0 } }
    set { reads.with { $0 = newValue } }
  }

  /// Nothing more can be written to the terminal: the program that writes waits.
  var isFull: Bool {
    let line = unsafe open("/proc/\(pid)/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    defer { _ = close(line) }
    var state = pollfd(fd: line, events: Int16(POLLOUT), revents: 0)
    return unsafe poll(&state, 1, 200) == 0
  }

  /// The rows as they stand now.
  var rows: [String] { screen.with { $0.rows } }
  var text: String { rows.joined(separator: "\n") }
  /// The alternate screen was left and the cursor shown.
  var wasGivenBack: Bool { screen.with { $0.wasGivenBack } }
  /// Something was written in a colour or a weight of its own.
  var wasColored: Bool { screen.with { $0.wasColored } }

  /// Nil until it has ended and, where its writing is taken, the last of that was.
  var status: Int32? {
    let code = exitStatus
    return !isRead || isDrained.with { $0 } ? code : nil
  }

  private var exitStatus: Int32? {
    ended.with { ended in
      var raw: Int32 = 0
      if ended == nil, unsafe waitpid(pid, &raw, WNOHANG) == pid {
        ended = raw & 0x7f == 0 ? raw >> 8 & 0xff : -(raw & 0x7f)
      }
      return ended
    }
  }
}

/// What stands on a terminal: it knows the sequences that the dashboard writes, and one column a character.
struct SeenScreen: Sendable {
  private let columns: Int
  private var cells: [[Character]]
  private var place = (x: 0, y: 0)
  private var pending: [UInt8] = []
  private(set) var wasGivenBack = false
  private(set) var wasColored = false

  init(columns: Int, rows: Int) {
    self.columns = columns
    cells = [[Character]](repeating: [Character](repeating: " ", count: columns), count: rows)
  }

  var rows: [String] { cells.map { String($0) } }

  mutating func take(_ bytes: ArraySlice<UInt8>) {
    pending += bytes
    guard let text = whole() else { return }
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\u{1b}" else {
        put(Character(scalar))
        continue
      }
      guard let end = rest.dropFirst().firstIndex(where: { (0x40...0x7e).contains($0.value) }) else {
        // Half a sequence: the rest comes with the next bytes.
        pending = Array("\u{1b}".utf8) + Array(String(rest).utf8) + pending
        return
      }
      obey(String(rest[rest.startIndex...end]))
      rest = rest[rest.index(after: end)...]
    }
  }

  /// What came so far, without a character that was cut.
  private mutating func whole() -> String? {
    for cut in 0...min(3, pending.count) {
      guard let text = String(validating: pending.dropLast(cut), as: UTF8.self) else { continue }
      pending = Array(pending.suffix(cut))
      return text
    }
    return nil
  }

  private mutating func obey(_ sequence: String) {
    if sequence == "[?1049l" { wasGivenBack = true }
    if sequence.hasSuffix("m"), sequence != "[0m" { wasColored = true }
    if sequence.hasSuffix("K"), cells.indices.contains(place.y) {
      for x in cells[place.y].indices.dropFirst(place.x) { cells[place.y][x] = " " }
    }
    if sequence == "[2J" { cells = cells.map { $0.map { _ in " " } } }
    if sequence == "[J" { clearBelow() }
    if sequence.hasSuffix("A") { place.y = max(place.y - (Int(sequence.dropFirst().dropLast()) ?? 1), 0) }
    guard sequence.hasSuffix("H") else { return }
    let numbers = sequence.dropFirst().dropLast().split(separator: ";").compactMap { Int($0) }
    place = (x: (numbers.last ?? 1) - 1, y: (numbers.first ?? 1) - 1)
  }

  /// From the cursor to the end.
  private mutating func clearBelow() {
    for y in cells.indices.dropFirst(place.y) {
      for x in cells[y].indices.dropFirst(y == place.y ? place.x : 0) { cells[y][x] = " " }
    }
  }

  private mutating func put(_ character: Character) {
    if character == "\r" { return place.x = 0 }
    if character == "\n" { return place.y += 1 }
    guard cells.indices.contains(place.y), (0..<columns).contains(place.x) else { return }
    cells[place.y][place.x] = character
    place.x += 1
  }
}
