internal import Dispatch
internal import Glibc
internal import Synchronization
internal import Wire

/// Resolving a name as a visitor's machine does, with the time it took and, where it failed, whether the name or the
/// resolver is at fault. Given up at the deadline.
struct NameLookup {
  enum Failure: Hashable {
    /// The name service answered: there is no such name, or no address.
    case noAddress
    /// No answer, or the resolver's own failure: the site may be well.
    case noAnswer
  }

  var addresses: [IPAddress] = []
  var failure: Failure?
  var microseconds = 0

  /// Longer than the resolver's own two tries of 5 s would keep the job from looking at anything else.
  static let patience = 6_000

  static func run(_ host: String, until deadline: Deadline) -> NameLookup {
    let begin = MonotonicClock.nanoseconds()
    let answer = Answer()
    let done = DispatchSemaphore(value: 0)
    // getaddrinfo cannot be cut off: its thread outlives a deadline that passed, and its answer is dropped.
    let thread = Thread {
      answer.set(ask(host))
      done.signal()
    }
    guard thread.start() else { return NameLookup(failure: .noAnswer) }
    _ = done.wait(timeout: .now() + .milliseconds(min(patience, deadline.remaining)))
    var result = answer.value
    result.microseconds = Int((MonotonicClock.nanoseconds() - begin) / 1000)
    return result
  }

  private final class Answer: Sendable {
    private let lookup = Mutex(NameLookup(failure: .noAnswer))
    var value: NameLookup { lookup.withLock { $0 } }
    func set(_ new: NameLookup) { lookup.withLock { $0 = new } }
  }

  private static func ask(_ host: String) -> NameLookup {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, nil, &hints, &list)
    defer { unsafe list.map { unsafe freeaddrinfo($0) } }
    guard code == 0 else { return NameLookup(failure: failure(code)) }
    var found: [IPAddress] = []
    var next = unsafe list
    while let entry = unsafe next, found.count < 16 {
      if let pointer = unsafe entry.pointee.ai_addr, let address = unsafe SocketAddress.address(of: pointer),
        !found.contains(address)
      {
        found.append(address)
      }
      unsafe next = entry.pointee.ai_next
    }
    return NameLookup(addresses: found, failure: found.isEmpty ? .noAddress : nil)
  }

  /// EAI_NODATA (-5) is glibc's and not of POSIX: the name is there, an address is not.
  static func failure(_ code: Int32) -> Failure { code == EAI_NONAME || code == -5 ? .noAddress : .noAnswer }
}
