import ControlAPI
import Glibc
import Records

/// `--once`: asks for everything on the screen, prints it, and ends.
struct OneFrame {
  let client: Client
  let look: Look
  let isPlain: Bool

  /// The feed is read for so long: what is new of the last minutes comes at once.
  private static let listening = Duration.milliseconds(400)

  /// Rounds of questions: a panel that follows another can be asked once that one was answered.
  private static let rounds = 3

  func run(_ model: Model) async throws(Dashboard.Failure) -> Int32 {
    var model = model
    do {
      var asked: Set<Question> = []
      for _ in 0..<OneFrame.rounds {
        for want in model.wants where asked.insert(want.question).inserted {
          for message in try await answer(want.question) { _ = model.update(message) }
        }
      }
      _ = model.update(.streamed(try await recent()))
    } catch {
      throw Dashboard.Failure("\(error)")
    }
    _ = model.update(.clock(Environment.now))
    let grid = View.draw(model, look)
    let isColored = !isPlain && look.capabilities.colors != .none
    let text = FrameWriter.lines(grid, isColored: isColored, isUTF8: look.capabilities.isUTF8)
    Terminal.write(Array(text.utf8), to: 1)
    return 0
  }

  /// What one list refuses (it is not for everybody) the others still say.
  private func answer(_ question: Question) async throws -> [Message] {
    do {
      return [.connected, .answered(question, try await question.ask(client))]
    } catch let problem as APIProblem where question != .overview {
      return [.connected, .refused(question, problem.words)]
    }
  }

  private func recent() async throws -> [StreamItem] {
    try await withThrowingTaskGroup(of: [StreamItem].self) { group in
      let stream = client.stream(StreamRequest(since: LiveFeed.since, most: Feed.longest))
      group.addTask {
        var items: [StreamItem] = []
        for try await item in stream {
          if item.kind == .beat { break }
          items.append(item)
        }
        return items
      }
      group.addTask {
        try await Task.sleep(for: OneFrame.listening)
        return []
      }
      _ = try await group.next()
      group.cancelAll()
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }
}
