import Foundation
import Glibc

/// A process of this test: its lines with the moment that each came, its status, ended by its own id.
final class Child: @unchecked Sendable {
  // Sendable unchecked: what changes is in `Guarded`.
  struct Line: Sendable {
    let text: String
    /// Wall clock, in seconds.
    let time: Double
  }

  let pid: pid_t
  private let out = Guarded<[Line]>([])
  private let errors = Guarded<[Line]>([])
  private let ended = Guarded<Int32?>(nil)
  private let readers = Guarded<Int>(2)

  /// Starts `words`; `input` is what it reads from standard input.
  init(_ words: [String], environment: [String: String] = [:], input: String? = nil) throws {
    let (outReader, outWriter) = try Child.makePipe()
    let (errorReader, errorWriter) = try Child.makePipe()
    defer {
      close(outWriter)
      close(errorWriter)
    }
    do {
      pid = try unsafe Spawn.start(words, environment) {
        unsafe posix_spawn_file_actions_addopen(&$0, 0, input ?? "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&$0, outWriter, 1)
        unsafe posix_spawn_file_actions_adddup2(&$0, errorWriter, 2)
      }
    } catch {
      close(outReader)
      close(errorReader)
      throw error
    }
    read(outReader, into: out)
    read(errorReader, into: errors)
  }

  deinit { kill() }

  private static func makePipe() throws -> (reader: Int32, writer: Int32) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw Failure("no pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private func read(_ descriptor: Int32, into lines: Guarded<[Line]>) {
    let readers = readers
    Thread.detachNewThread {
      var rest: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65536)
      while true {
        let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        let now = Moment.now
        rest += buffer[..<count]
        var parts = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        rest = parts.popLast().map(Array.init) ?? []
        let fresh = parts.map { Line(text: String(decoding: $0, as: UTF8.self), time: now) }
        lines.with { $0 += fresh }
      }
      if !rest.isEmpty { lines.with { $0.append(Line(text: String(decoding: rest, as: UTF8.self), time: Moment.now)) } }
      close(descriptor)
      readers.with { $0 -= 1 }
    }
  }

  var lines: [Line] { out.with { $0 } }
  /// The lines behind the first `count`.
  func lines(after count: Int) -> ArraySlice<Line> { out.with { $0[min(count, $0.count)...] } }
  var output: String { lines.map(\.text).joined(separator: "\n") }
  var complaint: String { errors.with { $0 }.map(\.text).joined(separator: "\n") }

  /// Exit status, or minus the signal; nil while it runs.
  var status: Int32? {
    ended.with { ended in
      if ended == nil {
        var raw: Int32 = 0
        if unsafe waitpid(pid, &raw, WNOHANG) == pid { ended = raw & 0x7f == 0 ? raw >> 8 & 0xff : -(raw & 0x7f) }
      }
      return ended
    }
  }

  func send(_ signal: Int32) { ended.with { if $0 == nil { _ = Glibc.kill(pid, signal) } } }

  /// At once and for good.
  func kill() {
    ended.with { ended in
      guard ended == nil else { return }
      _ = Glibc.kill(pid, SIGKILL)
      var raw: Int32 = 0
      while unsafe waitpid(pid, &raw, 0) < 0, errno == EINTR {}
      ended = -SIGKILL
    }
  }

  /// Its status once it has ended and all that it said was read.
  func end(within seconds: Double = 20) async throws -> Int32 {
    guard await eventually(within: seconds, { status != nil && readers.with { $0 } == 0 }), let status else {
      kill()
      throw Failure("still running after \(seconds) s; it said: \(output)\n\(complaint)")
    }
    return status
  }
}

/// What a finished command said.
struct Answer {
  let status: Int32
  let output: String
  let complaint: String
}

/// `vigil` with arguments, to its end.
@discardableResult
func vigil(
  _ arguments: String..., within prefix: [String] = [], environment: [String: String] = [:], input: String? = nil,
  seconds: Double = 20
) async throws -> Answer {
  let child = try Child(prefix + [VigilBinary.path] + arguments, environment: environment, input: input)
  let status = try await child.end(within: seconds)
  return Answer(status: status, output: child.output, complaint: child.complaint)
}

/// Any other program, to its end with status 0.
@discardableResult
func run(_ words: [String]) async throws -> String {
  let child = try Child(words)
  let status = try await child.end()
  guard status == 0 else { throw Failure("\(words.joined(separator: " ")): status \(status), \(child.complaint)") }
  return child.output
}
