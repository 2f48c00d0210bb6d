import Testing

@testable import Scanner

@Suite struct JobPlacesTests {
  private static let second: Int64 = 1_000_000_000

  @Test(
    "without a pace a job that has taken long gives its place, until four times as many run",
    arguments: [
      // Ages of those that run, in tenths of a second; a place is free.
      ([], true), ([0], true), ([0, 0], false), ([19, 20], true), ([20, 20], true), ([20, 20, 0, 0], false),
      ([30, 30, 30, 30, 30, 30, 30], true), ([30, 30, 30, 30, 30, 30, 30, 30], false),
    ] as [([Int64], Bool)])
  func unpaced(ages: [Int64], isFree: Bool) {
    let now = 100 * JobPlacesTests.second
    let places = JobPlaces(jobs: 2, isPaced: false)
    #expect(places.isFree(beside: ages.map { now - $0 * JobPlacesTests.second / 10 }, at: now) == isFree)
  }

  @Test("with a pace every job counts, however long it has taken")
  func paced() {
    let places = JobPlaces(jobs: 2, isPaced: true)
    #expect(places.isFree(beside: [0], at: 100 * JobPlacesTests.second))
    #expect(!places.isFree(beside: [0, 0], at: 100 * JobPlacesTests.second))
  }
}
