/// One child of the supervisor: what is run, and how its life goes on.
struct Role {
  enum Life: Equatable {
    case stopped
    case running(pid: Int32)
    case waiting(until: Int)
  }

  let name: String
  /// After the path of this binary.
  let arguments: [String]
  /// Owns the terminal (the dashboard): its end is the end of all.
  var isForeground = false
  var life = Life.stopped
  var policy = RestartPolicy()
  /// The child's standard output and error, read by the supervisor; -1 when there is none.
  var output: Int32 = -1
  var unfinishedLine: [UInt8] = []

  var pid: Int32? {
    if case .running(let pid) = life { return pid }
    return nil
  }
}
