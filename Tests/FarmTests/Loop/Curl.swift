import Dispatch
import Foundation

/// One HTTP exchange by curl, on a thread that is not one of the tests': the hub that answers needs those.
enum Curl {
  struct Answer: Sendable {
    var status: Int
    /// Head and body.
    var text: String
  }

  static func run(_ words: [String]) async throws -> Answer {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result { try exchange(words) }) }
    }
  }

  private static func exchange(_ words: [String]) throws -> Answer {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/curl")
    process.arguments = ["-s", "-i", "--noproxy", "*"] + words
    process.standardOutput = output
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    let status = text.firstMatch(of: /^HTTP\/[0-9.]+ ([0-9]{3})/).flatMap { Int($0.1) }
    return Answer(status: status ?? 0, text: text)
  }
}
