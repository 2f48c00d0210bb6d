internal import CLinux
internal import Glibc
internal import NIOCore
internal import Records

/// Who is at the other end of a Unix socket, by the kernel's word (SO_PEERCRED): the actor of the audit.
enum Peer {
  /// Nil where the kernel does not say; then nothing may be changed over the connection.
  static func actor(of channel: any Channel) async -> Actor? {
    guard let credentials = await credentials(of: channel) else { return nil }
    return Actor(name: name(of: credentials.uid), origin: "unix uid \(credentials.uid) pid \(credentials.pid)")
  }

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

  private static func credentials(of channel: any Channel) async -> vigil_peer? {
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
