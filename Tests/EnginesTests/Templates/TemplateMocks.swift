import Documents
import Foundation
import Records
import Wire

@testable import Engines

/// What a server says at each path: `Tests/Fixtures/templates/<id>.yaml` has two, `weak` and `nearly`. Paths that are
/// not there are answered with a page that says so.
struct TemplateMock: Sendable {
  var answers: [String: TemplateResponse] = [:]

  static let missing = TemplateResponse(
    status: 404, headers: [HeaderLine("Content-Type", "text/html")], body: Array("<h1>Not Found</h1>".utf8))

  func answer(_ path: String) -> TemplateResponse { answers[path] ?? TemplateMock.missing }

  init() {}

  private init(_ value: DocumentValue) throws {
    for entry in try value.map() { answers[entry.key] = try TemplateMock.response(entry.value) }
  }

  private static func response(_ value: DocumentValue) throws -> TemplateResponse {
    if let first = value.unknownKeys(besides: ["status", "headers", "body", "hex"]).first { throw first }
    var body = Array(try value["body"]?.string().utf8 ?? "".utf8)
    if let hex = value["hex"] { body = try bytes(hex) }
    let headers = try value["headers"]?.map().map { HeaderLine($0.key, try $0.value.string()) } ?? []
    return TemplateResponse(status: try value["status"]?.int(in: 100...599) ?? 200, headers: headers, body: body)
  }

  private static func bytes(_ value: DocumentValue) throws -> [UInt8] {
    let digits = Array(try value.string().utf8)
    return try stride(from: 0, to: digits.count, by: 2).map { index in
      guard let byte = UInt8(String(decoding: digits[index..<min(index + 2, digits.count)], as: UTF8.self), radix: 16)
      else { throw DocumentError(.badValue, value.position, "no hexadecimal") }
      return byte
    }
  }

  /// Both pages of a template; nil where it has no file.
  static func pair(_ id: String) throws -> (weak: TemplateMock, nearly: TemplateMock)? {
    let path = folder + "/\(id).yaml"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let value = try DocumentFile.value(path: path)
    return (try TemplateMock(value.required("weak")), try TemplateMock(value.required("nearly")))
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/templates").path
}

/// Templates without a network.
enum MockTarget {
  static let host = "www.example.gov"
  static let target = TemplateTarget(scheme: "https", host: host, port: 443)
  static let now = Timestamp(nanoseconds: 1_767_225_600_000_000_000)

  static func verdict(
    _ template: WebTemplate, on target: TemplateTarget = target, _ answer: (PlannedRequest) -> TemplateResponse
  ) -> TemplateVerdict {
    var run = TemplateRun(template, target: target, random: 7, now: now)
    var left = template.requestCount
    while let request = run.next(), left > 0 {
      left -= 1
      run.received(answer(request))
    }
    return run.verdict
  }

  static func read(_ text: String) throws -> WebTemplate { try TemplateReader.read(text, file: "t.yaml") }
}

extension TemplateVerdict {
  var isMatch: Bool { if case .matched = self { true } else { false } }
}
