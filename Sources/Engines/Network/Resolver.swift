internal import Dispatch
internal import Glibc
internal import Synchronization
package import Wire

package enum AddressFamily: String, Sendable, CaseIterable {
  case v4 = "IPv4"
  case v6 = "IPv6"

  package func holds(_ address: IPAddress) -> Bool { address.isV6 == (self == .v6) }
}

/// Names to addresses by the system's resolver, given up at the deadline and at a stop.
package enum Resolver {
  /// A name with more addresses than this is asked at the first ones only.
  package static let addressLimit = 16

  /// In the resolver's order; empty where the name has none (of the family), or the answer came too late.
  package static func addresses(
    of host: String, family: AddressFamily? = nil, until deadline: Deadline, stopped: () -> Bool = { false }
  ) -> [IPAddress] {
    let isWanted: (IPAddress) -> Bool = { family?.holds($0) ?? true }
    if let literal = IPAddress(host) { return [literal].filter(isWanted) }
    let box = Box()
    let done = DispatchSemaphore(value: 0)
    // getaddrinfo cannot be cut off: its thread outlives a deadline that passed, and its answer is dropped.
    let thread = Thread {
      box.set(lookUp(host, family))
      done.signal()
    }
    guard thread.start() else { return [] }
    while !deadline.isPast, !stopped() {
      if done.wait(timeout: .now() + .milliseconds(min(deadline.remaining, 100))) == .success {
        return box.value.filter(isWanted)
      }
    }
    return []
  }

  private final class Box: Sendable {
    private let addresses = Mutex<[IPAddress]>([])
    var value: [IPAddress] { addresses.withLock { $0 } }
    func set(_ new: [IPAddress]) { addresses.withLock { $0 = new } }
  }

  private static func lookUp(_ host: String, _ family: AddressFamily?) -> [IPAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_family = family.map { $0 == .v6 ? AF_INET6 : AF_INET } ?? AF_UNSPEC
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { unsafe freeaddrinfo(list) }
    var result: [IPAddress] = []
    var next = unsafe list
    while let entry = unsafe next, result.count < addressLimit {
      if let pointer = unsafe entry.pointee.ai_addr, let address = unsafe SocketAddress.address(of: pointer),
        !result.contains(address)
      {
        result.append(address)
      }
      unsafe next = entry.pointee.ai_next
    }
    return result
  }
}
