internal import CLinux
internal import Glibc
internal import Synchronization

/// One thread that waits for all its connections at once (epoll) and serves each as far as it goes without waiting.
final class ServingLoop: Sendable {
  private let doors: [CityDoor]
  private let city: LiveCity
  private let office: CityOffice
  private let contexts: CityContexts
  private let log: AccessLog?
  private let poll: Int32
  private let wake: Int32
  private let isOver = Atomic<Bool>(false)
  private let open = Atomic<Int>(0)
  private let accepted = Atomic<Int>(0)

  /// Connections of a loop at once; more wait in the kernel's backlog.
  static let largestNumberOpen = 4096
  private static let eventsAtOnce = 256
  /// A connection on which nothing comes for so long is closed.
  private static let idleMilliseconds = 60_000
  private static let acceptsAtOnce = 64

  init(_ doors: [CityDoor], _ city: LiveCity, _ office: CityOffice, _ contexts: CityContexts, _ log: AccessLog?)
    throws(DemoError)
  {
    (self.doors, self.city, self.office, self.contexts, self.log) = (doors, city, office, contexts, log)
    (poll, wake) = (epoll_create1(O_CLOEXEC), eventfd(0, O_CLOEXEC | O_NONBLOCK))
    guard poll >= 0, wake >= 0 else { throw .system("no epoll for the city", hint: "raise the limit: ulimit -n 8192") }
  }

  deinit {
    close(poll)
    close(wake)
  }

  var connectionsOpen: Int { open.load(ordering: .relaxed) }
  var connectionsAccepted: Int { accepted.load(ordering: .relaxed) }

  /// From any thread, and safe in a signal handler.
  func stop() {
    isOver.store(true, ordering: .relaxed)
    var one: UInt64 = 1
    _ = unsafe write(wake, &one, 8)
  }

  // MARK: the thread's own

  private struct Seat {
    var visit: CityVisit
    var wantsWrite = false
    var isAsleep = false
    var last: Int
  }
  private struct Floor {
    var seats: [Int32: Seat] = [:]
    var sleepers: [(until: Int, descriptor: Int32)] = []
    var isFull = false
    var swept = 0
  }

  func run() {
    var floor = Floor()
    watch(wake, EPOLL_CTL_ADD, writes: false)
    setDoors(EPOLL_CTL_ADD)
    var events = unsafe [epoll_event](repeating: epoll_event(), count: ServingLoop.eventsAtOnce)
    while !isOver.load(ordering: .relaxed) {
      let patience = floor.sleepers.isEmpty ? 1000 : 10
      let count = unsafe epoll_wait(poll, &events, Int32(ServingLoop.eventsAtOnce), Int32(patience))
      let now = ServingLoop.milliseconds()
      for index in 0..<Int(max(count, 0)) {
        let descriptor = unsafe events[index].data.fd
        if let door = doors.first(where: { $0.descriptor == descriptor }) {
          accept(door, &floor, now)
        } else if let seat = floor.seats[descriptor], !seat.isAsleep {
          advance(descriptor, seat.visit, &floor, now)
        }
      }
      wakeSleepers(&floor, now)
      if now - floor.swept > 1000 { sweep(&floor, now) }
    }
    for (_, seat) in floor.seats { close(seat.visit.descriptor) }
    for door in doors { door.close() }
  }

  private static func milliseconds() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  // EPOLLIN and EPOLLOUT of epoll_ctl(2); EPOLLEXCLUSIVE is not needed, since each loop has sockets of its own.
  private static let (readable, writable): (UInt32, UInt32) = (1, 4)

  private func watch(_ descriptor: Int32, _ action: Int32, writes: Bool, isSilent: Bool = false) {
    var event = unsafe epoll_event()
    unsafe event.events = isSilent ? 0 : writes ? ServingLoop.writable : ServingLoop.readable
    unsafe event.data.fd = descriptor
    unsafe epoll_ctl(poll, action, descriptor, &event)
  }

  private func setDoors(_ action: Int32) { for door in doors { watch(door.descriptor, action, writes: false) } }

  private func accept(_ door: CityDoor, _ floor: inout Floor, _ now: Int) {
    for _ in 0..<ServingLoop.acceptsAtOnce {
      guard floor.seats.count < ServingLoop.largestNumberOpen else {
        if !floor.isFull { setDoors(EPOLL_CTL_DEL) }
        floor.isFull = true
        return
      }
      guard let (descriptor, place) = door.accept() else { return }
      accepted.add(1, ordering: .relaxed)
      let visit = CityVisit(descriptor, at: place, by: door, city, office, log)
      guard visit.begin(contexts) else {
        ServingLoop.reset(descriptor)
        continue
      }
      log?.connected(place, door.port)
      open.add(1, ordering: .relaxed)
      floor.seats[descriptor] = Seat(visit: visit, last: now)
      watch(descriptor, EPOLL_CTL_ADD, writes: false)
      if case .service = door.kind { advance(descriptor, visit, &floor, now) }
    }
  }

  private func advance(_ descriptor: Int32, _ visit: CityVisit, _ floor: inout Floor, _ now: Int) {
    floor.seats[descriptor]?.last = now
    switch visit.advance() {
    case .read: turn(descriptor, &floor, writes: false)
    case .write: turn(descriptor, &floor, writes: true)
    case .sleep(let milliseconds):
      floor.seats[descriptor]?.isAsleep = true
      floor.sleepers.append((now + milliseconds, descriptor))
      watch(descriptor, EPOLL_CTL_MOD, writes: false, isSilent: true)
    case .close: end(descriptor, &floor, isHard: false)
    case .reset: end(descriptor, &floor, isHard: true)
    }
  }

  private func turn(_ descriptor: Int32, _ floor: inout Floor, writes: Bool) {
    guard floor.seats[descriptor]?.wantsWrite != writes else { return }
    floor.seats[descriptor]?.wantsWrite = writes
    watch(descriptor, EPOLL_CTL_MOD, writes: writes)
  }

  private func end(_ descriptor: Int32, _ floor: inout Floor, isHard: Bool) {
    guard let seat = floor.seats.removeValue(forKey: descriptor) else { return }
    open.subtract(1, ordering: .relaxed)
    log?.closed(seat.visit.place, seat.visit.door.port)
    if isHard { ServingLoop.reset(descriptor) } else { close(descriptor) }
    floor.sleepers.removeAll { $0.descriptor == descriptor }
    guard floor.isFull else { return }
    floor.isFull = false
    setDoors(EPOLL_CTL_ADD)
  }

  private func wakeSleepers(_ floor: inout Floor, _ now: Int) {
    let due = floor.sleepers.filter { $0.until <= now }
    guard !due.isEmpty else { return }
    floor.sleepers.removeAll { $0.until <= now }
    for (_, descriptor) in due {
      guard let seat = floor.seats[descriptor] else { continue }
      floor.seats[descriptor]?.isAsleep = false
      floor.seats[descriptor]?.wantsWrite = false
      watch(descriptor, EPOLL_CTL_MOD, writes: false)
      advance(descriptor, seat.visit, &floor, now)
    }
  }

  private func sweep(_ floor: inout Floor, _ now: Int) {
    floor.swept = now
    log?.flush()
    let idle = floor.seats.filter { now - $0.value.last > ServingLoop.idleMilliseconds }.map(\.key)
    for descriptor in idle { end(descriptor, &floor, isHard: false) }
  }

  /// With an RST in place of a FIN.
  private static func reset(_ descriptor: Int32) {
    var hard = linger(l_onoff: 1, l_linger: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    close(descriptor)
  }
}
