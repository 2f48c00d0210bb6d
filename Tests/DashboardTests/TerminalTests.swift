import Glibc
import Testing

@testable import Dashboard

@Suite("The terminal itself")
struct TerminalTests {
  @Test("one that claims to be huge is drawn on as far as a screen goes")
  func huge() {
    #expect(Terminal.size(columns: 65_535, rows: 65_535) == Size(columns: 1000, rows: 1000))
    #expect(Terminal.size(columns: 80, rows: 24) == Size(columns: 80, rows: 24))
  }

  @Test("what nobody reads is said, and what is read is taken whole")
  func pipes() throws {
    _ = signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [-1, -1]
    try #require(unsafe pipe(&ends) == 0)
    #expect(Terminal.isRead(ends[1]))
    #expect(Terminal.write(Array("line\n".utf8), to: ends[1]))
    _ = close(ends[0])
    #expect(!Terminal.isRead(ends[1]))
    #expect(!Terminal.write(Array("line\n".utf8), to: ends[1]))
    _ = close(ends[1])
  }

  @Test("a crash for want of stack finds another for its handler")
  func stack() {
    TerminalGuard.giveStack()
    var now = unsafe stack_t()
    _ = unsafe sigaltstack(nil, &now)
    #expect(unsafe now.ss_size >= 32 << 10)
    #expect(unsafe now.ss_flags == 0)
  }
}
