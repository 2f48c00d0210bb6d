/// What a page of a server's own making tells: a stack, a debugger, a version, a folder's files.
struct ErrorPageWords {
  private let text: [UInt8]

  init(_ body: [UInt8]) {
    text = Array(String(decoding: body.prefix(SiteProbe.bodyLimit), as: UTF8.self).lowercased().utf8)
  }

  /// What is shown, and the phrases that must all stand there.
  private static let traces: [(String, [String])] = [
    ("a Python traceback", ["traceback (most recent call last)"]),
    ("a Java stack trace", ["exception", "\tat java."]), ("a Java stack trace", ["exception", "\tat org."]),
    ("a Java stack trace", ["exception", "at org.apache.", ".java:"]),
    ("a .NET stack trace", ["stack trace:", "system.web."]),
    ("a .NET stack trace", ["unhandled exception", "at microsoft."]),
    ("a PHP error with its file", ["fatal error", ".php</b> on line <b>"]),
    ("a PHP error with its file", ["warning", ".php</b> on line <b>"]),
    ("a Node.js stack trace", ["error:", "node_modules/", ".js:"]),
    ("a Go panic", ["goroutine 1 [running]"]),
    ("a Ruby backtrace", ["actioncontroller::", ".rb:"]),
    ("an error of SQL", ["sqlstate["]), ("an error of SQL", ["you have an error in your sql syntax"]),
    ("an error of Oracle", ["ora-0", "sql"]),
  ]
  private static let debuggers: [(String, [String])] = [
    ("Django with DEBUG on", ["you're seeing this error because you have", "debug = true"]),
    ("Django with DEBUG on", ["using the urlconf defined in"]),
    ("Werkzeug's debugger", ["werkzeug", "debugger"]), ("Laravel's Ignition", ["ignition", "laravel", "stack"]),
    ("Whoops", ["whoops! there was an error"]), ("Symfony's debugger", ["sf-dump", "symfony exception"]),
    ("Symfony's debugger", ["sfwdt", "symfony"]), ("ThinkPHP's debugger", ["thinkphp", "exception", "call stack"]),
    ("ThinkPHP's debugger", ["think\\exception", "environment variables"]),
    ("Rails in development", ["routing error", "rails.root"]),
  ]
  /// Products that write their version on their pages; a digit must follow.
  private static let banners = [
    "nginx/", "apache/", "apache tomcat/", "openresty/", "tengine/", "microsoft-iis/", "php/", "lighttpd/", "jetty://",
    "asp.net version:", "weblogic server ", "caddy/",
  ]
  private static let listings = [
    "<title>index of /", "<h1>index of /", "<title>directory listing for ", "[to parent directory]",
    "<title>directory: /", "<title>listing directory /",
  ]

  private func first(_ table: [(String, [String])]) -> String? {
    table.first { $0.1.allSatisfy { text.contains(phrase: $0) } }?.0
  }

  var stackTrace: String? { first(ErrorPageWords.traces) }
  var debugger: String? { first(ErrorPageWords.debuggers) }
  var isListing: Bool { ErrorPageWords.listings.contains { text.contains(phrase: $0) } }

  var version: String? {
    ErrorPageWords.banners.lazy.compactMap { banner -> String? in
      guard let at = text.offset(of: Array(banner.utf8)) else { return nil }
      let rest = text.dropFirst(at + banner.utf8.count).drop { $0 == 0x20 }
      guard let digit = rest.first, digit >= 0x30, digit <= 0x39 else { return nil }
      let number = rest.prefix(16).prefix { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2e }
      return banner + String(decoding: number, as: UTF8.self)
    }.first
  }
}
