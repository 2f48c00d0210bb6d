import Wire

@testable import AppLayer

/// One step of a conversation.
struct Step {
  let direction: Direction
  let bytes: [UInt8]
  static func client(_ text: String) -> Step { Step(direction: .toServer, bytes: Array(text.utf8)) }
  static func server(_ text: String) -> Step { Step(direction: .toClient, bytes: Array(text.utf8)) }
  static func client(_ bytes: [UInt8]) -> Step { Step(direction: .toServer, bytes: bytes) }
  static func server(_ bytes: [UInt8]) -> Step { Step(direction: .toClient, bytes: bytes) }
}

extension AppSession {
  func feed(_ bytes: some Collection<UInt8>, _ direction: Direction, at time: Timestamp = Timestamp(nanoseconds: 0)) {
    let array = Array(bytes)
    array.withBytes { receive($0, direction, at: time) }
  }
  func feed(_ steps: [Step]) { for step in steps { feed(step.bytes, step.direction) } }
  func endBoth() {
    end(.toServer, at: Timestamp(nanoseconds: 0))
    end(.toClient, at: Timestamp(nanoseconds: 0))
  }
  static func tcp(_ settings: AppLayerSettings = AppLayerSettings(), port: UInt16 = 80) -> AppSession {
    AppSession(
      transport: .tcp, sourcePort: 40000, destinationPort: port, configuration: AppLayerConfiguration(settings))
  }
  var http: [HTTPTransaction] { transactions.compactMap { $0 as? HTTPTransaction } }
  var eventNames: Set<String> { Set(events.map(\.name)) }
}

extension Transaction {
  func text(_ buffer: AppBuffer, _ direction: Direction = .toServer, _ instance: Int = 0) -> String? {
    unsafe bytes(buffer, instance, direction).map { unsafe String(decoding: $0, as: UTF8.self) }
  }
  /// Everything that a transaction answers, for comparison.
  var summary: [String] {
    var out = ["\(id) \(proto.name) \(progress(.toServer)) \(progress(.toClient))"]
    for buffer in AppBuffer.allCases {
      for direction in Direction.allCases {
        for instance in 0..<6 {
          if let text = text(buffer, direction, instance) {
            out.append("\(buffer.name) \(direction) \(instance) \(text)")
          }
        }
      }
    }
    for file in files {
      out.append("file \(file.name) \(file.size) \(file.stateName) \(file.hasGap) \(file.sha256 ?? [])")
    }
    return out
  }
}

/// Feeds a conversation whole, byte by byte and split at every point: the transactions must be equal.
enum TransactionVerifier {
  static func differences(_ steps: [Step], _ settings: AppLayerSettings = AppLayerSettings(), port: UInt16 = 80)
    -> [String]
  {
    func run(_ cut: (Step, AppSession) -> Void) -> [[String]] {
      let session = AppSession.tcp(settings, port: port)
      for step in steps { cut(step, session) }
      session.endBoth()
      return session.transactions.map(\.summary)
    }
    let whole = run { $1.feed($0.bytes, $0.direction) }
    var out: [String] = []
    let dripped = run { step, session in for byte in step.bytes { session.feed([byte], step.direction) } }
    if dripped != whole { out.append("byte by byte: \(difference(whole, dripped))") }
    let longest = steps.map(\.bytes.count).max() ?? 0
    for point in 1..<max(2, longest) {
      let split = run { step, session in
        session.feed(step.bytes.prefix(point), step.direction)
        session.feed(step.bytes.dropFirst(point), step.direction)
      }
      if split != whole { out.append("split at \(point): \(difference(whole, split))") }
      // With a gap nothing must trap.
      _ = run { step, session in
        session.feed(step.bytes.prefix(point), step.direction)
        session.gap(7, step.direction, at: Timestamp(nanoseconds: 0))
        session.feed(step.bytes.dropFirst(point + 7), step.direction)
      }
    }
    return out
  }
  private static func difference(_ a: [[String]], _ b: [[String]]) -> String {
    let x = a.flatMap { $0 }
    let y = b.flatMap { $0 }
    return "missing \(x.filter { !y.contains($0) }), more \(y.filter { !x.contains($0) })"
  }
}
