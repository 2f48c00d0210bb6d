/// One program to be started: never through a shell, each argument a word of its own.
package struct ToolCommand: Hashable, Sendable {
  /// Absolute.
  package var program: String
  package var arguments: [String]
  package var bounds = ToolBounds()

  package init(program: String, arguments: [String], bounds: ToolBounds = .init()) {
    self.program = program
    self.arguments = arguments
    self.bounds = bounds
  }
}

/// What a program may use. The bounds of memory and processor hold for each process that it starts.
package struct ToolBounds: Hashable, Sendable {
  /// Address space; sslscan takes 30 MiB, testssl's openssl 20, nmap 120.
  package var memoryBytes = 512 << 20
  /// The longest of the three takes 45 s of a slow processor.
  package var processorSeconds = 300
  /// A report is some hundred KiB.
  package var fileBytes = 64 << 20
  package var openFiles = 256
  /// Standard output that is read; a program that says more is ended.
  package var outputBytes = 16 << 20
  /// Standard error that is kept, its end: a line of it goes into a reason.
  package var complaintBytes = 16 << 10

  package init() {}
}

/// How a program ended, and what it said.
package struct ToolRun: Sendable {
  package enum End: Hashable, Sendable {
    case exited(Int32)
    /// By a signal that was not ours: a bound was met (SIGXCPU, SIGXFSZ), or it crashed.
    case signalled(Int32)
    case deadline
    case stopped
    case tooMuchOutput
    case notStarted(Int32)
  }
  package var end: End
  package var output: [UInt8] = []
  package var complaint: [UInt8] = []

  /// Lower case, for an outcome's reason; empty where it exited with 0.
  package func reason(_ tool: String) -> String {
    switch end {
    case .exited(0): ""
    case .exited(let status): "\(tool) ended with status \(status)\(lastWords)"
    case .signalled(let number): "\(tool) was ended by signal \(number)\(lastWords)"
    case .deadline: "deadline"
    case .stopped: "stopped"
    case .tooMuchOutput: "\(tool) wrote more than its limit"
    case .notStarted(let code): "\(tool) cannot be started: system error \(code)"
    }
  }

  private var lastWords: String {
    let lines = complaint.split(whereSeparator: { $0 == 10 || $0 == 13 })
    guard let last = lines.last else { return "" }
    return ": " + ToolText.line(String(decoding: last, as: UTF8.self), limit: 120)
  }
}

/// What a program wrote, made fit for a screen and a record.
package enum ToolText {
  /// One line without control characters, and at most `limit` scalars.
  package static func line(_ text: String, limit: Int = 400) -> String {
    var result = String.UnicodeScalarView()
    var isSpace = true
    var count = 0
    for scalar in text.unicodeScalars.prefix(limit * 4) where count <= limit {
      let isBlank = scalar.properties.isWhitespace
      let category = scalar.properties.generalCategory
      if category == .format || category == .control && !isBlank { continue }
      if !(isBlank && isSpace) {
        result.append(isBlank ? " " : scalar)
        count += 1
      }
      isSpace = isBlank
    }
    let isLong = count > limit
    return String(isLong ? String.UnicodeScalarView(result.prefix(max(limit - 3, 0))) : result).trimmingSpace
      + (isLong ? "..." : "")
  }

  /// Lower case letters, digits, `_` and `.`; what stands between is one `_`. At most 64 characters; nil where nothing
  /// is left.
  package static func slug(_ text: String) -> String? {
    var result = ""
    for character in text.lowercased().unicodeScalars.prefix(256) {
      switch character {
      case "a"..."z", "0"..."9", ".": result.unicodeScalars.append(character)
      default: if !result.hasSuffix("_"), !result.isEmpty { result += "_" }
      }
      if result.utf8.count >= 64 { break }
    }
    while let last = result.last, last == "_" || last == "." { result.removeLast() }
    while let first = result.first, first == "_" || first == "." { result.removeFirst() }
    return result.isEmpty ? nil : result
  }
}
