internal import Glibc
internal import Wire

/// A listening socket of one site.
struct Listener: Sendable {
  let descriptor: Int32
  let site: CitySite
  private static let backlog: Int32 = 64

  init(_ site: CitySite, _ ports: CityPorts) throws(DemoError) {
    self.site = site
    let port = site.port(ports)
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
    guard descriptor >= 0 else { throw .system("no socket for \(site.id)", hint: "raise the limit: ulimit -n 1024") }
    guard Listener.bind(descriptor, site.address, port), listen(descriptor, Listener.backlog) == 0 else {
      let error = DemoError.system(
        "\(site.id) cannot listen on \(site.address):\(port)", hint: "see who holds it: ss -ltnp 'sport = :\(port)'")
      Glibc.close(descriptor)
      throw error
    }
  }

  private static func bind(_ descriptor: Int32, _ address: String, _ port: UInt16) -> Bool {
    var on: Int32 = 1
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    guard unsafe inet_pton(AF_INET, address, &place.sin_addr) == 1 else { return false }
    return unsafe withUnsafePointer(to: &place) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  func close() { Glibc.close(descriptor) }
}
