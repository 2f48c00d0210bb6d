import ControlAPI
import Records
import Testing

@testable import Dashboard

@Suite struct MailboxTests {
  @Test("what streams in between two looks is one message, and what was said in between keeps its place")
  func joined() {
    let mailbox = Mailbox()
    mailbox.post(.streamed([Night.alert("1", seen: 3)]))
    mailbox.post(.streamed([Night.alert("2", seen: 2), Night.alert("3", seen: 2)]))
    mailbox.post(.connected)
    mailbox.post(.streamed([Night.alert("4", seen: 1)]))
    #expect(told(mailbox.take()) == [["1", "2", "3"], [], ["4"]])
    #expect(mailbox.take().isEmpty)
  }

  @Test("of a storm that nobody reads the newest is kept, and no answer is lost")
  func storm() {
    let mailbox = Mailbox()
    let count = 5 * Mailbox.mostStreamed
    for number in 1...count { mailbox.post(.streamed([Night.alert("\(number)", seen: 1)])) }
    mailbox.post(.connected)
    let told = told(mailbox.take())
    #expect(told.count == 2 && told.first?.last == "\(count)")
    #expect((Mailbox.mostStreamed...2 * Mailbox.mostStreamed).contains(told.first?.count ?? 0))
    #expect(told.first == (1...count).suffix(told.first?.count ?? 0).map { "\($0)" })
  }

  /// The messages' texts; empty for what is not streamed.
  private func told(_ messages: [Message]) -> [[String]] {
    messages.map { message in
      guard case .streamed(let items) = message else { return [] }
      return items.compactMap { $0.alert?.signature.message }
    }
  }
}
