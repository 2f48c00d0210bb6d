internal import Glibc
internal import Synchronization

/// How the store is: whether its last write worked, and whether its file is damaged.
///
/// Damage stays. A file of which one page is not what was written is not written any more, since every page that
/// depends on the wrong one would be wrong too; a mark beside the store keeps a later start from going on as if nothing
/// were (Documentation/decisions/0053-when-the-store-fails.md).
final class StoreCondition: Sendable {
  static let mark = "store.damaged"
  private let path: String
  private let store: String
  private struct State {
    var fault: StoreError?
    var isDamaged = false
  }
  private let state = Mutex(State())

  init(folder: String, store: String) {
    path = folder + "/" + StoreCondition.mark
    self.store = store
  }

  var fault: StoreError? { state.withLock { $0.fault } }

  /// Before a write.
  func check() throws(StoreError) {
    let damage = state.withLock { $0.isDamaged ? $0.fault : nil }
    if let damage { throw damage }
  }

  func worked() { state.withLock { if !$0.isDamaged { $0.fault = nil } } }

  func failed(_ error: StoreError) {
    switch error.code {
    case .damaged: damaged(error.sentence)
    case .diskFull, .unavailable, .busy: state.withLock { if !$0.isDamaged { $0.fault = error } }
    default: break
    }
  }

  /// The mark is made once; where even that fails, the next read of the page says it again.
  private func damaged(_ sentence: String) {
    let isNew = state.withLock { state in
      defer {
        state.fault = StoreCondition.error(store, sentence)
        state.isDamaged = true
      }
      return !state.isDamaged
    }
    guard isNew else { return }
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    Glibc.close(descriptor)
  }

  static func error(_ store: String, _ sentence: String) -> StoreError {
    StoreError(
      .damaged, "\(sentence); nothing is written to it any more, and nothing is acknowledged to sensors and scanners",
      hint: "put the last backup in its place with `vigil restore`")
  }

  /// An earlier run found damage: only a check of every page says that it is gone.
  var isMarked: Bool { unsafe access(path, F_OK) == 0 }

  /// What is there now is another file, or was checked.
  func isWhole() {
    unsafe _ = unlink(path)
    state.withLock { $0 = State() }
  }
}
