import Foundation
import Records
import Testing

@testable import Hub

@Suite struct FollowTests {
  private let folder: TestFolder
  private var path: String { folder.path + "/eve.json" }

  init() throws { folder = try TestFolder() }

  private func append(_ text: String, to name: String = "eve.json") throws {
    let path = folder.path + "/" + name
    if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(filePath: path)) }
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  /// Everything that there is now, and the place behind it.
  private func drain(_ file: inout FollowedFile, _ cursor: inout IngestCursor?) throws -> [String] {
    var lines: [String] = []
    while let piece = try file.next() {
      lines += piece.lines.map { String(decoding: $0, as: UTF8.self) }
      cursor = piece.cursor
    }
    return lines
  }

  @Test("an unfinished last line waits for its end")
  func partial() throws {
    try append("one\ntw")
    var (file, cursor) = (FollowedFile(path: path, source: "s", cursor: nil), IngestCursor?.none)
    #expect(try drain(&file, &cursor) == ["one"])
    try append("o\n")
    #expect(try drain(&file, &cursor) == ["two"])
    file.close()
  }

  @Test("a rotated file is read to its end before the new one, also when the follower was away")
  func rotation() throws {
    try append("one\n")
    var (file, cursor) = (FollowedFile(path: path, source: "s", cursor: nil), IngestCursor?.none)
    #expect(try drain(&file, &cursor) == ["one"])
    try append("two\n")
    try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
    try append("three\n")
    #expect(try drain(&file, &cursor) == ["two", "three"])
    file.close()
    try append("four\n")
    try FileManager.default.moveItem(atPath: path, toPath: path + ".2")
    try append("five\n")
    var again = FollowedFile(path: path, source: "s", cursor: cursor)
    #expect(try drain(&again, &cursor) == ["four", "five"])
    again.close()
    var third = FollowedFile(path: path, source: "s", cursor: cursor)
    #expect(try drain(&third, &cursor) == [])
    third.close()
  }

  @Test("a truncated file is read from its beginning, and that is said")
  func truncation() throws {
    try append("one\ntwo\n")
    var (file, cursor) = (FollowedFile(path: path, source: "s", cursor: nil), IngestCursor?.none)
    #expect(try drain(&file, &cursor) == ["one", "two"])
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: 0)
    try handle.close()
    try append("new\n")
    let piece = try #require(try file.next())
    #expect(piece.note == "\(path) was truncated: it is read from its beginning")
    #expect(piece.lines == [Array("new".utf8)])
    file.close()
  }

  @Test("an inode that another file has now is not taken for the old one")
  func reusedInode() throws {
    try append("one\n")
    var (file, cursor) = (FollowedFile(path: path, source: "s", cursor: nil), IngestCursor?.none)
    _ = try drain(&file, &cursor)
    file.close()
    var other = try #require(cursor)
    other.head = "another first line"
    var again = FollowedFile(path: path, source: "s", cursor: other)
    var place: IngestCursor? = other
    #expect(try drain(&again, &place) == ["one"])
    again.close()
  }
}
