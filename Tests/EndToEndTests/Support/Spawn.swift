import Foundation
import Glibc

/// A process of this test, in this environment and what is added to it.
enum Spawn {
  /// `connect` says what its descriptors are, `flags` what else it is born with.
  static func start(
    _ words: [String], _ environment: [String: String], flags: Int32 = 0,
    _ connect: (inout posix_spawn_file_actions_t) -> Void
  ) throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    unsafe connect(&actions)
    // Threads of the cooperative pool block every signal, and a child inherits that.
    var attributes = posix_spawnattr_t()
    var none = sigset_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | flags))
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    let texts = unsafe variables.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { unsafe (arguments + texts).forEach { unsafe free($0) } }
    var pid: pid_t = 0
    let code = unsafe posix_spawnp(&pid, words[0], &actions, &attributes, arguments, texts)
    guard code == 0 else { throw Failure("cannot start \(words[0]): error \(code)") }
    return pid
  }
}
