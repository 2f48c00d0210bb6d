internal import Glibc

/// The names of rotated files beside `path`: `eve.json.20261122T031500Z`, with `.2` and so on within one second.
struct RotatedFiles {
  let path: String

  func freshName(now: time_t) -> String {
    var clock = now
    var parts = unsafe tm()
    unsafe gmtime_r(&clock, &parts)
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let day = unsafe "\(parts.tm_year + 1900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))"
    let base = unsafe "\(path).\(day)T\(two(parts.tm_hour))\(two(parts.tm_min))\(two(parts.tm_sec))Z"
    var candidate = base
    var suffix = 2
    while unsafe access(candidate, F_OK) == 0 {
      candidate = "\(base).\(suffix)"
      suffix += 1
    }
    return candidate
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
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      let tail = name.dropFirst(prefix.count)
      if name.hasPrefix(prefix), tail.count >= 16, tail.first?.isNumber == true { names.append("\(folder)/\(name)") }
    }
    return names.sorted()
  }
}
