import Glibc

/// The interface to capture on: named, or asked for on a terminal with the default route's proposed.
enum Interfaces {
  /// Nil where none is named and nobody can be asked.
  static func ask(named: String?) throws -> String? {
    if let named { return named }
    guard isatty(0) == 1, isatty(2) == 1, let proposed = defaultRoute() else { return nil }
    Console.error.write("vigil: capture on which interface? [\(proposed)] ")
    let answer = readLine(strippingNewline: true) ?? ""
    return answer.isEmpty ? proposed : answer
  }

  /// The interface of the route to 0.0.0.0/0, from the kernel's table.
  static func defaultRoute() -> String? {
    guard let file = unsafe fopen("/proc/net/route", "re") else { return nil }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    while unsafe fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let fields = text.split { $0 == "\t" || $0 == " " }
      if fields.count > 7, fields[1] == "00000000", fields[7] == "00000000" { return String(fields[0]) }
    }
    return nil
  }
}
