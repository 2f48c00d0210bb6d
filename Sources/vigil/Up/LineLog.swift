import ControlAPI
import Glibc

/// The children's lines, each behind its role's name: to the terminal or pipe, or to a file while the dashboard has
/// the terminal. The file is renamed to `.1` when it has grown, once.
struct LineLog {
  static let largestFile = 16 << 20
  private let console: Console?
  private let path: String?

  /// To standard output.
  init() {
    console = .out
    path = nil
  }

  /// To a file.
  init(file: String) {
    console = nil
    path = file
  }

  func write(_ role: String, _ line: String) {
    let name = role.count < 7 ? role + String(repeating: " ", count: 7 - role.count) : role
    let text = "\(name) | \(Table.harmless(line))\n"
    if let console { return console.write(text) }
    guard let path else { return }
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    Console(descriptor: descriptor).write(text)
    if lseek(descriptor, 0, Int32(SEEK_END)) > LineLog.largestFile { _ = unsafe rename(path, path + ".1") }
  }
}
