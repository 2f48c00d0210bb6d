import CLinux
import Glibc

/// What one stage took for a whole capture.
struct Measurement {
  var packets = 0
  var bytes = 0
  var nanoseconds: Int64 = .max
  /// User mode; nil where nobody counts.
  var instructions: UInt64?

  static let heading = "stage             packets/s   Gbit/s  ns/packet  instr/packet  times libpcap"

  func line(_ name: String, against base: Measurement) -> String {
    let seconds = Double(nanoseconds) / 1e9
    let each = Double(max(packets, 1))
    let count = instructions.map { Self.text(Double($0) / each, 0) } ?? "-"
    return Self.padded(name, 16, left: true) + Self.padded(Self.text(each / seconds, 0), 11)
      + Self.padded(Self.text(Double(bytes) * 8 / seconds / 1e9, 2), 9)
      + Self.padded(Self.text(Double(nanoseconds) / each, 1), 11) + Self.padded(count, 14)
      + Self.padded(Self.text(Double(nanoseconds) / Double(max(base.nanoseconds, 1)), 2), 15)
  }

  /// Runs `body`, which says how many packets and bytes it read, and keeps the quickest round.
  static func best(of rounds: Int, _ body: () throws -> (packets: Int, bytes: Int)) rethrows -> Measurement {
    var best = Measurement()
    for _ in 0..<rounds {
      let counter = InstructionCounter()
      let start = processorTime()
      let (packets, bytes) = try body()
      let spent = processorTime() - start
      guard spent < best.nanoseconds else { continue }
      best = Measurement(packets: packets, bytes: bytes, nanoseconds: spent, instructions: counter.value)
    }
    return best
  }

  /// Processor time of this process: what other programs take does not count.
  static func processorTime() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  private static func text(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return "-" }
    let scale = pow(10, Double(digits))
    let rounded = Int64((value * scale).rounded())
    guard digits > 0 else { return String(rounded) }
    let fraction = String(rounded % Int64(scale))
    return "\(rounded / Int64(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  private static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return left ? text + space : space + text
  }
}

/// Instructions that this thread retired since the counter was made.
final class InstructionCounter {
  private let descriptor = vigil_count_instructions()

  var value: UInt64? {
    var count: UInt64 = 0
    guard descriptor >= 0, unsafe read(descriptor, &count, 8) == 8 else { return nil }
    return count
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
