import Glibc
import PatternMatching
import Testing

private func hits(_ set: LiteralSet, _ text: String, seen: Int = 0) throws -> [UInt32] {
  let scratch = try LiteralScratch(for: [set])
  let bytes = Array(text.utf8)
  unsafe bytes.withUnsafeBytes { _ = unsafe set.scan($0, seen: seen, scratch) }
  return unsafe Array(scratch.hits).sorted()
}

@Suite struct LiteralSetTests {
  @Test("each literal that occurs is told once, caseless ones in any case, and no other")
  func occurrences() throws {
    let set = try LiteralSet.compile([
      Literal(Array("alpha".utf8), id: 0), Literal(Array("BETA".utf8), id: 1, isCaseless: true),
      Literal([0, 255, 0], id: 2), Literal(Array("x".utf8), id: 3),
    ])
    #expect(try hits(set, "alpha beta alpha x x") == [0, 1, 3])
    #expect(try hits(set, "Alpha") == [])
    #expect(try hits(set, "") == [])
    #expect(set.longest == 5)
    #expect(set.idLimit == 4)
  }

  @Test("a literal that ends within the bytes already seen is not told again")
  func seen() throws {
    let set = try LiteralSet.compile([Literal(Array("abcd".utf8), id: 7)])
    #expect(try hits(set, "abcd", seen: 4) == [])
    #expect(try hits(set, "abcd", seen: 3) == [7])
    #expect(try hits(set, "abcdabcd", seen: 4) == [7])
  }

  @Test("empty sets and empty literals are refused with the one to blame")
  func refused() {
    #expect(throws: PatternError.self) { try LiteralSet.compile([]) }
    #expect(throws: PatternError("a literal must not be empty", position: 1)) {
      try LiteralSet.compile([Literal([1], id: 0), Literal([], id: 1)])
    }
  }

  @Test("a bundle is compiled once, read back the second time, and not trusted when a byte or a right changed")
  func cache() throws {
    var template = Array("/tmp/vigil-literals-XXXXXX".utf8CString)
    let folder = unsafe template.withUnsafeMutableBufferPointer { unsafe String(cString: mkdtemp($0.baseAddress!)) }
    defer {
      for name in entries(of: folder) { unsafe unlink(folder + "/" + name) }
      unsafe rmdir(folder)
    }
    let cache = LiteralCache(folder: folder)
    let groups = [[Literal(Array("needle".utf8), id: 0)], [Literal(Array("thread".utf8), id: 4, isCaseless: true)]]
    #expect(try cache.sets(for: groups).compiled == 2)
    let again = try cache.sets(for: groups)
    #expect(again.compiled == 0)
    #expect(try hits(again.sets[1], "THREAD") == [4])
    let path = folder + "/" + (try #require(entries(of: folder).first))
    #expect(unsafe chmod(path, 0o622) == 0)
    #expect(try cache.sets(for: groups).compiled == 2)
    let file = unsafe open(path, O_WRONLY)
    _ = unsafe pwrite(file, [UInt8(0x55)], 1, 200)
    close(file)
    #expect(try cache.sets(for: groups).compiled == 2)
    #expect(try cache.sets(for: groups).compiled == 0)
  }

  private func entries(of folder: String) -> [String] {
    guard let handle = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(handle) }
    var names: [String] = []
    while let entry = unsafe readdir(handle) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }
}
