internal import CLinux
internal import Glibc
internal import NIOCore

/// Who is at the other end of a Unix socket, by the kernel's word (SO_PEERCRED).
enum Peer {
  /// Nil where the kernel does not say.
  static func user(of channel: any Channel) async -> UInt32? { await credentials(of: channel)?.uid }

  /// The number of a user by name; nil where there is none.
  static func number(of user: String) -> UInt32? {
    var entry = unsafe passwd()
    var found: UnsafeMutablePointer<passwd>?
    var room = [CChar](repeating: 0, count: 4096)
    let status = unsafe getpwnam_r(user, &entry, &room, room.count, &found)
    return unsafe status == 0 && found != nil ? entry.pw_uid : nil
  }

  /// The number of a group by name; nil where there is none.
  static func number(ofGroup name: String) -> UInt32? {
    var entry = unsafe group()
    var found: UnsafeMutablePointer<group>?
    // Groups list their members: a large one has a large entry.
    var room = [CChar](repeating: 0, count: 1 << 16)
    let status = unsafe getgrnam_r(name, &entry, &room, room.count, &found)
    return unsafe status == 0 && found != nil ? entry.gr_gid : nil
  }

  /// Nil where the kernel does not say.
  static func credentials(of channel: any Channel) async -> vigil_peer? {
    guard let provider = channel as? any SocketOptionProvider else { return nil }
    let option: EventLoopFuture<vigil_peer> = provider.unsafeGetSocketOption(
      level: .socket, name: .init(rawValue: SO_PEERCRED))
    return try? await option.get()
  }

  static func name(of user: UInt32) -> String {
    var entry = unsafe passwd()
    var found: UnsafeMutablePointer<passwd>?
    var room = [CChar](repeating: 0, count: 4096)
    let status = unsafe getpwuid_r(user, &entry, &room, room.count, &found)
    guard status == 0, unsafe found != nil, let name = unsafe entry.pw_name else { return "uid \(user)" }
    return unsafe String(cString: name)
  }
}
