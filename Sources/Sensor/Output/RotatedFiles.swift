internal import Documents
internal import Glibc

/// The names of rotated files beside `path`: `eve.json.20261122T031500Z`, with `.0002` and so on within one second.
struct RotatedFiles {
  let path: String

  func freshName(now: time_t) -> String {
    var clock = now
    var parts = unsafe tm()
    unsafe gmtime_r(&clock, &parts)
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let day = unsafe "\(parts.tm_year + 1900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))"
    let base = unsafe "\(path).\(day)T\(two(parts.tm_hour))\(two(parts.tm_min))\(two(parts.tm_sec))Z"
    // Behind the last of this second, also where earlier ones were removed: names must go on sorting as times do.
    guard let last = list().last(where: { $0.contains(base) }) else { return base }
    let number = last.hasSuffix("Z") ? 1 : Int(last.suffix(4)) ?? 1
    let digits = String(number + 1)
    return "\(base).\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)"
  }

  /// Removes the oldest until `count` are left. Names sort as their times do.
  func remove(allBut count: Int) {
    let names = list()
    for name in names.dropLast(count) { unsafe _ = unlink(name) }
  }

  func list() -> [String] {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[..<$0]) } ?? "."
    let prefix = (slash.map { String(path[path.index(after: $0)...]) } ?? path) + "."
    return (FolderListing.entries(in: folder) ?? []).map(\.name).filter { name in
      let tail = name.dropFirst(prefix.count)
      return name.hasPrefix(prefix) && tail.count >= 16 && tail.first?.isNumber == true
    }.map { "\(folder)/\($0)" }
  }
}
