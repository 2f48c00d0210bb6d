package import Records

/// What is not the same at all addresses of one name: an answer of *yes* or *no*, or a grade.
package struct AddressDifference: Sendable, Hashable {
  package struct Value: Sendable, Hashable {
    package var address: String
    package var value: String
  }
  /// A check, or an engine's grade: `tls grade`.
  package var name: String
  /// In the order of the addresses.
  package var values: [Value]

  /// What was seen at one address.
  package struct Seen: Sendable {
    var address: String
    var observations: [Observation]
    /// By engine.
    var grades: [String: String]

    package init(address: String, observations: [Observation], grades: [String: String] = [:]) {
      (self.address, self.observations, self.grades) = (address, observations, grades)
    }
  }

  package static func find(_ seen: [Seen]) -> [AddressDifference] {
    guard seen.count > 1 else { return [] }
    var names: [String] = []
    var values: [String: [Value]] = [:]
    for one in seen {
      for (name, value) in answers(one.observations) + one.grades.sorted(by: <).map({ ("\($0.key) grade", $0.value) }) {
        if values[name] == nil { names.append(name) }
        values[name, default: []].append(Value(address: one.address, value: value))
      }
    }
    return names.compactMap { name in
      let told = values[name] ?? []
      return Set(told.map(\.value)).count > 1 ? AddressDifference(name: name, values: told) : nil
    }
  }

  /// One a check: *yes* where any of its observations is; what is not determined differs from nothing.
  private static func answers(_ observations: [Observation]) -> [(String, String)] {
    var order: [String] = []
    var answers: [String: String] = [:]
    for observation in observations where observation.answer == .yes || observation.answer == .no {
      if answers[observation.check] == nil { order.append(observation.check) }
      if observation.answer == .yes || answers[observation.check] == nil {
        answers[observation.check] = observation.answer == .yes ? "yes" : "no"
      }
    }
    return order.map { ($0, answers[$0] ?? "") }
  }
}
