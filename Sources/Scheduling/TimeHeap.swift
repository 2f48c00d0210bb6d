internal import Wire

/// A binary heap of moments, each with a number. What was rescheduled leaves its old moment behind, to be skipped when
/// it is popped.
struct TimeHeap: Sendable {
  private var heap: [(time: Int64, value: Int64)] = []

  var first: Timestamp? { heap.first.map { Timestamp(nanoseconds: $0.time) } }

  mutating func push(_ value: Int64, _ time: Timestamp) {
    let item = (time: time.nanoseconds, value: value)
    heap.append(item)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard item.time < heap[parent].time else { break }
      heap[child] = heap[parent]
      child = parent
    }
    heap[child] = item
  }

  mutating func pop(until now: Timestamp) -> Int64? {
    guard let top = heap.first, top.time <= now.nanoseconds else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty { sink(last) }
    return top.value
  }

  /// `item` from the top to its place.
  private mutating func sink(_ item: (time: Int64, value: Int64)) {
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].time < heap[child].time { child += 1 }
      guard heap[child].time < item.time else { break }
      heap[parent] = heap[child]
      parent = child
    }
    heap[parent] = item
  }
}
