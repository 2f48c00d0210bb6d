internal import Records
internal import Wire

/// What a second resolver says of a name for which the system's has no address: a name that only one of them does not
/// know is no outage, but a quarrel of resolvers.
enum SecondOpinion: Hashable {
  /// No second resolver is named.
  case none
  /// How many addresses it has.
  case addresses(Int)
  case noAddress
  case noAnswer(String)

  /// By `scan.secondResolver`, else by the servers that `scan.resolver` names: the first question went to the system's.
  static func ask(_ host: String, _ context: ScanContext) -> SecondOpinion {
    var settings = ResolverSettings()
    settings.forwarders = context.settings.secondResolver.map { [$0] } ?? context.settings.resolver.forwarders
    settings.questionMilliseconds = context.settings.resolver.questionMilliseconds
    // Whether the answer is signed is the dns engine's question.
    settings.anchorFile = ""
    guard !settings.forwarders.isEmpty else { return .none }
    guard let resolver = ValidatingResolver(context, settings) else { return .noAnswer("it cannot begin") }
    return ask(host, resolver)
  }

  private static func ask(_ host: String, _ resolver: ValidatingResolver) -> SecondOpinion {
    var count = 0
    for type in [DNSType.a, .aaaa] {
      do throws(ValidatingResolver.Failure) {
        count += try resolver.ask(host, type).addresses.count
      } catch {
        // An address of the other family is an address.
        if count == 0 { return .noAnswer(error.sentence) }
      }
    }
    return count > 0 ? .addresses(count) : .noAddress
  }
}

extension AvailabilityJudgement {
  /// A name without address, by both opinions: *down* is said where nobody who was asked has one.
  static func unnamed(
    _ first: NameLookup.Failure, _ second: SecondOpinion
  ) -> (AvailabilityMemory.State, String) {
    let said = first == .noAddress ? "one has no address for the name" : "one gives no answer"
    switch (first, second) {
    case (.noAddress, .none): return (.down, "the name has no address, asked twice")
    case (.noAddress, .noAddress): return (.down, "the name has no address, by two resolvers")
    case (.noAnswer, .none): return (.notDetermined, "no answer from the resolver, asked twice")
    case (_, .addresses(let count)):
      return (.notDetermined, "resolvers disagree: \(said), the second has \(count)")
    case (.noAnswer, .noAddress):
      return (.notDetermined, "resolvers disagree: \(said), the second has no address")
    case (.noAnswer, .noAnswer(let reason)): return (.notDetermined, "no answer from two resolvers: \(reason)")
    case (.noAddress, .noAnswer(let reason)):
      return (.notDetermined, "\(said), and a second opinion was not to be had: \(reason)")
    }
  }
}
