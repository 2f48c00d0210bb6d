internal import Glibc
internal import Synchronization

/// All sites of the city, in one process: one thread that accepts, a bounded number that serve.
package final class CityServer: Sendable {
  /// Connections served at once; more wait in the kernel's backlog.
  static let largestNumberServed = 128
  /// How long one read or write of a visitor may take.
  static let patienceSeconds = 5
  /// How long the stalling site keeps a visitor.
  static let stallMilliseconds: Int32 = 20_000

  package let ports: CityPorts
  private let listeners: [Listener]
  private let fronts: [SiteFront]
  private let wake: (read: Int32, write: Int32)
  private let served = Atomic<Int>(0)
  private let isOver = Atomic<Bool>(false)
  private let counts = Mutex<[String: Int]>([:])

  /// Makes every certificate and binds every port, or says why it cannot. `trust` is the PEM of the city's root and its
  /// key, as `CityFolder` keeps it.
  package init(trust: String, ports: CityPorts, sites: [CitySite] = CityTable.sites) throws(DemoError) {
    guard let root = Identity(pem: trust) else {
      throw DemoError("the city's root is no certificate with its key", hint: "start the demonstration anew")
    }
    self.ports = ports
    let office = try CertificateOffice(root: root)
    var (listeners, fronts): ([Listener], [SiteFront]) = ([], [])
    do throws(DemoError) {
      for site in sites {
        fronts.append(try SiteFront(site, office, ports))
        listeners.append(try Listener(site, ports))
      }
    } catch {
      for listener in listeners { listener.close() }
      throw error
    }
    (self.listeners, self.fronts) = (listeners, fronts)
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw .system("no pipe", hint: "raise the limit: ulimit -n 1024") }
    wake = (ends[0], ends[1])
  }

  deinit {
    Glibc.close(wake.read)
    Glibc.close(wake.write)
  }

  /// Returns at once; serves until `stop`.
  package func start() throws(DemoError) {
    guard ServingThread.start({ [self] in acceptAll() }) else {
      throw DemoError("no thread for the city", hint: "raise the limit: ulimit -u")
    }
  }

  /// Serves on this thread until `stop`.
  package func run() { acceptAll() }

  /// Closes the ports. What is being served ends by itself within its patience. From any thread, and safe in a signal
  /// handler.
  package func stop() {
    isOver.store(true, ordering: .relaxed)
    poke()
  }

  /// Connections accepted since the start, by site.
  package var connections: [String: Int] { counts.withLock { $0 } }

  private func poke() {
    var byte: UInt8 = 1
    _ = unsafe write(wake.write, &byte, 1)
  }

  // MARK: accepting

  private func acceptAll() {
    var waited = [pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0)]
    waited += listeners.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    while !isOver.load(ordering: .relaxed) {
      // While all hands are busy only the end of one of them is waited for.
      let isFull = served.load(ordering: .relaxed) >= Self.largestNumberServed
      guard unsafe poll(&waited, nfds_t(isFull ? 1 : waited.count), -1) > 0 else { continue }
      if waited[0].revents != 0 { drainWake() }
      guard !isFull else { continue }
      for index in listeners.indices where waited[index + 1].revents != 0 {
        waited[index + 1].revents = 0
        acceptOne(index)
      }
    }
    for listener in listeners { listener.close() }
  }

  private func drainWake() {
    var bytes: (UInt64, UInt64) = (0, 0)
    _ = unsafe read(wake.read, &bytes, 16)
  }

  private func acceptOne(_ index: Int) {
    let descriptor = accept(listeners[index].descriptor, nil, nil)
    guard descriptor >= 0 else { return }
    let front = fronts[index]
    counts.withLock { $0[front.site.id, default: 0] += 1 }
    served.add(1, ordering: .relaxed)
    let started = ServingThread.start { [self] in
      front.serve(Visitor(descriptor: descriptor))
      finish()
    }
    guard !started else { return }
    Glibc.close(descriptor)
    finish()
  }

  private func finish() {
    let before = served.subtract(1, ordering: .relaxed).oldValue
    if before >= Self.largestNumberServed { poke() }
  }
}

/// A detached thread with a small stack.
enum ServingThread {
  private static let stackBytes = 256 << 10

  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// False where the system refuses.
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, stackBytes)
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let work = unsafe Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let code = unsafe pthread_create(&thread, &attributes, ServingThread.entry, work.toOpaque())
    if code != 0 { unsafe work.release() }
    return code == 0
  }

  private static let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { raw in
    guard let raw = unsafe raw else { return nil }
    unsafe Unmanaged<Work>.fromOpaque(raw).takeRetainedValue().body()
    return nil
  }
}
