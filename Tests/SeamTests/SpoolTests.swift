import Foundation
import Records
import Testing

@testable import Seam

struct SpoolTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private var path: String { folder.path + "/spool" }
  private func spool(boot: UInt64 = 1, _ configuration: Spool.Configuration = .init()) throws -> Spool {
    try Spool(directory: path, source: "s1", boot: boot, configuration: configuration)
  }
  private func drain(_ spool: Spool, byteLimit: Int = 1024) -> [RecordBatch] {
    var batches: [RecordBatch] = []
    var position: Spool.Position?
    while let (batch, next) = spool.batch(after: position, byteLimit: byteLimit) {
      batches.append(batch)
      position = next
    }
    return batches
  }
  private func record(_ index: Int) -> [UInt8] {
    Array("record \(index) \(String(repeating: "x", count: index % 50))".utf8)
  }

  @Test("Records come out in order, numbered from one, however the batches are cut")
  func order() throws {
    let spool = try spool(.init(byteLimit: 1 << 20, segmentBytes: 600))
    for index in 0..<100 { #expect(spool.append(.alert, record(index)) == .kept(sequence: UInt64(index + 1))) }
    for limit in [1, 100, 1 << 20] {
      let batches = drain(spool, byteLimit: limit)
      #expect(batches.flatMap(\.records).map(\.bytes) == (0..<100).map { record($0) })
      var expected: UInt64 = 1
      for batch in batches {
        #expect(batch.first == expected)
        expected = batch.last + 1
      }
    }
  }

  @Test("Another boot finds what the one before left, under its old name")
  func replay() throws {
    do {
      let first = try spool(boot: 7)
      for index in 0..<10 { _ = first.append(.alert, record(index)) }
    }
    let second = try spool(boot: 8)
    #expect(second.append(.alert, record(99)) == .kept(sequence: 1))
    let batches = drain(second)
    #expect(batches.map(\.boot) == [7, 8])
    #expect(batches.map(\.records.count) == [10, 1])
    second.acknowledge(boot: 7, last: 9)
    #expect(drain(second).count == 2)
    second.acknowledge(boot: 7, last: 10)
    #expect(drain(second).map(\.boot) == [8])
  }

  @Test("A file cut at any byte keeps every record that is whole before the cut, and says so")
  func tornTails() throws {
    let records = (0..<5).map { record($0) }
    do {
      let spool = try spool()
      for record in records { _ = spool.append(.alert, record) }
    }
    let name = try #require(folder.files("spool").first { $0.hasSuffix(".spool") })
    let file = path + "/" + name
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    var ends = [SpoolFormat.headLength]
    for record in records { ends.append(ends[ends.count - 1] + SpoolFormat.entryHead + record.count) }
    for cut in 0...whole.count {
      try Data(whole.prefix(cut)).write(to: URL(fileURLWithPath: file))
      let spool = try spool(boot: 2)
      let expected = ends.dropFirst().count { $0 <= cut }
      #expect(drain(spool).flatMap(\.records).map(\.bytes) == Array(records.prefix(expected)), "cut at \(cut)")
      #expect(spool.append(.alert, [1]) == .kept(sequence: 1))
      for name in folder.files("spool") { try FileManager.default.removeItem(atPath: path + "/" + name) }
    }
  }

  @Test("A flipped bit ends the file there and never yields a wrong record")
  func flippedBits() throws {
    do {
      let spool = try spool()
      for index in 0..<3 { _ = spool.append(.alert, record(index)) }
    }
    let name = try #require(folder.files("spool").first { $0.hasSuffix(".spool") })
    let file = path + "/" + name
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    for place in SpoolFormat.headLength..<whole.count {
      var bad = whole
      bad[place] ^= 0x10
      try Data(bad).write(to: URL(fileURLWithPath: file))
      let got = drain(try spool(boot: 2)).flatMap(\.records).map(\.bytes)
      #expect(got.count < 3 && got == (0..<got.count).map { record($0) }, "byte \(place)")
    }
  }

  @Test("A full spool drops the newest and counts them by cause")
  func full() throws {
    let spool = try spool(.init(byteLimit: 1000, segmentBytes: 300))
    let results = (0..<40).map { spool.append(.alert, record($0)) }
    let kept = results.count { if case .kept = $0 { true } else { false } }
    #expect(kept > 5 && kept < 40)
    #expect(results.last == .dropped(cause: "spool full"))
    #expect(
      spool.append(.alert, [UInt8](repeating: 0, count: SpoolFormat.recordLimit + 1))
        == .dropped(cause: "oversized record"))
    #expect(
      spool.drops == [
        DropCount(cause: "oversized record", count: 1), DropCount(cause: "spool full", count: UInt64(40 - kept)),
      ])
    #expect(spool.byteCount <= 1000)
    spool.acknowledge(boot: 1, last: UInt64(kept))
    #expect(spool.append(.alert, record(0)) == .kept(sequence: UInt64(kept + 1)))
  }

  @Test("Two processes never hold one spool")
  func locked() throws {
    let first = try spool()
    #expect(throws: SeamError.self) { try spool(boot: 2) }
    _ = first
  }

  @Test("A run that ended with everything stored leaves no file")
  func finish() throws {
    let spool = try spool()
    for index in 0..<3 { _ = spool.append(.alert, record(index)) }
    spool.finish(acknowledged: 2)
    #expect(folder.files("spool").count == 2)
    spool.finish(acknowledged: 3)
    #expect(folder.files("spool") == ["lock"])
  }
}
