/// Deadlines in 1,024 buckets of 2^30 ns (about a second), linked through the records. Nobody moves a flow when a
/// packet arrives: when its bucket comes up it is looked at, and put on again if it has lived on.
@safe struct TimerWheel: ~Copyable {
  static let buckets = 1024
  static let shift: Int64 = 30

  private let heads: UnsafeMutablePointer<FlowSlot>
  /// The bucket that comes up next; all before it are done.
  var cursor: Int64?

  init() {
    unsafe heads = UnsafeMutablePointer<FlowSlot>.allocate(capacity: TimerWheel.buckets)
    unsafe heads.initialize(repeating: -1, count: TimerWheel.buckets)
  }

  deinit { unsafe heads.deallocate() }

  static func tick(_ nanoseconds: Int64) -> Int64 { nanoseconds >> shift }

  func head(_ tick: Int64) -> FlowSlot { unsafe heads[Int(tick & Int64(TimerWheel.buckets - 1))] }

  /// A deadline further away than the wheel's round is put at its far end and looked at again there.
  func insert(_ slot: FlowSlot, at deadline: Int64, _ records: UnsafeMutablePointer<FlowRecord>) {
    let wanted = TimerWheel.tick(deadline) + 1
    let now = cursor ?? wanted
    let tick = min(max(wanted, now + 1), now + Int64(TimerWheel.buckets) - 1)
    let bucket = Int(tick & Int64(TimerWheel.buckets - 1))
    let old = unsafe heads[bucket]
    unsafe records[Int(slot)].wheelBucket = Int16(bucket)
    unsafe records[Int(slot)].previous = -1
    unsafe records[Int(slot)].next = old
    if old >= 0 { unsafe records[Int(old)].previous = slot }
    unsafe heads[bucket] = slot
  }

  func remove(_ slot: FlowSlot, _ records: UnsafeMutablePointer<FlowRecord>) {
    let record = unsafe records + Int(slot)
    guard unsafe record.pointee.wheelBucket >= 0 else { return }
    let (next, previous) = unsafe (record.pointee.next, record.pointee.previous)
    if next >= 0 { unsafe records[Int(next)].previous = previous }
    if previous >= 0 {
      unsafe records[Int(previous)].next = next
    } else {
      unsafe heads[Int(record.pointee.wheelBucket)] = next
    }
    unsafe record.pointee.wheelBucket = -1
    unsafe record.pointee.next = -1
    unsafe record.pointee.previous = -1
  }
}

/// Nanoseconds by protocol, state and emergency.
struct TimeoutTable {
  private let normal: InlineArray<16, Int64>
  private let emergency: InlineArray<16, Int64>

  init(_ times: FlowTimeouts) {
    normal = TimeoutTable.spread([times.tcp, times.udp, times.icmp, times.other])
    emergency = TimeoutTable.spread([
      times.emergencyTCP, times.emergencyUDP, times.emergencyICMP, times.emergencyOther,
    ])
  }

  private static func spread(_ rows: [FlowTimeouts.Times]) -> InlineArray<16, Int64> {
    var table = InlineArray<16, Int64>(repeating: 0)
    for (row, times) in rows.enumerated() {
      let columns = [times.new, times.established, times.closed, times.bypassed]
      for (column, seconds) in columns.enumerated() {
        table[row * 4 + column] = Int64(min(max(seconds, 0), 1 << 32)) * 1_000_000_000
      }
    }
    return table
  }

  @inline(__always)
  func nanoseconds(_ transport: UInt8, _ state: FlowState, emergency isEmergency: Bool) -> Int64 {
    let row: Int =
      switch transport {
      case 6: 0
      case 17: 1
      case 1, 58: 2
      default: 3
      }
    let place = row * 4 + Int(state.rawValue)
    return isEmergency ? emergency[place] : normal[place]
  }
}
