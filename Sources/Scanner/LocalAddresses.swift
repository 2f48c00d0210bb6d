internal import Glibc
internal import Wire

/// The addresses of this machine that may reach a site: of interfaces that are up, without loopback and link-local
/// ones. The kernel tells them; nothing is sent.
enum LocalAddresses {
  /// A machine with more is a router, and its list helps no owner.
  private static let limit = 32

  static func current() -> [IPAddress] {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard unsafe getifaddrs(&first) == 0 else { return [] }
    defer { unsafe freeifaddrs(first) }
    var found: [IPAddress] = []
    var next = unsafe first
    while let entry = unsafe next?.pointee, found.count < limit {
      unsafe next = entry.ifa_next
      guard unsafe entry.ifa_flags & UInt32(IFF_UP) != 0, let address = unsafe address(entry.ifa_addr),
        !isLocal(address), !found.contains(address)
      else { continue }
      found.append(address)
    }
    return found.sorted { $0.description < $1.description }
  }

  private static func address(_ place: UnsafeMutablePointer<sockaddr>?) -> IPAddress? {
    guard let place = unsafe place else { return nil }
    let isV6 = unsafe place.pointee.sa_family == sa_family_t(AF_INET6)
    guard unsafe isV6 || place.pointee.sa_family == sa_family_t(AF_INET) else { return nil }
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let length = isV6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
    let flags = NI_NUMERICHOST
    guard unsafe getnameinfo(place, socklen_t(length), &text, socklen_t(text.count), nil, 0, flags) == 0 else {
      return nil
    }
    // A scope (`fe80::1%eth0`) belongs to link-local ones only.
    let name = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return IPAddress(name)
  }

  private static func isLocal(_ address: IPAddress) -> Bool {
    ["127.0.0.0/8", "169.254.0.0/16", "::1/128", "fe80::/10"].contains { IPPrefix($0)?.contains(address) ?? false }
  }
}
