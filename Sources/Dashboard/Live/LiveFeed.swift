import ControlAPI
import Records
import Synchronization

/// Asks the hub in the background and posts what it says: lists and the overview in turn, the stream as it comes.
///
/// A hub that does not answer is asked again after `patience`, growing to its last; everything is said to the model.
final class LiveFeed: Sendable {
  /// Seconds between tries while the hub is away.
  static let patience = [0.5, 1, 2, 3]
  /// Lists follow a change this much later, so that a storm of changes is one question.
  static let settling = Duration.milliseconds(1500)
  /// How far back the feed begins.
  static let since = "2m"

  private struct Wanted {
    var requests: [PanelRequest] = []
    var refresh = 3.0
    /// Rises with each wish to be asked at once.
    var wish = 0
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let client: Client
  private let mailbox: Mailbox
  private let wanted = Mutex(Wanted())

  init(client: Client, mailbox: Mailbox) {
    self.client = client
    self.mailbox = mailbox
  }

  /// What to ask from now on; `now`: at once.
  func want(_ requests: [PanelRequest], refresh: Double, now: Bool) {
    wanted.withLock { wanted in
      wanted.requests = requests
      wanted.refresh = refresh
    }
    if now { hurry() }
  }

  private func hurry() {
    let waiter = wanted.withLock { wanted in
      wanted.wish += 1
      defer { wanted.waiter = nil }
      return wanted.waiter
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

  // MARK: lists

  private func poll() async {
    var failures = 0
    while !Task.isCancelled {
      let (requests, refresh, wish) = wanted.withLock { ($0.requests, $0.refresh, $0.wish) }
      do {
        try await ask(requests)
        failures = 0
      } catch is CancellationError {
        return
      } catch {
        mailbox.post(.lost("\(error)"))
        failures += 1
      }
      let tries = LiveFeed.patience
      await sleep(failures == 0 ? refresh : tries[min(failures - 1, tries.count - 1)], after: wish)
    }
  }

  private func ask(_ requests: [PanelRequest]) async throws {
    let overview = try await client.call(API.overview)
    mailbox.post(.connected)
    mailbox.post(.overview(overview))
    for request in requests {
      do {
        mailbox.post(.list(request, try await client.call(API.queue, request.request)))
      } catch let problem as APIProblem {
        mailbox.post(.listRefused(request, problem.description))
      }
    }
  }

  /// Until the time is over or somebody wishes; a wish made since `wish` ends it at once.
  private func sleep(_ seconds: Double, after wish: Int) async {
    let timer = Task {
      try await Task.sleep(for: .seconds(seconds))
      self.hurry()
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isLate = wanted.withLock { wanted in
          if wanted.wish != wish { return true }
          wanted.waiter = continuation
          return false
        }
        if isLate { continuation.resume() }
      }
    } onCancel: {
      hurry()
    }
    timer.cancel()
  }

  // MARK: stream

  private func follow() async {
    var cursor = LiveFeed.since
    while !Task.isCancelled {
      do {
        for try await item in client.stream(StreamRequest(since: cursor)) {
          cursor = item.cursor
          mailbox.post(.streamed(item))
          if item.kind == .row { settle() }
        }
      } catch {
        // The other loop says that the hub is away; this one only tries again.
      }
      try? await Task.sleep(for: .seconds(1))
    }
  }

  /// One question for all changes of the next moment.
  private func settle() {
    let isAlone = settlingNow.withLock { now in
      defer { now = true }
      return !now
    }
    guard isAlone else { return }
    Task {
      try? await Task.sleep(for: LiveFeed.settling)
      settlingNow.withLock { $0 = false }
      self.hurry()
    }
  }
  private let settlingNow = Mutex(false)
}
