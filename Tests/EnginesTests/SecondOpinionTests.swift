import Records
import Testing
import Wire

@testable import Engines

@Suite(.serialized) struct SecondOpinionTests {
  /// Nobody has it (RFC 6761 section 6.5); where there is no resolver at all, none answers. Not below `invalid`, which
  /// libunbound answers by itself.
  private static let name = "vigil-second-opinion.example"

  private static let job = ScanJob(
    id: "t", engine: "availability", site: "s", target: Target(scheme: "http", host: name, port: 80),
    probeClass: .observe, authorisation: "test", deadlineMilliseconds: 30_000)

  private func context(_ port: UInt16?) throws -> ScanContext {
    var settings = try settings()
    settings.resolver.questionMilliseconds = 500
    settings.secondResolver = port.map { .init(IPAddress(v4: 0x7f00_0001), port: $0) }
    return ScanContext(
      job: Self.job, settings: settings, gate: AddressGate(),
      budget: AvailabilityEngine().budget(for: Self.job, settings.limits))
  }

  private static func zone(_ type: DNSType?, _ bytes: [UInt8] = []) -> DNSMock.Zone {
    var zone = DNSMock.Zone()
    if let type { zone.add(name, type, bytes) }
    return zone
  }

  @Test(
    "a second resolver has addresses of either family, none, or nothing to say",
    arguments: [
      (DNSType.a, [192, 0, 2, 1], SecondOpinion.addresses(1)),
      (.aaaa, [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], .addresses(1)),
      (nil, [], .noAddress),
    ] as [(DNSType?, [UInt8], SecondOpinion)])
  func opinions(type: DNSType?, bytes: [UInt8], expected: SecondOpinion) throws {
    let mock = try DNSMock(Self.zone(type, bytes))
    defer { mock.stop() }
    #expect(SecondOpinion.ask(Self.name, try context(mock.port)) == expected)
    #expect(mock.questions.isEmpty == false)
  }

  @Test("a second resolver that is silent is no opinion, and none is asked where none is named") func silent() throws {
    let mock = try DNSMock(DNSMock.Zone(isMute: true))
    defer { mock.stop() }
    guard case .noAnswer(let reason) = SecondOpinion.ask(Self.name, try context(mock.port)) else {
      Issue.record("a mute resolver has an opinion")
      return
    }
    #expect(reason.contains("did not answer"))
    #expect(SecondOpinion.ask(Self.name, try context(nil)) == .none)
  }

  @Test(
    "a name without address is down only where everybody who was asked has none",
    arguments: [
      (NameLookup.Failure.noAddress, SecondOpinion.none, AvailabilityMemory.State.down, "asked twice"),
      (.noAddress, .noAddress, .down, "by two resolvers"),
      (
        .noAddress, .addresses(2), .notDetermined,
        "resolvers disagree: one has no address for the name, the second has 2"
      ),
      (.noAddress, .noAnswer("late"), .notDetermined, "a second opinion was not to be had: late"),
      (.noAnswer, .none, .notDetermined, "no answer from the resolver, asked twice"),
      (.noAnswer, .noAddress, .notDetermined, "resolvers disagree: one gives no answer, the second has no address"),
      (.noAnswer, .addresses(1), .notDetermined, "resolvers disagree: one gives no answer, the second has 1"),
      (.noAnswer, .noAnswer("late"), .notDetermined, "no answer from two resolvers: late"),
    ])
  func table(
    first: NameLookup.Failure, second: SecondOpinion, state: AvailabilityMemory.State, reason: String
  ) {
    let judged = AvailabilityJudgement.unnamed(first, second)
    #expect(judged.0 == state && judged.1.hasSuffix(reason), "\(judged.1)")
  }

  @Test("a site whose name one resolver alone does not know is not down: resolvers disagree") func disagree() throws {
    let mock = try DNSMock(Self.zone(.a, [192, 0, 2, 1]))
    defer { mock.stop() }
    let context = try context(mock.port)
    let result = AvailabilityEngine().run(Self.job, context)
    for answer in result.answers {
      guard case .notDetermined(let reason) = answer.answer else {
        Issue.record("\(answer.check) is told")
        continue
      }
      #expect(reason.hasPrefix("resolvers disagree: one "), "\(reason)")
    }
    #expect(result.answers.count == 4 && mock.questions.count >= 1)
  }
}
