/// How many jobs run at once.
///
/// Paced, the number is what the ways to the sites bear, and every job counts. Without a pace it only spares this
/// machine, and a job that has taken long waits for a bad site: it counts no more, so that a tenth of bad sites does
/// not hold every place.
struct JobPlaces: Sendable {
  let jobs: Int
  let isPaced: Bool

  /// Many times what a job takes at a site that answers.
  static let longNanoseconds: Int64 = 2_000_000_000
  /// Threads are bounded all the same.
  static let mostTimes = 4

  /// `since`: when the jobs that run began, on the clock of `now`.
  func isFree(beside since: some Collection<Int64>, at now: Int64) -> Bool {
    if isPaced || since.count < jobs { return since.count < jobs }
    return since.count < jobs * JobPlaces.mostTimes
      && since.count(where: { now - $0 < JobPlaces.longNanoseconds }) < jobs
  }
}
