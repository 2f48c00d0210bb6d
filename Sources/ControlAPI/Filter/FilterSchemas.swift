internal import Records

/// What each list can be asked. The names are those of the columns on screen.
extension FilterSchema {
  private static let severities = Severity.allCases.map(\.rawValue)

  /// Rows as they pass on the stream: what a row says by itself.
  package static let stream = FilterSchema(rowFields)

  /// Rows in lists: what is folded into them besides.
  package static let queue = FilterSchema(
    rowFields + [
      Field("source", .text, "one of the addresses it came from, of the most frequent"),
      Field("target", .text, "one of the addresses with ports it went to, of the most frequent"),
      Field("sensor", .text, "one of the sensors that saw it"),
      Field("url", .text, "one of the URLs asked for, of the most frequent"),
    ])

  /// All that a row can be asked, and what only findings have.
  package static let findings = FilterSchema(
    rowFields + [
      Field("engine", .text, "an engine that has said something of it"),
      Field("disagree", .flag, "one engine says yes and another no"),
      Field("confidence", .number, "how sure the engines are together, 0 to 100"),
      Field("platform", .text, "the platform whose finding it is"),
      Field("sites", .number, "at how many sites it shows"),
    ])

  private static let rowFields = [
    Field("severity", .ordered(severities), "how bad it is, or its first letter"),
    Field("state", .choice(TriageState.allCases.map(\.rawValue)), "what the watch decided"),
    Field("outcome", .choice(Outcome.allCases.map(\.rawValue)), "what came of the attack"),
    Field("wing", .choice(Wing.allCases.map(\.rawValue)), "who saw it: sensor or scanner"),
    Field("site", .text, "the site's id"),
    Field("organisation", .text, "the organisation's id or name, with all below it"),
    Field("subject", .text, "the site's host, or address:port"),
    Field("rule", .text, "gid:sid, sid or weakness id, or words of the title"),
    Field("check", .text, "gid:sid or weakness id"),
    Field(
      "who", .text, "to whom it is assigned, also `assignee`; `me` for who asks, empty text for nobody",
      aliases: ["assignee"]),
    Field("count", .number, "how often it was seen"),
    Field("since", .time, "last seen not before"),
    Field("first", .time, "first seen not before"),
    Field("overdue", .flag, "not acknowledged in time"),
    Field("open", .flag, "not closed"),
    Field("verdict", .choice(Verdict.allCases.map(\.rawValue)), "of closed rows"),
    Field("life", .choice(FindingState.allCases.map(\.rawValue)), "where a finding stands"),
    Field("id", .number, "the row's number"),
    Field("incident", .text, "the open incident that it is in; empty text for none"),
    Field("place", .choice(RowPlace.allCases.map(\.rawValue)), "where it stands: shown by itself, or aside and why"),
    Field("own", .flag, "of our own scans"),
    Field("hidden", .text, "the suppression that hides it; * for any"),
    Field("gathers", .choice(GatherAxis.allCases.map(\.rawValue)), "what a row gathers others by"),
    Field("under", .number, "the gathering row it is folded under"),
    Field("judged", .text, "who judged its outcome, where a person did"),
  ]

  package static let sites = FilterSchema([
    Field("site", .text, "the site's id"),
    Field("organisation", .text, "the organisation's id or name, with all below it"),
    Field("host", .text, "the host's name"),
    Field("tag", .text, "one of its tags"),
    Field("criticality", .ordered(Criticality.allCases.map(\.rawValue)), "how much depends on it"),
    Field("worst", .ordered(severities), "the worst open row"),
    Field("score", .number, "its posture, 0 to 100"),
    Field("findings", .number, "open findings"),
    Field("alerts", .number, "open alert rows"),
    Field("authorised", .flag, "covered by a valid authorisation"),
    Field("tested", .time, "last tested not before"),
  ])

  package static let notices = FilterSchema([
    Field("state", .choice(NoticeState.allCases.map(\.rawValue)), "where it stands"),
    Field("kind", .choice(NoticeKind.allCases.map(\.rawValue)), "notice, early warning or reminder"),
    Field("colour", .ordered(WarningColour.allCases.map(\.rawValue)), "of a warning"),
    Field("severity", .ordered(severities), "how bad it is"),
    Field("organisation", .text, "to whom: the organisation's id or name, with all below it"),
    Field("site", .text, "one of its sites"),
    Field("number", .text, "the number it was given"),
    Field("finding", .number, "one of its findings"),
    Field("who", .text, "its author or approver"),
    Field("open", .flag, "neither closed nor lifted"),
    Field("overdue", .flag, "its running clock has ended"),
    Field("supervision", .number, "how many levels have been told, 0 to 3"),
    Field("since", .time, "made not before"),
    Field("drill", .flag, "of an exercise"),
    Field("id", .number, "the notice's own number"),
  ])

  package static let intake = FilterSchema([
    Field("state", .choice(Intake.State.allCases.map(\.rawValue)), "open, answered or rated"),
    Field("source", .choice(Intake.Source.allCases.map(\.rawValue)), "from whom it came"),
    Field("organisation", .text, "whom it is about: the organisation's id or name, with all below it"),
    Field("site", .text, "the site it is about"),
    Field("number", .text, "the sender's number"),
    Field("who", .text, "to whom it is assigned"),
    Field("rating", .choice(Intake.Rating.allCases.map(\.rawValue)), "what those who were served said"),
    Field("overdue", .flag, "not answered in time"),
    Field("since", .time, "received not before"),
    Field("id", .number, "its number"),
  ])

  package static let audit = FilterSchema([
    Field("who", .text, "who did it"),
    Field("act", .text, "what was done"),
    Field("on", .text, "to what: queue/17, site/example.org"),
    Field("since", .time, "not before"),
  ])

  /// Single alerts of a row.
  package static let alerts = FilterSchema([
    Field("since", .time, "not before"),
    Field("source", .text, "the address it came from"),
    Field("destination", .text, "the address it went to"),
    Field("port", .number, "the port it went to"),
    Field("sensor", .text, "who saw it"),
    Field("host", .text, "the host asked for"),
    Field("url", .text, "the URL asked for"),
    Field("method", .text, "how it was asked for"),
    Field("status", .number, "what was answered"),
    Field("rule", .text, "gid:sid, or words of its message"),
  ])
}
