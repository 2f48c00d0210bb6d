internal import Glibc
package import Wire

/// A page of a file, mapped and written in place by one worker, that outlives a SIGKILL: from it the next boot
/// states how long, and past how many packets, the sensor was blind.
///
/// Each field is one aligned 64-bit store, so that none is ever torn; two fields may be one packet apart.
@safe package final class StatusPage: @unchecked Sendable {
  // Sendable unchecked: the mapping is written by one worker only and lives as long as the object.
  package struct Snapshot: Sendable, Hashable {
    package var boot: UInt64
    package var started: Timestamp
    /// The last packet that was wholly processed: its number in this boot, and its time.
    package var lastPacket: UInt64
    package var lastPacketTime: Timestamp
    /// Wall clock of the last `advance`, also when no packet came.
    package var alive: Timestamp
    package var bytes: UInt64
    package var alerts: UInt64
    package var drops: UInt64
    /// The interface's own count of received packets at `alive` (0: not known): what it rose by until the next
    /// boot's first packet is what nobody looked at.
    package var interfacePackets: UInt64
    /// `lastPacket` when `interfacePackets` was read: what was processed since then was looked at.
    package var packetAtBeat: UInt64
    package var endedCleanly: Bool
  }

  private enum Word: Int {
    case magic, boot, started, lastPacket, lastPacketTime, alive, bytes, alerts, drops, interfacePackets, ended,
      packetAtBeat
  }
  private static let magic: UInt64 = 0x5649_4749_4c50_4731
  private static let length = 4096
  private let words: UnsafeMutablePointer<UInt64>
  /// What the boot before left; nil at the first.
  package let previous: Snapshot?

  /// Opens or makes the page and begins a boot in it.
  package init(path: String, boot: UInt64, started: Timestamp) throws(SeamError) {
    guard let file = Descriptor.open(path, O_RDWR | O_CREAT) else {
      throw SeamError(.spool, "the status page \(path) cannot be opened: \(SystemText.error)")
    }
    // Allocated, not only sized: a store into a hole of a full disk would be a bus error.
    let refused = posix_fallocate(file.raw, 0, off_t(StatusPage.length))
    guard refused == 0 else {
      throw SeamError(.spool, "the status page \(path) has no room: \(SystemText.text(refused))")
    }
    let address = unsafe mmap(nil, StatusPage.length, PROT_READ | PROT_WRITE, MAP_SHARED, file.raw, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw SeamError(.spool, "the status page \(path) cannot be mapped: \(SystemText.error)")
    }
    let words = unsafe address.bindMemory(to: UInt64.self, capacity: StatusPage.length / 8)
    unsafe self.words = words
    previous = unsafe StatusPage.read(words)
    for index in 0..<StatusPage.length / 8 { unsafe words[index] = 0 }
    put(.boot, boot)
    put(.started, UInt64(bitPattern: started.nanoseconds))
    put(.alive, UInt64(bitPattern: started.nanoseconds))
    put(.magic, StatusPage.magic)
  }

  deinit { unsafe munmap(words, StatusPage.length) }

  /// After the packets up to `number` are done with and their records are in the spool.
  package func advance(packet number: UInt64, time: Timestamp, now: Timestamp) {
    put(.lastPacket, number)
    put(.lastPacketTime, UInt64(bitPattern: time.nanoseconds))
    put(.alive, UInt64(bitPattern: now.nanoseconds))
  }
  /// The worker lives, with or without packets.
  package func beat(now: Timestamp, interfacePackets: UInt64 = 0) {
    put(.alive, UInt64(bitPattern: now.nanoseconds))
    guard interfacePackets > 0 else { return }
    put(.interfacePackets, interfacePackets)
    unsafe put(.packetAtBeat, words[Word.lastPacket.rawValue])
  }
  package func count(bytes: UInt64, alerts: UInt64, drops: UInt64) {
    put(.bytes, bytes)
    put(.alerts, alerts)
    put(.drops, drops)
  }
  package func end(now: Timestamp) {
    put(.alive, UInt64(bitPattern: now.nanoseconds))
    put(.ended, 1)
  }
  package var snapshot: Snapshot? { unsafe StatusPage.read(words) }

  @inline(__always) private func put(_ word: Word, _ value: UInt64) { unsafe words[word.rawValue] = value }

  private static func read(_ words: UnsafeMutablePointer<UInt64>) -> Snapshot? {
    func get(_ word: Word) -> UInt64 { unsafe words[word.rawValue] }
    func time(_ word: Word) -> Timestamp { Timestamp(nanoseconds: Int64(bitPattern: get(word))) }
    guard get(.magic) == magic else { return nil }
    return Snapshot(
      boot: get(.boot), started: time(.started), lastPacket: get(.lastPacket), lastPacketTime: time(.lastPacketTime),
      alive: time(.alive), bytes: get(.bytes), alerts: get(.alerts), drops: get(.drops),
      interfacePackets: get(.interfacePackets),
      packetAtBeat: get(.packetAtBeat), endedCleanly: get(.ended) == 1)
  }
}
