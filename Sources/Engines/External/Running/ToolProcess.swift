internal import CLinux
internal import Glibc

/// Starts a program and waits for its end: within the deadline, the stop and its bounds. Its whole process group ends
/// with it, however it ends.
package struct ToolProcess {
  /// Between the signal that asks a program to end and the one that makes it.
  static let graceMilliseconds = 1000
  /// How long a stop may wait to be seen.
  private static let stepMilliseconds = 50

  private let pid: pid_t
  private let streams: [ToolStream]

  /// `deadline` and `isStopped` are looked at all the time, from the caller's thread, which must live until the end.
  package static func run(
    _ command: ToolCommand, in folder: String, until deadline: Deadline, isStopped: () -> Bool
  ) -> ToolRun {
    guard !isStopped() else { return ToolRun(end: .stopped) }
    guard !deadline.isPast else { return ToolRun(end: .deadline) }
    switch start(command, in: folder) {
    case .failure(let cause): return ToolRun(end: .notStarted(cause.code))
    case .success(let started):
      return ToolProcess(pid: started.pid, streams: started.streams).watch(command.bounds, deadline, isStopped)
    }
  }

  private init(pid: pid_t, streams: [ToolStream]) { (self.pid, self.streams) = (pid, streams) }

  // MARK: the start

  private struct Cause: Error { var code: Int32 }
  private struct Started {
    var pid: pid_t
    var streams: [ToolStream]
  }

  private static func start(_ command: ToolCommand, in folder: String) -> Result<Started, Cause> {
    guard let output = ToolStream.open(), let complaint = ToolStream.open() else { return .failure(Cause(code: errno)) }
    defer {
      output.closeWriter()
      complaint.closeWriter()
    }
    let bounds = command.bounds
    var limits = vigil_bounds(
      memory: UInt(bounds.memoryBytes), cpu_seconds: UInt(bounds.processorSeconds),
      file_bytes: UInt(bounds.fileBytes), open_files: UInt(bounds.openFiles))
    var words = CWords([command.program] + command.arguments)
    var variables = CWords(environment(folder))
    defer {
      words.free()
      variables.free()
    }
    let pid = unsafe vigil_start_bounded(
      command.program, words.list, variables.list, folder, output.writer, complaint.writer, &limits)
    return pid > 0 ? .success(Started(pid: pid, streams: [output, complaint])) : .failure(Cause(code: -pid))
  }

  /// Nothing of ours: no proxy, no home, no library path. The locale decides what tools write, so it is fixed.
  private static func environment(_ folder: String) -> [String] {
    [
      "PATH=\(ProgramPath.folders.joined(separator: ":"))", "HOME=\(folder)", "TMPDIR=\(folder)", "LC_ALL=C",
      "TERM=dumb",
    ]
  }

  // MARK: the watch

  private func watch(_ bounds: ToolBounds, _ deadline: Deadline, _ isStopped: () -> Bool) -> ToolRun {
    var end: ToolRun.End?
    while end == nil {
      // Looked at before the pipes are read: what it wrote before its end is in them by then.
      let status = ToolProcess.reaped(pid)
      if streams.contains(where: \.isOpen) {
        ToolStream.wait(streams, milliseconds: status == nil ? ToolProcess.stepMilliseconds : 0)
        streams[0].read(keeping: bounds.outputBytes, isEnd: false)
        streams[1].read(keeping: bounds.complaintBytes, isEnd: true)
      } else if status == nil {
        ToolProcess.pause(milliseconds: 5)
      }
      if let status {
        end = ToolProcess.end(of: status)
      } else if deadline.isPast || isStopped() {
        end = isStopped() ? .stopped : .deadline
        endGroup()
      }
      if streams[0].isOver, end == nil { endGroup() }
      if streams[0].isOver { end = .tooMuchOutput }
    }
    // Children that it left behind have its group, and nothing to do any more.
    ToolProcess.end(pid, SIGKILL)
    return ToolRun(end: end ?? .stopped, output: streams[0].bytes, complaint: streams[1].bytes)
  }

  /// Asks, waits, makes.
  private func endGroup() {
    ToolProcess.end(pid, SIGTERM)
    let grace = Deadline(milliseconds: ToolProcess.graceMilliseconds)
    while !grace.isPast {
      if ToolProcess.reaped(pid) != nil { return }
      ToolProcess.pause(milliseconds: 10)
    }
    ToolProcess.end(pid, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
  }

  private static func end(_ group: pid_t, _ number: Int32) { _ = kill(-group, number) }

  private static func reaped(_ pid: pid_t) -> Int32? {
    var status: Int32 = 0
    let answer = unsafe waitpid(pid, &status, WNOHANG)
    if answer < 0, errno != EINTR { return 0 }
    return answer == pid ? status : nil
  }

  private static func end(of status: Int32) -> ToolRun.End {
    status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signalled(status & 0x7f)
  }

  private static func pause(milliseconds: Int) {
    var time = timespec(tv_sec: 0, tv_nsec: milliseconds * 1_000_000)
    unsafe nanosleep(&time, nil)
  }
}

/// Words as C wants them: ended by a null pointer, and freed by hand.
@safe private struct CWords {
  var list: [UnsafeMutablePointer<CChar>?]

  init(_ words: [String]) {
    unsafe list = words.map { unsafe strdup($0) }
    unsafe list.append(nil)
  }

  mutating func free() {
    unsafe list.forEach { unsafe Glibc.free($0) }
    unsafe list = [nil]
  }
}
