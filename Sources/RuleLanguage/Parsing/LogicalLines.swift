/// The lines of a file, those that end in a backslash joined with the next.
struct LogicalLine {
  var bytes: [UInt8]
  /// Where physical lines begin inside `bytes`: index, line number, and the column of that byte.
  var joints: [(index: Int, line: Int)]

  func position(_ index: Int) -> (line: Int, column: Int) {
    let joint = joints.last { $0.index <= index } ?? (0, 1)
    return (joint.line, index - joint.index + 1)
  }
}

extension LogicalLine {
  /// Calls `body` for each logical line that is not empty, with its leading place; comments are handed on too.
  static func each(in file: [UInt8], _ body: (LogicalLine) -> Void) {
    var start = file.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    var number = 1
    var open: LogicalLine?
    while start < file.count {
      var end = start
      while end < file.count, file[end] != ASCII.newline { end += 1 }
      var stop = end
      if stop > start, file[stop - 1] == 13 { stop -= 1 }
      let continues = stop > start && file[stop - 1] == ASCII.backslash && end < file.count
      if continues { stop -= 1 }
      var line = open ?? LogicalLine(bytes: [], joints: [])
      open = nil
      line.joints.append((line.bytes.count, number))
      line.bytes.append(contentsOf: file[start..<stop])
      if continues { open = line } else { body(line) }
      start = end + 1
      number += 1
    }
    if let line = open { body(line) }
  }
}
