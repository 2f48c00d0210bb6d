/// One line of a head.
package struct HeaderLine: Sendable, Hashable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// The endpoint that a template is run on.
package struct TemplateTarget: Sendable, Hashable {
  package var scheme: String
  /// As a URL has it: a name, an IPv4 address, an IPv6 address without its brackets.
  package var host: String
  package var port: UInt16
  /// Begins with a slash.
  package var path: String

  package init(scheme: String, host: String, port: UInt16, path: String = "/") {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.path = path.hasPrefix("/") ? path : "/" + path
  }

  /// `host` or `host:port`, as the Host field has it.
  package var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    let isDefault = (scheme == "http" && port == 80) || (scheme == "https" && port == 443)
    return isDefault ? name : "\(name):\(port)"
  }

  package var root: String { "\(scheme)://\(authority)" }

  /// The path without the slash at its end: empty for `/`.
  var basePath: String { String(path.prefix { $0 != "?" && $0 != "#" }).droppingSlashes }
}

extension String {
  fileprivate var droppingSlashes: String {
    var rest = self[...]
    while rest.hasSuffix("/") { rest = rest.dropLast() }
    return String(rest)
  }
}

/// A request with every variable filled in. Two are equal when the same is sent: which payload it was made of does not
/// count, so that equal questions of several templates are asked once.
package struct PlannedRequest: Sendable, Hashable {
  package var method: String
  /// Path and query on the target's own host; begins with a slash, holds no space and no control character.
  package var path: String
  /// In order. `Host` only where it is not the target's own.
  package var headers: [HeaderLine]
  package var body: [UInt8]
  /// Only on the target's own host, whatever the template says.
  package var followsRedirects: Bool
  package var redirectLimit: Int
  /// The payloads that it was made of, by name: for evidence.
  package var payload: [String: String]

  package init(
    method: String = "GET", path: String, headers: [HeaderLine] = [], body: [UInt8] = [],
    followsRedirects: Bool = false, redirectLimit: Int = 0, payload: [String: String] = [:]
  ) {
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
    self.followsRedirects = followsRedirects
    self.redirectLimit = redirectLimit
    self.payload = payload
  }

  package static func == (a: PlannedRequest, b: PlannedRequest) -> Bool {
    a.method == b.method && a.path == b.path && a.headers == b.headers && a.body == b.body
      && a.followsRedirects == b.followsRedirects && a.redirectLimit == b.redirectLimit
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(method)
    hasher.combine(path)
    hasher.combine(headers)
    hasher.combine(body)
    hasher.combine(followsRedirects)
    hasher.combine(redirectLimit)
  }
}
