import Foundation
import Glibc
import Testing

@testable import Sensor

extension OutputFile {
  fileprivate mutating func write(_ text: String) {
    unsafe Array(text.utf8).withUnsafeBytes { unsafe write($0) }
  }
}

@Suite("The file that EVE lines go to", .serialized)
struct OutputFileTests {
  @Test("lines are appended, or the file starts empty where it is asked to")
  func appending() throws {
    let folder = try WorkFolder()
    for (truncate, expected) in [(false, "a\n"), (false, "a\na\n"), (true, "a\n")] {
      var file = try OutputFile(path: folder.file("eve.json"), truncate: truncate)
      file.write("a\n")
      #expect(try folder.text("eve.json") == expected)
    }
  }

  @Test("a file that would grow over its size is put aside before, and the oldest beyond the count go")
  func rotationBySize() throws {
    let folder = try WorkFolder()
    var file = try OutputFile(
      path: folder.file("eve.json"), truncate: false, rotation: .init(bytes: 10, seconds: 0, keep: 2))
    for index in 0..<6 { file.write("line \(index)\n") }
    #expect(try folder.text("eve.json") == "line 5\n")
    let rotated = try folder.names().filter { $0 != "eve.json" }
    #expect(rotated.count == 2 && rotated.allSatisfy { $0.hasPrefix("eve.json.2") && $0.contains("Z") })
    #expect(try Set(rotated.map { try folder.text($0) }) == ["line 3\n", "line 4\n"])
  }

  @Test("one write larger than the limit is still one file")
  func oversized() throws {
    let folder = try WorkFolder()
    var file = try OutputFile(path: folder.file("eve.json"), truncate: false, rotation: .init(bytes: 4))
    file.write("a long line\n")
    #expect(try folder.names() == ["eve.json"])
  }

  @Test("after a log rotator renamed the file, reopen writes to a new one")
  func reopen() throws {
    let folder = try WorkFolder()
    var file = try OutputFile(path: folder.file("eve.json"), truncate: false)
    file.write("old\n")
    try FileManager.default.moveItem(atPath: folder.file("eve.json"), toPath: folder.file("eve.json.1"))
    file.write("still old\n")
    file.reopen()
    file.write("new\n")
    #expect(try folder.text("eve.json.1") == "old\nstill old\n")
    #expect(try folder.text("eve.json") == "new\n")
  }

  @Test("a full disk loses whole lines, counts them and says why")
  func fullDevice() throws {
    var file = try OutputFile(path: "/dev/full", truncate: false)
    file.write("one\ntwo\n")
    file.write("three\n")
    #expect(file.lostLines == 3)
    #expect(file.failure == "cannot write /dev/full: the disk is full")
  }

  @Test("a line that only half went in is cut off again, and the next one that fits starts a line")
  func tornLine() throws {
    let folder = try WorkFolder()
    let path = folder.file("eve.json")
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    // A file without content that ends 20 bytes below the limit: no other test's files come near it.
    let start = FileSize.limit - 20
    #expect(unsafe truncate(path, off_t(start)) == 0)
    func tail() throws -> String {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      try handle.seek(toOffset: UInt64(start))
      return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    }
    var file = try OutputFile(path: path, truncate: false)
    try FileSize.limited { () throws in
      file.write("0123456789\nabcdefghijklmnop\nlast\n")
      #expect(file.lostLines == 2)
      #expect(file.failure?.hasPrefix("cannot write \(path): ") == true)
      #expect(try tail() == "0123456789\n")
      file.write("fits\n")
      #expect(file.failure == nil && file.lostLines == 2)
      #expect(try tail() == "0123456789\nfits\n")
    }
  }

  @Test("a path that cannot be opened is the operator's mistake, in words")
  func unopenable() throws {
    let folder = try WorkFolder()
    let path = folder.file("none/eve.json")
    let error = #expect(throws: OutputError.self) { _ = try OutputFile(path: path, truncate: true) }
    #expect(
      error?.description
        == "cannot write \(path): there is no such folder; name a folder that exists and that you may write to")
    #expect(throws: OutputError.self) { _ = try OutputFile(path: folder.path, truncate: true) }
  }
}

/// Lets this process's files grow only so far while `body` runs: a disk that is full soon.
private enum FileSize {
  static let limit = 1 << 30

  static func limited(_ body: () throws -> Void) throws {
    var before = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before)
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: rlim_t(limit), rlim_max: before.rlim_max)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    defer { unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before) }
    try body()
  }
}
