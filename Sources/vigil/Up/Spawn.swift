import CLinux
import Glibc

/// Starts this binary again in another role.
enum Spawn {
  struct Child {
    let pid: Int32
    /// Where its standard output and error are read; -1 for a child on the terminal.
    let output: Int32
  }

  /// The supervisor's process id, for `ParentWatch` in the child.
  static let parentVariable = "VIGIL_SUPERVISOR"

  /// Nil with `errno` set when the system refuses.
  static func start(_ arguments: [String], foreground: Bool) -> Child? {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    var ends: [Int32] = [-1, -1]
    var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    if !foreground {
      guard unsafe pipe(&ends) == 0 else { return nil }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
      unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
      flags |= POSIX_SPAWN_SETPGROUP
    }
    var defaults = sigset_t()
    unsafe sigfillset(&defaults)
    unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
    // Who started the supervisor may have blocked what the roles must hear.
    var unblocked = sigset_t()
    unsafe sigemptyset(&unblocked)
    unsafe posix_spawnattr_setsigmask(&attributes, &unblocked)
    unsafe posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
    let pid = unsafe run(arguments, &actions, &attributes)
    if ends[1] >= 0 { close(ends[1]) }
    guard let pid else {
      if ends[0] >= 0 { close(ends[0]) }
      return nil
    }
    if ends[0] >= 0 { _ = fcntl(ends[0], F_SETFL, O_NONBLOCK) }
    return Child(pid: pid, output: ends[0])
  }

  private static func run(
    _ arguments: [String], _ actions: UnsafePointer<posix_spawn_file_actions_t>,
    _ attributes: UnsafePointer<posix_spawnattr_t>
  ) -> Int32? {
    _ = unsafe setenv(parentVariable, String(getpid()), 1)
    var words: [UnsafeMutablePointer<CChar>?] = unsafe (["vigil"] + arguments).map { unsafe strdup($0) }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    var pid: pid_t = 0
    let code = unsafe posix_spawn(&pid, "/proc/self/exe", actions, attributes, words, environ)
    guard code == 0 else {
      errno = code
      return nil
    }
    return pid
  }
}

/// In a role's process: ends it when the supervisor dies, however it dies.
enum ParentWatch {
  /// A supervisor starts this process again when it ends.
  static var isSupervised: Bool { unsafe getenv(Spawn.parentVariable) != nil }

  static func arm() {
    guard let text = unsafe getenv(Spawn.parentVariable), let parent = unsafe Int32(String(cString: text)) else {
      return
    }
    guard vigil_die_with_parent(SIGTERM) == 0 else { return }
    if getppid() != parent { _ = kill(getpid(), SIGTERM) }
  }
}
