internal import CCompression
internal import Wire

/// Undoes a body's content codings as its bytes come: gzip, deflate, br, lzma, one inside the other up to a limit.
///
/// Peers are lenient, so this is: a coding that does not fit its bytes is tried as its neighbours, and where nothing
/// fits the bytes are handed on as they are.
final class BodyDecoder {
  private var layers: [DecoderLayer] = []
  private let limits: AppLayerSettings.HTTP
  private weak var session: AppSession?
  private weak var transaction: HTTPTransaction?
  private let direction: Direction
  private var taken = 0
  private var given = 0
  private var isStopped = false

  /// Nil when the header names no coding.
  init?(
    _ codings: Bytes?, _ settings: AppLayerSettings.HTTP, _ transaction: HTTPTransaction, _ direction: Direction,
    _ session: AppSession
  ) {
    guard let codings, !codings.isEmpty else { return nil }
    limits = settings
    self.session = session
    self.transaction = transaction
    self.direction = direction
    for kind in Self.kinds(codings, { session.raise(.httpAbnormalCeHeader, transaction, direction) }) {
      guard layers.count < settings.layerLimit else {
        session.raise(.httpTooManyEncodingLayers, transaction, direction)
        break
      }
      if kind == .lzma, !settings.isLZMAEnabled { continue }
      layers.append(DecoderLayer(kind, lzmaMemory: settings.lzmaMemoryLimit))
    }
    if layers.isEmpty { return nil }
    // The coding applied last is named last, and comes off first.
    layers.reverse()
  }

  private static func kinds(_ text: Bytes, _ abnormal: () -> Void) -> [DecoderLayer.Kind] {
    var out: [DecoderLayer.Kind] = []
    var at = 0
    while at <= text.count, out.count < 16 {
      let end = text.firstIndex(of: 44, from: at) ?? text.count
      let word = text[at..<end].trimmed
      at = end + 1
      if word.isEmpty { continue }
      if word.equals("gzip") || word.equals("x-gzip") {
        out.append(.gzip)
      } else if word.equals("deflate") || word.equals("x-deflate") {
        out.append(.deflate)
      } else if word.equals("br") {
        out.append(.brotli)
      } else if word.equals("lzma") {
        out.append(.lzma)
      } else if !word.equals("identity") && !word.equals("none") {
        abnormal()
        if word.find("gzip") != nil { out.append(.gzip) } else if word.find("deflate") != nil { out.append(.deflate) }
      }
    }
    return out
  }

  /// Hands decoded runs to `sink`, which borrows them. Stops for good when `isOver` says so, or at the bomb limit.
  func decode(_ bytes: Bytes, isOver: () -> Bool, _ sink: (Bytes) -> Void) {
    guard !isStopped else { return }
    taken += bytes.count
    run(0, bytes) { part in
      guard !isStopped else { return false }
      given += part.count
      sink(part)
      if isOver() { isStopped = true }
      if given > limits.bombLimit, given / limits.bombRatio > taken {
        isStopped = true
        raise(.httpCompressionBomb)
      }
      return !isStopped
    }
  }
  func stop() { isStopped = true }
  /// No more bytes: what was held back for a decision comes out as it is.
  func finish(_ sink: (Bytes) -> Void) {
    guard !isStopped else { return }
    for index in layers.indices {
      layers[index].finish { part in
        guard index + 1 < layers.count else {
          sink(part)
          return true
        }
        run(index + 1, part) {
          sink($0); return true
        }
        return true
      }
    }
    isStopped = true
  }

  private func run(_ index: Int, _ bytes: Bytes, _ sink: (Bytes) -> Bool) {
    guard index < layers.count else {
      _ = sink(bytes)
      return
    }
    let outcome = layers[index].decode(bytes) { part in
      if index + 1 == layers.count { return sink(part) }
      run(index + 1, part, sink)
      return !isStopped
    }
    switch outcome {
    case .fine: break
    case .broken: raise(layers[index].kind == .lzma ? .httpLzmaDecompressionFailed : .httpGzipDecompressionFailed)
    case .memory: raise(.httpLzmaMemlimitReached)
    }
  }
  private func raise(_ event: AppEvent) {
    guard let session, let transaction else { return }
    session.raise(event, transaction, direction)
  }
}
