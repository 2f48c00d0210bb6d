internal import Glibc
package import Wire

/// An interface of this machine, for people to choose from.
package struct NetworkInterface: Hashable, Sendable {
  package let name: String
  package let isUp: Bool
  package let isLoopback: Bool
  package var addresses: [IPAddress]

  /// In the kernel's order.
  package static func all() -> [NetworkInterface] {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard unsafe getifaddrs(&first) == 0 else { return [] }
    defer { unsafe freeifaddrs(first) }
    var found: [NetworkInterface] = []
    var next = unsafe first
    while let entry = unsafe next {
      let name = unsafe String(cString: entry.pointee.ifa_name)
      let flags = unsafe Int32(bitPattern: entry.pointee.ifa_flags)
      let address = unsafe address(entry.pointee.ifa_addr)
      if let index = found.firstIndex(where: { $0.name == name }) {
        found[index].addresses += address.map { [$0] } ?? []
      } else {
        found.append(
          NetworkInterface(
            name: name, isUp: flags & Int32(IFF_UP) != 0, isLoopback: flags & Int32(IFF_LOOPBACK) != 0,
            addresses: address.map { [$0] } ?? []))
      }
      unsafe next = entry.pointee.ifa_next
    }
    return found
  }

  private static func address(_ raw: UnsafeMutablePointer<sockaddr>?) -> IPAddress? {
    guard let raw = unsafe raw else { return nil }
    switch Int32(unsafe raw.pointee.sa_family) {
    case AF_INET:
      return unsafe raw.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        IPAddress(v4: UInt32(bigEndian: unsafe $0.pointee.sin_addr.s_addr))
      }
    case AF_INET6:
      return unsafe raw.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { six in
        var bytes = unsafe six.pointee.sin6_addr
        return unsafe withUnsafeBytes(of: &bytes) { unsafe IPAddress(bytes: Array($0)) }
      }
    default: return nil
    }
  }

  /// The interface of the default route (IPv4's, else IPv6's); nil without one.
  package static func ofDefaultRoute() -> String? {
    defaultRoute(v4Table: text("/proc/net/route"), v6Table: text("/proc/net/ipv6_route"))
  }

  /// From the kernel's two tables: in the first the columns are name, destination, ...; in the second the destination
  /// and its length come first and the name last.
  static func defaultRoute(v4Table: String, v6Table: String) -> String? {
    for line in v4Table.split(separator: "\n").dropFirst() {
      let columns = line.split(whereSeparator: \.isWhitespace)
      if columns.count >= 8, columns[1] == "00000000", columns[7] == "00000000" { return String(columns[0]) }
    }
    for line in v6Table.split(separator: "\n") {
      let columns = line.split(whereSeparator: \.isWhitespace)
      guard columns.count >= 10, let name = columns.last, name != "lo", columns[1] == "00" else { continue }
      if columns[0].allSatisfy({ $0 == "0" }) { return String(name) }
    }
    return nil
  }

  private static func text(_ path: String) -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let got = unsafe read(descriptor, &chunk, chunk.count)
      guard got > 0, content.count < 1 << 20 else { break }
      content += chunk.prefix(got)
    }
    return String(decoding: content, as: UTF8.self)
  }
}
