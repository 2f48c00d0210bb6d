import Foundation
import Glibc
import Testing

/// A network namespace with a veth pair, `va` and `vb`, and loopback; ends with the process that holds it.
final class Network: Sendable {
  /// Why a test that needs one is left out, where it is.
  static let reason = "needs the right to make network namespaces (root or CAP_SYS_ADMIN)"
  static let works: Bool = {
    guard VigilBinary.isThere, geteuid() == 0, let child = try? Child(["unshare", "-n", "ip", "link"]) else {
      return false
    }
    let deadline = Moment.now + 5
    while child.status == nil, Moment.now < deadline { usleep(2000) }
    return child.status == 0
  }()

  private let holder: Child
  /// Before a command, so that it runs inside.
  var prefix: [String] { ["nsenter", "-t", String(holder.pid), "-n", "-m"] }

  init() async throws {
    holder = try Child(["unshare", "-n", "-m", "sleep", "3600"])
    let own = try Network.identity(of: getpid())
    let pid = holder.pid
    try await require("a namespace", within: 5) { (try? Network.identity(of: pid)) != own }
    try await run(
      prefix + [
        "sh", "-c",
        """
        echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6 || true
        ip link set lo up && ip link add va type veth peer name vb && ip link set va up && ip link set vb up
        """,
      ])
  }

  /// Addresses on loopback, and names that resolve to them (a hosts file of this namespace alone).
  func house(_ addresses: [String], names: [String: String] = [:], in space: Workspace) async throws {
    for address in addresses { try await run(prefix + ["ip", "address", "add", address + "/32", "dev", "lo"]) }
    let lines = ["127.0.0.1 localhost"] + names.map { "\($0.value) \($0.key)" }
    let hosts = try space.write("hosts", lines.joined(separator: "\n") + "\n")
    try await run(prefix + ["mount", "--bind", hosts, "/etc/hosts"])
  }

  /// Connections from here to `port` that are open, by the kernel's table.
  func connections(to port: Int) -> Int {
    let table = (try? String(contentsOfFile: "/proc/\(holder.pid)/net/tcp", encoding: .utf8)) ?? ""
    let suffix = ":" + String(format: "%04X", port)
    return table.split(separator: "\n").dropFirst().count { line in
      let fields = line.split(separator: " ")
      return fields.count > 3 && fields[2].hasSuffix(suffix) && fields[3] == "01"
    }
  }

  private static func identity(of process: pid_t) throws -> String {
    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/ns/net")
  }

  /// A raw socket on `interface` inside, opened from a thread that goes there and ends.
  func link(_ interface: String) async throws -> RawLink {
    let place = "/proc/\(holder.pid)/ns/net"
    return try await onThread {
      guard let symbol = unsafe dlsym(nil, "setns") else { throw Failure("no setns") }
      let setns = unsafe unsafeBitCast(symbol, to: (@convention(c) (Int32, Int32) -> Int32).self)
      let inside = unsafe open(place, O_RDONLY | O_CLOEXEC)
      defer { close(inside) }
      guard setns(inside, 0x4000_0000) == 0 else { throw Failure("cannot enter \(place): error \(errno)") }
      return try RawLink(interface)
    }
  }
}

/// Whole frames onto an interface, and every frame that crosses it.
final class RawLink: Sendable {
  private let descriptor: Int32
  private static let packetFamily: UInt16 = 17  // AF_PACKET
  private static let allProtocols: UInt16 = 0x0003  // ETH_P_ALL

  /// In the namespace of the calling thread.
  init(_ interface: String) throws {
    descriptor = socket(
      Int32(RawLink.packetFamily), Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue),
      Int32(RawLink.allProtocols.bigEndian))
    guard descriptor >= 0 else { throw Failure("no packet socket: error \(errno)") }
    // struct sockaddr_ll of packet(7).
    var address = [UInt8](repeating: 0, count: 20)
    let index = unsafe if_nametoindex(interface)
    unsafe address.withUnsafeMutableBytes { bytes in
      unsafe bytes.storeBytes(of: RawLink.packetFamily, toByteOffset: 0, as: UInt16.self)
      unsafe bytes.storeBytes(of: RawLink.allProtocols.bigEndian, toByteOffset: 2, as: UInt16.self)
      unsafe bytes.storeBytes(of: index, toByteOffset: 4, as: UInt32.self)
    }
    var size: Int32 = 32 << 20
    unsafe _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4)
    let status = unsafe address.withUnsafeBytes { bytes in
      unsafe bind(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), 20)
    }
    guard index > 0, status == 0 else { throw Failure("cannot bind to \(interface): error \(errno)") }
  }

  deinit { close(descriptor) }

  func send(_ frame: [UInt8]) throws {
    while unsafe Glibc.send(descriptor, frame, frame.count, 0) < 0 {
      guard errno == EINTR || errno == ENOBUFS || errno == EAGAIN else {
        throw Failure("a frame was refused: \(errno)")
      }
    }
  }

  /// What came since the last call, without waiting.
  func received() -> [[UInt8]] {
    var frames: [[UInt8]] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      guard count > 0 else { return frames }
      frames.append(Array(buffer[..<count]))
    }
  }
}
