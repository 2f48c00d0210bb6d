internal import CLinux
internal import Glibc
internal import Records
internal import Services
internal import Wire

/// The canary's packet and how its alert is known again: a question for a name that only this hub can write.
struct CanaryLane: Sendable {
  /// Of a range of its own; the rule that has it comes with Vigil.
  static let sid: UInt32 = 9_000_900
  static let suffix = ".canary.vigil.invalid"
  private static let macBytes = 16

  let target: IPAddress
  let key: [UInt8]
  var watch: CanaryWatch

  /// `ID.MAC.canary.vigil.invalid`: under a key that never leaves the hub nobody else can make one, and what one saw
  /// says nothing about the next.
  func name(_ id: String) -> String { "\(id).\(CanaryLane.mac(id, key))\(CanaryLane.suffix)" }

  static func freshID() -> String {
    var random = SystemRandomNumberGenerator()
    return SHA256.hex((0..<8).map { _ in UInt8.random(in: .min ... .max, using: &random) })
  }

  private static func mac(_ id: String, _ key: [UInt8]) -> String {
    let code = unsafe Array(id.utf8).withUnsafeBytes { unsafe SHA256.authenticate($0, key: key) }
    return SHA256.hex(code.prefix(macBytes))
  }

  /// The id, of an alert that is a canary's; nil of every other, one that was forged among them: that is an alert.
  static func id(of alert: AlertRecord, key: [UInt8]) -> String? {
    guard alert.signature.gid == 1, alert.signature.sid == sid, let name = alert.context.queryName?.lowercased(),
      name.hasSuffix(suffix)
    else { return nil }
    let parts = name.dropLast(suffix.count).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == 16, isSame(String(parts[1]), mac(String(parts[0]), key)) else {
      return nil
    }
    return String(parts[0])
  }

  /// In a time that does not tell how much was right.
  private static func isSame(_ a: String, _ b: String) -> Bool {
    guard a.utf8.count == b.utf8.count else { return false }
    return zip(a.utf8, b.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  // MARK: packet

  /// A question of type A; nobody needs to answer it.
  static func question(_ name: String, number: UInt16) -> [UInt8] {
    var bytes: [UInt8] = [UInt8(number >> 8), UInt8(number & 255), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    for label in name.split(separator: ".") {
      bytes.append(UInt8(truncatingIfNeeded: label.utf8.count))
      bytes += label.utf8
    }
    return bytes + [0, 0, 1, 0, 1]
  }

  /// Nil where it left the machine; else why not.
  func send(_ id: String) -> String? {
    let number = UInt16(truncatingIfNeeded: id.utf8.reduce(0) { $0 &* 31 &+ Int($1) })
    return Datagram.send(CanaryLane.question(name(id), number: number), to: target, port: 53)
  }
}

/// One UDP datagram.
enum Datagram {
  static func send(_ bytes: [UInt8], to address: IPAddress, port: UInt16) -> String? {
    var hints = unsafe addrinfo()
    unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    unsafe hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(address.description, "\(port)", &hints, &found) == 0, let place = unsafe found else {
      return "\(address) is no address that can be sent to"
    }
    defer { unsafe freeaddrinfo(found) }
    let descriptor = unsafe socket(
      place.pointee.ai_family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return reason }
    defer { close(descriptor) }
    let sent = unsafe bytes.withUnsafeBytes {
      unsafe sendto(
        descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT),
        place.pointee.ai_addr, place.pointee.ai_addrlen)
    }
    return sent == bytes.count ? nil : reason
  }

  private static var reason: String { unsafe String(cString: strerror(errno)).lowercased() }
}
