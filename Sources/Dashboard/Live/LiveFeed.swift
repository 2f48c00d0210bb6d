import ControlAPI
import Records
import Synchronization

/// Asks the hub in the background and posts what it says: questions when they are due, the stream as it comes.
///
/// What is due is the schedule's to say; a hub that does not answer is told to the model with the time of the next try.
final class LiveFeed: Sendable {
  /// How far back the feed begins.
  static let since = "2m"

  private struct State {
    var schedule: AskSchedule
    /// Rises whenever the schedule may have changed.
    var wish = 0
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let client: Client
  private let mailbox: Mailbox
  private let state: Mutex<State>
  private let began = ContinuousClock.now

  init(client: Client, mailbox: Mailbox) {
    self.client = client
    self.mailbox = mailbox
    state = Mutex(State(schedule: AskSchedule(spread: Double.random(in: 0.8...1.2))))
  }

  private var now: Double { (ContinuousClock.now - began) / .seconds(1) }

  /// What to ask from now on.
  func want(_ wants: [Want]) { change { $0.want(wants, at: $1) } }

  /// All of it at once.
  func hurry() { change { $0.hurry(at: $1) } }

  private func change(_ body: (inout AskSchedule, Double) -> Void) {
    let now = now
    let waiter = state.withLock { state in
      body(&state.schedule, now)
      state.wish += 1
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Both loops, until the task is cancelled.
  func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.poll() }
      group.addTask { await self.follow() }
    }
  }

  // MARK: questions

  private func poll() async {
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        let now = now
        let (due, next, wish) = state.withLock { ($0.schedule.take(at: now), $0.schedule.next, $0.wish) }
        for question in due { group.addTask { await self.ask(question) } }
        // Where nothing is due before an answer comes, the answer ends the sleep.
        if due.isEmpty { await sleep(next.map { max($0 - now, 0) } ?? 3600, after: wish) }
      }
    }
  }

  private func ask(_ question: Question) async {
    do {
      answered(question, .answered(question, try await question.ask(client)))
    } catch let problem as APIProblem {
      answered(question, .refused(question, problem.words))
    } catch is CancellationError {
      return
    } catch {
      var failure = AskSchedule.Failure.known
      change { failure = $0.failed(question, at: $1) }
      switch failure {
      case .hub(let wait): mailbox.post(.lost(BilingualText(error), again: wait))
      case .question: mailbox.post(.refused(question, BilingualText(error)))
      case .known: break
      }
    }
  }

  private func answered(_ question: Question, _ message: Message) {
    change { _ = $0.answered(question, at: $1) }
    mailbox.post(.connected)
    mailbox.post(message)
  }

  /// Until the time is over or the schedule changes; a change since `wish` ends it at once.
  private func sleep(_ seconds: Double, after wish: Int) async {
    let timer = Task {
      try await Task.sleep(for: .seconds(seconds))
      self.change { _, _ in }
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isLate = state.withLock { state in
          if state.wish != wish { return true }
          state.waiter = continuation
          return false
        }
        if isLate { continuation.resume() }
      }
    } onCancel: {
      change { _, _ in }
    }
    timer.cancel()
  }

  // MARK: stream

  private func follow() async {
    var cursor = LiveFeed.since
    var failures = 0
    while !Task.isCancelled {
      do {
        for try await items in client.pieces(StreamRequest(since: cursor, most: Feed.longest)) {
          failures = 0
          cursor = items.last?.cursor ?? cursor
          mailbox.post(.streamed(items))
          // What only counts is put in its place; what comes or goes changes lists.
          if items.contains(where: { $0.kind == .row && $0.change != .counted }) { change { $0.stir(at: $1) } }
        }
      } catch {
        // The other loop says that the hub is away; this one only tries again.
      }
      let patience = AskSchedule.patience[min(failures, AskSchedule.patience.count - 1)]
      failures += 1
      try? await Task.sleep(for: .seconds(patience))
    }
  }
}
