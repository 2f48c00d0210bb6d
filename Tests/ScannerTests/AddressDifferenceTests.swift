import Records
import Testing
import Wire

@testable import Scanner

@Suite struct AddressDifferenceTests {
  private func seen(
    _ address: String, _ answers: [(String, Observation.Answer)], grade: String? = nil
  ) -> AddressDifference.Seen {
    let observations = answers.map { check, answer in
      Observation(
        time: Timestamp(nanoseconds: 0), engine: "e", check: check, title: BilingualText(check), severity: .low,
        target: Target(scheme: "https", host: "a", port: 443), answer: answer)
    }
    return AddressDifference.Seen(
      address: address, observations: observations, grades: grade.map { ["tls": $0] } ?? [:])
  }

  private func lines(_ seen: AddressDifference.Seen...) -> [String] {
    AddressDifference.find(seen).map { difference in
      "\(difference.name): " + difference.values.map { "\($0.address) \($0.value)" }.joined(separator: ", ")
    }
  }

  @Test("a yes here and a no there is a difference, and so is another grade") func found() {
    #expect(
      lines(
        seen("1", [("e.x", .yes), ("e.same", .yes)], grade: "A"),
        seen("2", [("e.x", .no), ("e.same", .yes)], grade: "B"))
        == ["e.x: 1 yes, 2 no", "tls grade: 1 A, 2 B"])
  }

  @Test("what is not determined differs from nothing, and one address from nobody") func open() {
    #expect(lines(seen("1", [("e.x", .yes)]), seen("2", [("e.x", .notDetermined(reason: "deadline"))])) == [])
    #expect(lines(seen("1", [("e.x", .yes)])) == [])
  }

  @Test("a check with several answers is yes where any of them is") func several() {
    #expect(lines(seen("1", [("e.x", .no), ("e.x", .yes)]), seen("2", [("e.x", .yes)])) == [])
    #expect(lines(seen("1", [("e.x", .no), ("e.x", .yes)]), seen("2", [("e.x", .no)])) == ["e.x: 1 yes, 2 no"])
  }
}
