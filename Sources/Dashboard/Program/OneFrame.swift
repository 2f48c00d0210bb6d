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

  func run(_ model: Model) async throws(Dashboard.Failure) -> Int32 {
    var model = model
    do {
      let overview = try await client.call(API.overview)
      _ = model.update(.connected)
      _ = model.update(.overview(overview))
      for request in model.requests {
        _ = model.update(.list(request, try await client.call(API.queue, request.request)))
      }
      for item in try await recent() { _ = model.update(.streamed(item)) }
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

  private func recent() async throws -> [StreamItem] {
    try await withThrowingTaskGroup(of: [StreamItem].self) { group in
      let stream = client.stream(StreamRequest(since: LiveFeed.since))
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
