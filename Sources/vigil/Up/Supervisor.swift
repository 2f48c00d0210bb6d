import ControlAPI
import Glibc

/// Keeps the roles running. It parses nothing that traffic, sites or clients made; it only starts, waits, forwards
/// signals, and copies its children's lines. It runs on one thread from its first start to its end, because the
/// kernel tells children of the death of the *thread* that started them.
struct Supervisor {
  /// A line that is longer is cut: a child that went mad must not take the supervisor's memory.
  static let longestLine = 16 * 1024
  /// Children that do not end when asked are killed.
  static let patience = 10_000

  private var roles: [Role]
  private let log: LineLog
  private let signals: Int32
  private var isEnding = false
  private var endBy = 0
  private var status: Int32 = 0

  init(roles: [Role], log: LineLog) throws(OperatorMistake) {
    self.roles = roles
    for index in roles.indices where roles[index].name == "sensor" {
      self.roles[index].policy = RestartPolicy(longest: RestartPolicy.longestSensorDelay)
    }
    self.log = log
    signals = SignalPipe.open([SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT])
    guard signals >= 0 else { throw OperatorMistake("up.signals", "no pipe for signals: \(Supervisor.errorText)") }
  }

  /// Until all have ended. Returns the exit status.
  mutating func run() -> Int32 {
    for index in roles.indices { start(index) }
    while !(isEnding && roles.allSatisfy { $0.pid == nil }) {
      wait()
      reap()
      restartThoseDue()
      if isEnding, Supervisor.now() >= endBy { signalAll(SIGKILL) }
    }
    drain()
    return status
  }

  // MARK: life of a role

  private mutating func start(_ index: Int) {
    guard let child = Spawn.start(roles[index].arguments, foreground: roles[index].isForeground) else {
      log.write("up", "\(roles[index].name) cannot be started: \(Supervisor.errorText)")
      roles[index].life = .waiting(until: Supervisor.now() + RestartPolicy.longestDelay)
      return
    }
    roles[index].life = .running(pid: child.pid)
    roles[index].output = child.output
    roles[index].policy.started(at: Supervisor.now())
    log.write("up", "\(roles[index].name) runs as process \(child.pid)")
  }

  private mutating func reap() {
    for index in roles.indices {
      guard let pid = roles[index].pid else { continue }
      var raw: Int32 = 0
      guard unsafe waitpid(pid, &raw, WNOHANG) == pid else { continue }
      readLines(index)
      ended(index, raw)
    }
  }

  private mutating func ended(_ index: Int, _ raw: Int32) {
    let exited = raw & 0x7f == 0
    let code = exited ? raw >> 8 & 0xff : raw & 0x7f
    let how = exited ? "ended with status \(code)" : "was ended by signal \(code)"
    if roles[index].output >= 0 { close(roles[index].output) }
    roles[index].output = -1
    if !isEnding { log.write("up", "\(roles[index].name) \(how)") }
    if isEnding {
      roles[index].life = .stopped
    } else if roles[index].isForeground || mustEndAll(index, exited ? code : -1) {
      roles[index].life = .stopped
      status = exited ? code : 1
      end(SIGTERM)
    } else {
      let delay = roles[index].policy.ended(at: Supervisor.now(), status: exited ? code : -1)
      roles[index].life = .waiting(until: Supervisor.now() + delay)
      if delay > 1000 { log.write("up", "\(roles[index].name) is started again in \(delay / 1000) s") }
    }
  }

  /// A hub that cannot start by an operator's mistake (a second hub, a wrong key) will not start by itself later.
  private func mustEndAll(_ index: Int, _ code: Int32) -> Bool { roles[index].name == "hub" && code == 2 }

  private mutating func restartThoseDue() {
    guard !isEnding else { return }
    let now = Supervisor.now()
    for index in roles.indices {
      if case .waiting(let until) = roles[index].life, until <= now { start(index) }
    }
  }

  private mutating func end(_ number: Int32) {
    if !isEnding {
      isEnding = true
      endBy = Supervisor.now() + Supervisor.patience
    }
    signalAll(number)
    for index in roles.indices where roles[index].pid == nil { roles[index].life = .stopped }
  }

  private func signalAll(_ number: Int32) {
    for role in roles { if let pid = role.pid { kill(pid, number) } }
  }

  // MARK: waiting

  private mutating func wait() {
    var descriptors = [pollfd(fd: signals, events: Int16(POLLIN), revents: 0)]
    let readers = roles.indices.filter { roles[$0].output >= 0 }
    for index in readers { descriptors.append(pollfd(fd: roles[index].output, events: Int16(POLLIN), revents: 0)) }
    let ready = unsafe poll(&descriptors, nfds_t(descriptors.count), Int32(timeout))
    guard ready > 0 else { return }
    if descriptors[0].revents != 0 { takeSignals() }
    for (place, index) in readers.enumerated() where descriptors[place + 1].revents != 0 { readLines(index) }
  }

  /// Until the next restart is due, at most a second.
  private var timeout: Int {
    var dues = roles.compactMap { role -> Int? in
      if case .waiting(let until) = role.life { return until }
      return nil
    }
    if isEnding { dues.append(endBy) }
    return min(max((dues.min() ?? .max) - Supervisor.now(), 0), 1000)
  }

  private mutating func takeSignals() {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(signals, $0.baseAddress, 64) }
    for number in bytes.prefix(max(count, 0)).map(Int32.init) {
      switch number {
      case SIGTERM, SIGINT, SIGQUIT: end(SIGTERM)
      case SIGHUP: signalAll(SIGHUP)
      default: break
      }
    }
  }

  // MARK: lines

  private mutating func readLines(_ index: Int) {
    guard roles[index].output >= 0 else { return }
    var bytes = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
      let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(roles[index].output, $0.baseAddress, $0.count) }
      guard count > 0 else {
        if count == 0 {
          close(roles[index].output)
          roles[index].output = -1
        }
        return
      }
      take(bytes.prefix(count), index)
    }
  }

  private mutating func take(_ bytes: ArraySlice<UInt8>, _ index: Int) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") || roles[index].unfinishedLine.count >= Supervisor.longestLine {
        log.write(roles[index].name, String(decoding: roles[index].unfinishedLine, as: UTF8.self))
        roles[index].unfinishedLine.removeAll(keepingCapacity: true)
        if byte == UInt8(ascii: "\n") { continue }
      }
      roles[index].unfinishedLine.append(byte)
    }
  }

  private mutating func drain() {
    for index in roles.indices {
      readLines(index)
      if !roles[index].unfinishedLine.isEmpty { take([UInt8(ascii: "\n")], index) }
    }
  }

  /// Milliseconds of a clock that only goes forward.
  private static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  private static var errorText: String { unsafe String(cString: strerror(errno)).lowercased() }
}
