internal import Documents
internal import Wire

/// How long a publicly trusted certificate may be valid, by the day it begins: `Rules/grading/certificate-lifetime.yaml`.
package struct LifetimeLimits: Hashable, Sendable {
  private struct Step: Hashable {
    var since: Int64
    var days: Int
  }
  /// The newest first.
  private var steps: [Step] = []

  init() {}
  var isEmpty: Bool { steps.isEmpty }

  init(_ root: DocumentValue) throws(DocumentError) {
    try root.refuseUnknown(besides: ["limits"])
    for value in try root.required("limits").list() {
      try value.refuseUnknown(besides: ["since", "days"])
      let since = try value.required("since")
      let second = try since.day().second
      if let last = steps.first, second <= last.since {
        throw DocumentError(
          .badValue, since.position, "\(since.kind) is not later than the day before it", hint: "the oldest first")
      }
      // A certificate of more than ten years was never within any limit.
      steps.insert(Step(since: second, days: try value.required("days").int(in: 1...3660)), at: 0)
    }
  }

  /// Nil for certificates from before the limits, all of which have expired.
  func days(issued seconds: Int64) -> Int? { steps.first { seconds >= $0.since }?.days }
}
