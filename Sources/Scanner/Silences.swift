internal import Engines
internal import Records
internal import Wire

/// Ports that kept an engine waiting, for a little while, by saying nothing or by never ending: a pure table under the
/// caller's clock.
struct Silences {
  private struct Place: Hashable {
    var host: String
    var address: IPAddress?
    var port: UInt16
  }
  private struct Silence {
    var engine: String
    var since: Int64
  }
  private var places: [Place: Silence] = [:]
  private var unended: [Place: Silence] = [:]

  /// One round over a site, whose engines come one after the other; the next look asks anew.
  static let seconds: Int64 = 60
  /// More silent sites at once are no sites but a network that is away: the oldest are asked again.
  private static let limit = 4096

  /// Takes note of how a job ended. Whoever answers anything at all ends the silence.
  mutating func note(_ job: ScanJob, _ counted: ScanContext.Counters, at now: Int64) {
    guard counted.connections > 0 else { return }
    let place = Silences.place(job)
    if counted.unended > 0 { Silences.put(Silence(engine: job.engine, since: now), at: place, in: &unended) }
    if counted.isAnswered { places[place] = nil }
    guard !counted.isAnswered, (counted.causes["timed out"] ?? 0) > 0 else { return }
    Silences.put(Silence(engine: job.engine, since: now), at: place, in: &places)
  }

  private static func put(_ silence: Silence, at place: Place, in table: inout [Place: Silence]) {
    if table.count >= limit { table = table.filter { isFresh($0.value, silence.since) } }
    if table.count < limit { table[place] = silence }
  }

  /// A page that did not end for one engine is not waited for whole again.
  mutating func shorten(_ limits: inout ScanContext.Limits, of job: ScanJob, at now: Int64) {
    let place = Silences.place(job)
    guard let known = unended[place], known.engine != job.engine else { return }
    guard Silences.isFresh(known, now) else { return unended[place] = nil }
    limits.exchangeMilliseconds = min(limits.exchangeMilliseconds, Silences.shortMilliseconds)
    limits.unendedBefore = 1
  }

  /// What an ordinary page takes, several times over.
  private static let shortMilliseconds = 3_000

  /// Why the job need not ask; nil: it should.
  mutating func reason(_ job: ScanJob, at now: Int64) -> String? {
    let place = Silences.place(job)
    guard let silence = places[place], silence.engine != job.engine else { return nil }
    guard Silences.isFresh(silence, now) else {
      places[place] = nil
      return nil
    }
    let ago = (now - silence.since) / 1_000_000_000
    return "timed out: \(silence.engine) asked \(ago) s before and no byte came"
  }

  private static func isFresh(_ silence: Silence, _ now: Int64) -> Bool {
    now - silence.since < seconds * 1_000_000_000
  }

  private static func place(_ job: ScanJob) -> Place {
    Place(host: job.target.host, address: job.target.address, port: job.target.port)
  }
}
