import ControlAPI
import Foundation
import Glibc
import Records

@testable import Hub

/// What a run came to.
struct FuzzTally: Sendable {
  var requests = 0
  /// By endpoint and status.
  var statuses: [String: [Int: Int]] = [:]
  /// The slowest, in seconds.
  var slow: [(seconds: Double, place: String)] = []
  /// What must not be, each once.
  var faults: [String] = []

  static let mostFaults = 40

  mutating func note(_ place: String, _ status: Int, seconds: Double) {
    statuses[place, default: [:]][status, default: 0] += 1
    guard slow.count < 10 || seconds > slow[9].seconds else { return }
    slow.append((seconds, place))
    slow = Array(slow.sorted { $0.seconds > $1.seconds }.prefix(10))
  }

  mutating func add(_ other: FuzzTally) {
    requests += other.requests
    statuses.merge(other.statuses) { $0.merging($1, uniquingKeysWith: +) }
    slow = Array((slow + other.slow).sorted { $0.seconds > $1.seconds }.prefix(10))
    faults += other.faults
  }

  /// For who watches a long run.
  var text: String {
    let lines = statuses.sorted { $0.key < $1.key }.map { place, counts in
      "  \(place): " + counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    let slowest = slow.map { "  \(Int($0.seconds * 1000)) ms \($0.place)" }
    return (["\(requests) requests"] + lines + ["slowest:"] + slowest).joined(separator: "\n")
  }
}

/// Asks a hub by chance, one request after the other, on one thread.
final class FuzzRun {
  private let socket: String
  private let validator: SchemaValidator
  private var requests: FuzzRequests
  private var wire: FuzzWire?
  /// Where the request that is asked stands: what is there when a trap ended the process.
  private let trace: Int32
  private(set) var tally = FuzzTally()
  /// What comes behind a request that has no answer is of no worth.
  private(set) var isSilent = false

  init(_ world: WalkWorld, folder: String, seed: UInt64) throws {
    socket = world.hub.configuration.data.apiSocket
    validator = try SchemaValidator(file: Checkout.folder + "/Documentation/openapi.json")
    requests = FuzzRequests(world, folder: folder, validator: validator, dice: FuzzDice(seed: seed))
    trace = unsafe open(folder + "/last-request", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
  }
  deinit { close(trace) }

  func run(seconds: Double) {
    let end = ContinuousClock.now.advanced(by: .seconds(seconds))
    while ContinuousClock.now < end, tally.faults.count < FuzzTally.mostFaults, !isSilent { ask(requests.next()) }
  }

  /// Every question of the table, as it should be asked: answered, whatever was done before.
  func askEverything() {
    for entry in API.table where entry.method == .get && !entry.isStream && !isSilent {
      ask(requests.get(entry, isValid: true))
    }
  }

  private func ask(_ request: FuzzRequest) {
    tally.requests += 1
    note(request)
    let begun = ContinuousClock.now
    do {
      var statuses: [Int] = []
      switch request.kind {
      case .whole(let entry): statuses = [try whole(request, entry)]
      case .odd: statuses = try odd(request)
      }
      let (seconds, parts) = (ContinuousClock.now - begun).components
      let place = if case .whole = request.kind { request.place } else { "odd" }
      for status in statuses { tally.note(place, status, seconds: Double(seconds) + Double(parts) / 1e18) }
    } catch {
      wire = nil
      isSilent = (error as? FuzzWire.Fault)?.isSilence ?? false
      fault((error as? FuzzWire.Fault)?.sentence ?? "\(error)", request, [])
    }
  }

  private func whole(_ request: FuzzRequest, _ entry: EndpointEntry) throws -> Int {
    let wire = try wire ?? FuzzWire(socket)
    self.wire = wire
    let answer = try wire.ask(request.bytes)
    if answer.isEnd { self.wire = nil }
    judge(answer, request, entry)
    return answer.status
  }

  private func odd(_ request: FuzzRequest) throws -> [Int] {
    let answers = try FuzzWire(socket).converse(request.bytes, isHead: request.bytes.starts(with: Array("HEAD ".utf8)))
    for answer in answers { judge(answer, request, nil) }
    return answers.map(\.status)
  }

  // MARK: judging

  /// A backup that cannot be written there, or read, is the place's fault, which the caller chose.
  private static let mayBeUnavailable: Set = [API.backup.path, API.restore.path]

  private func judge(_ answer: FuzzAnswer, _ request: FuzzRequest, _ entry: EndpointEntry?) {
    let isAllowed: Bool
    switch answer.status {
    case 200..<300, 400..<500: isAllowed = true
    case 503: isAllowed = entry.map { FuzzRun.mayBeUnavailable.contains($0.path) } ?? false
    default: isAllowed = false
    }
    if !isAllowed { return fault("was answered with \(answer.status)", request, answer.body) }
    // What is not HTTP is refused by the reader of HTTP, without a word.
    if entry == nil, answer.body.isEmpty, answer.status == 400 || request.bytes.starts(with: Array("HEAD ".utf8)) {
      return
    }
    if answer.status == 200, answer.headers["content-type"]?.hasPrefix("text/plain") == true { return }
    guard answer.headers["content-type"] == "application/json",
      let value = try? JSONSerialization.jsonObject(with: Data(answer.body), options: .fragmentsAllowed)
    else { return fault("was answered with \(answer.status) and no JSON", request, answer.body) }
    if let entry {
      fits(value, answer, request, entry)
    } else if answer.status != 200, (value as? [String: Any])?["sentence"] == nil {
      fault("was refused without a sentence", request, answer.body)
    }
  }

  private func fits(_ value: Any, _ answer: FuzzAnswer, _ request: FuzzRequest, _ entry: EndpointEntry) {
    guard let schema = validator.answer(entry.path, entry.method.rawValue, status: answer.status) else {
      return fault("has no answer of \(answer.status) in the file of the API", request, [])
    }
    // The schema of a long list is looked at on shorter ones.
    guard answer.body.count < 100_000 else { return }
    if let first = validator.faults(value, schema).first {
      return fault("was answered other than the file of the API says: \(first)", request, answer.body)
    }
    if answer.status == 200 { requests.learn(value, of: entry) }
  }

  private func fault(_ sentence: String, _ request: FuzzRequest, _ body: [UInt8]) {
    let what = "\(request.place) \(sentence)"
    let answer = String(decoding: body.prefix(400), as: UTF8.self)
    guard !tally.faults.contains(where: { $0.hasPrefix(what) && $0.contains(answer.prefix(60)) }) else { return }
    let sent = String(decoding: request.bytes.prefix(3000), as: UTF8.self).debugDescription
    let text = "\(what) (request \(tally.requests))\n  answer: \(answer)\n  asked: \(sent)"
    tally.faults.append(text)
    // Whatever else may follow.
    print("body fuzz: \(text)")
  }

  private func note(_ request: FuzzRequest) {
    let written = unsafe request.bytes.withUnsafeBytes { unsafe pwrite(trace, $0.baseAddress, $0.count, 0) }
    if written >= 0 { ftruncate(trace, off_t(written)) }
  }
}
