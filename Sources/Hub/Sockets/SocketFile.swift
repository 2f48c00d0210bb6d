internal import CLinux
package import ControlAPI
internal import Glibc

/// The file of a Unix socket: free before it is bound, 0600 afterwards, 0660 where a group is let in.
package enum SocketFile {
  /// Removes what a hub that died left behind. One that still answers is somebody's: that is told, not removed.
  package static func free(_ path: String) throws(OperatorMistake) {
    guard path.utf8.count < 108 else {
      throw OperatorMistake(
        "hub.socketPath", at: path, "the path of a socket has at most 107 bytes, this one has \(path.utf8.count)",
        hint: "choose a shorter data folder")
    }
    var state = stat()
    guard unsafe lstat(path, &state) == 0 else { return }
    guard state.st_mode & S_IFMT == S_IFSOCK else {
      throw OperatorMistake(
        "hub.socketPath", at: path, "something that is not a socket is in the way", hint: "remove it")
    }
    if answers(path) {
      throw OperatorMistake("hub.socketUsed", at: path, "another process answers on this socket", hint: "end it first")
    }
    _ = unsafe unlink(path)
  }

  package static func close(toOthers path: String) { _ = unsafe chmod(path, 0o600) }

  /// Lets the members of `group` connect as well, the last step after the socket stands: until its folder is opened
  /// nobody but the owner can come near it, so there is no moment at which others could have put anything in its place.
  /// False where the hub's user may not give files to that group.
  static func open(_ path: String, toGroup group: UInt32, folders: [String]) -> Bool {
    guard unsafe lchown(path, uid_t.max, group) == 0, unsafe chmod(path, 0o660) == 0 else { return false }
    for folder in folders {
      var state = stat()
      guard unsafe lstat(folder, &state) == 0 else { return false }
      if state.st_mode & 0o001 != 0 { continue }
      guard unsafe lchown(folder, uid_t.max, group) == 0, unsafe chmod(folder, 0o710) == 0 else { return false }
    }
    return true
  }

  /// Lets `user` connect as well. The folder is the owner's, so that nobody else can have put anything in its place.
  package static func open(_ path: String, to user: UInt32) { _ = unsafe lchown(path, user, gid_t.max) }

  /// Whether somebody accepts connections there.
  package static func answers(_ path: String) -> Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { Glibc.close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8.prefix(107)) }
    let status = unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return status == 0
  }
}
