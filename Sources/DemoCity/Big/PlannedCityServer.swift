internal import Glibc

/// The planned city served: thousands of sites by few threads and few sockets.
package final class PlannedCityServer: Sendable {
  package let city: LiveCity
  private let loops: [ServingLoop]
  private let log: AccessLog?
  /// Two cores; on more, the scanner should have them.
  private static let threads = 2

  /// Binds every port, or says why it cannot. `trust` is the PEM of the city's root and its key. The ports of services
  /// are the same in every city, so that of several on one machine only one can open them.
  package init(trust: String, city: LiveCity, log path: String? = nil, opensServices: Bool = true) throws(DemoError) {
    guard let root = Identity(pem: trust) else {
      throw DemoError("the city's root is no certificate with its key", hint: "start the city in a new folder")
    }
    PlannedCityServer.raiseLimit()
    self.city = city
    let (office, contexts) = (try CityOffice(root: root), CityContexts())
    var log: AccessLog?
    if let path { log = try AccessLog(path: path) }
    self.log = log
    var loops: [ServingLoop] = []
    var doors: [CityDoor] = []
    do throws(DemoError) {
      for number in 0..<PlannedCityServer.threads {
        var own: [CityDoor] = []
        own.append(try PlannedCityServer.note(CityDoor(.tls, port: city.ports.tls), &doors))
        own.append(try PlannedCityServer.note(CityDoor(.plain, port: city.ports.plain), &doors))
        if number == 0, opensServices {
          for site in city.plan.sites {
            guard let service = site.service else { continue }
            own.append(try PlannedCityServer.note(CityDoor(service, place: site.place), &doors))
          }
        }
        loops.append(try ServingLoop(own, city, office, contexts, log))
      }
    } catch {
      for door in doors { door.close() }
      throw error
    }
    self.loops = loops
  }

  private static func note(_ door: CityDoor, _ doors: inout [CityDoor]) -> CityDoor {
    doors.append(door)
    return door
  }

  /// As many descriptors as this user may have.
  private static func raiseLimit() {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  /// Returns at once; serves until `stop`.
  package func start() throws(DemoError) {
    for loop in loops {
      guard ServingThread.start({ loop.run() }) else {
        throw DemoError("no thread for the city", hint: "raise the limit: ulimit -u")
      }
    }
  }

  /// From any thread, and safe in a signal handler.
  package func stop() { for loop in loops { loop.stop() } }

  package func flushLog() { log?.flush() }
  package var connectionsOpen: Int { loops.reduce(0) { $0 + $1.connectionsOpen } }
  package var connectionsAccepted: Int { loops.reduce(0) { $0 + $1.connectionsAccepted } }
}
