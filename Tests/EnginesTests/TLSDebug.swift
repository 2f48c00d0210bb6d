import Glibc
import Records
import Testing

@testable import Engines

@Suite struct TLSDebug {
  @Test func debug() throws {
    guard let raw = unsafe getenv("DEBUG_PORT"), let port = UInt16(unsafe String(cString: raw)) else { return }
    let star = unsafe getenv("DEBUG_STARTTLS").map { unsafe String(cString: $0) }
    var use = rusage()
    unsafe getrusage(0, &use)
    let c0 = use.ru_utime.tv_usec + use.ru_stime.tv_usec + (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1_000_000
    let b = MonotonicClock.nanoseconds()
    let cls: ProbeClass =
      unsafe getenv("DEBUG_CLASS").map { unsafe String(cString: $0) } == "probe" ? .probe : .intrusive
    let asked = ask(
      TLSEngine(), port: port, probe: cls,
      options: ScanOptions(startTLS: star, wantsJARM: unsafe getenv("DEBUG_JARM") != nil), settings: try settings())
    unsafe getrusage(0, &use)
    let c1 = use.ru_utime.tv_usec + use.ru_stime.tv_usec + (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1_000_000
    print(
      (MonotonicClock.nanoseconds() - b) / 1_000_000, "ms wall", c1 - c0, "us cpu", asked.context.counted,
      asked.result.status, asked.result.reason)
    for f in asked.result.facts { print("F", f.name, "=", f.value) }
    for f in asked.result.answers { print("A", f.check, f.answer, f.evidence) }
  }
}
