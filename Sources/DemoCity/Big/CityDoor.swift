internal import Glibc

/// A listening socket of the planned city: the wildcard ones, behind which every address has its site, and the ports
/// that single sites have beside.
struct CityDoor: Sendable {
  enum Kind: Hashable, Sendable {
    case tls, plain
    case service(PlannedService)
  }

  let descriptor: Int32
  let kind: Kind
  let port: UInt16
  private static let backlog: Int32 = 1024

  /// One of several loops' sockets on a port of every address of this machine's loopback.
  init(_ kind: Kind, port: UInt16) throws(DemoError) {
    let descriptor = try CityDoor.open()
    // Nobody outside gets in: the interface is loopback, and addresses outside the city are turned away besides.
    let loopback = Array("lo".utf8)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, loopback, socklen_t(loopback.count))
    try CityDoor.listen(descriptor, place: 0, port, isShared: true)
    (self.descriptor, self.kind, self.port) = (descriptor, kind, port)
  }

  /// A port of one address alone: a wildcard would open it for every site.
  init(_ service: PlannedService, place: UInt32) throws(DemoError) {
    let descriptor = try CityDoor.open()
    try CityDoor.listen(descriptor, place: place, service.port, isShared: false)
    (self.descriptor, kind, port) = (descriptor, .service(service), service.port)
  }

  private static func open() throws(DemoError) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
    guard descriptor >= 0 else { throw .system("no socket for the city", hint: "raise the limit: ulimit -n 8192") }
    return descriptor
  }

  private static func listen(_ descriptor: Int32, place: UInt32, _ port: UInt16, isShared: Bool) throws(DemoError) {
    var on: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
    if isShared { unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, size) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    (address.sin_port, address.sin_addr.s_addr) = (port.bigEndian, place.bigEndian)
    let code = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0, Glibc.listen(descriptor, backlog) == 0 else {
      let error = DemoError.system(
        "the city cannot listen on port \(port)", hint: "see who holds it: ss -ltnp 'sport = :\(port)'")
      Glibc.close(descriptor)
      throw error
    }
  }

  /// The next visitor's descriptor and the address at which it knocked; nil where nobody waits.
  func accept() -> (descriptor: Int32, place: UInt32)? {
    let visitor = Glibc.accept(descriptor, nil, nil)
    guard visitor >= 0 else { return nil }
    _ = fcntl(visitor, F_SETFL, O_NONBLOCK)
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(visitor, $0, &size) }
    }
    return (visitor, code == 0 ? UInt32(bigEndian: address.sin_addr.s_addr) : 0)
  }

  func close() { Glibc.close(descriptor) }
}

/// A service that a site leaves open beside its pages.
package enum PlannedService: String, Hashable, Sendable, CaseIterable {
  case redis, mysql, postgresql, vnc, telnet

  package var port: UInt16 {
    switch self {
    case .redis: 6379
    case .mysql: 3306
    case .postgresql: 5432
    case .vnc: 5900
    case .telnet: 2323
    }
  }

  /// What it says before it is asked.
  var greeting: [UInt8] {
    switch self {
    case .redis, .postgresql: []
    // Protocol::HandshakeV10: version, thread, salt, capabilities.
    case .mysql:
      [0x3b, 0, 0, 0, 10] + Array("8.4.3".utf8) + [0, 9, 0, 0, 0] + [UInt8](repeating: 0x41, count: 8) + [
        0, 0xff, 0xf7, 33,
      ]
        + [2, 0, 0xff, 0x81, 21] + [UInt8](repeating: 0, count: 10) + [UInt8](repeating: 0x42, count: 12) + [
          0, 0, 0, 0, 0,
        ]
    case .vnc: Array("RFB 003.008\n".utf8)
    case .telnet: [0xff, 0xfd, 24, 0xff, 0xfd, 32] + Array("\r\nlogin: ".utf8)
    }
  }

  /// What it says to anything.
  func answer(_ question: [UInt8]) -> [UInt8] {
    switch self {
    case .redis: question.contains(0x50) ? Array("+PONG\r\n".utf8) : Array("-ERR unknown command\r\n".utf8)
    case .postgresql: question.count == 8 ? [0x4e] : []
    default: []
    }
  }
}

extension PlannedSite {
  /// By the plan: ports do not come and go.
  package var service: PlannedService? {
    if traits.contains(.openDatabase) { return [.redis, .mysql, .postgresql][number % 3] }
    if traits.contains(.openManagement) { return .vnc }
    return traits.contains(.openCleartext) ? .telnet : nil
  }
}
