internal import Documents
package import Wire

extension Configuration {
  /// A server that names are asked of.
  package struct NameServer: Sendable, Equatable {
    package var address: IPAddress
    package var port: UInt16
  }

  /// Where trusted roots come from.
  package struct TrustStore: Sendable, Equatable {
    /// As shown in facts.
    package var name: String
    /// PEM; nil: the system's own, or `content`.
    package var path: String?
    /// A store of the bundle in force, by its file name; looked up when a role starts.
    package var content: String?
    /// Holds only authorities that the public trusts.
    package var isPublic: Bool
  }
}

/// The parts of `scan` that say whom engines believe: each read, and its file looked at, before anything is scanned.
enum ScanSources {
  /// `192.0.2.53`, `192.0.2.53@5353`, `2001:db8::53@53`.
  static func nameServer(_ value: DocumentValue) throws -> Configuration.NameServer {
    let parts = try value.string().split(separator: "@", omittingEmptySubsequences: false)
    let port = parts.count == 2 ? UInt16(parts[1]) : 53
    guard parts.count <= 2, let first = parts.first, let address = IPAddress(String(first)), let port, port > 0 else {
      throw DocumentError(
        .badValue, value.position, "\(value.kind) is not a name server's address",
        hint: "for example 192.0.2.53 or 192.0.2.53@5353")
    }
    return Configuration.NameServer(address: address, port: port)
  }

  /// DS or DNSKEY records, one a line in zone file form (RFC 1035 section 5.1), comments after `;`.
  static func anchors(_ value: DocumentValue, file: String) throws -> [String] {
    let text = try DocumentFile.text(path: file)
    var records: [String] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let words = line.prefix { $0 != ";" }.split(whereSeparator: \.isWhitespace)
      if words.isEmpty { continue }
      guard words.count >= 5,
        words.dropFirst().prefix(3).contains(where: { ["DS", "DNSKEY"].contains($0.uppercased()) })
      else {
        throw DocumentError(
          .badValue, SourcePosition(file: file, line: index + 1, column: 1), "this line is no DS and no DNSKEY record",
          hint: "write one a line: example.gov. IN DS 12345 13 2 ...")
      }
      records.append(words.joined(separator: " "))
    }
    guard !records.isEmpty else {
      throw DocumentError(.badValue, value.position, "\(file) holds no DS and no DNSKEY record")
    }
    return records
  }

  /// `system`, a path, or `{name, path, public}`.
  static func trustStore(_ value: DocumentValue, beside: (String) -> String) throws -> Configuration.TrustStore {
    guard case .map = value.content else { return try store(value, name: nil, isPublic: false, beside) }
    if let first = value.unknownKeys(besides: ["name", "path", "public"]).first { throw first }
    return try store(
      try value.required("path"), name: try value["name"]?.string(), isPublic: try value["public"]?.bool() ?? false,
      beside)
  }

  private static func store(
    _ value: DocumentValue, name: String?, isPublic: Bool, _ beside: (String) -> String
  ) throws -> Configuration.TrustStore {
    let text = try value.string()
    if text == "system" { return Configuration.TrustStore(name: name ?? text, path: nil, isPublic: true) }
    if text.hasPrefix("content:") {
      let file = String(text.dropFirst("content:".count))
      guard file.hasSuffix(".pem"), !file.contains("/") else {
        throw DocumentError(
          .badValue, value.position, "\(value.kind) names no store of a bundle", hint: "for example content:city-ca.pem"
        )
      }
      return Configuration.TrustStore(name: name ?? file, content: file, isPublic: isPublic)
    }
    let path = beside(text)
    guard try DocumentFile.text(path: path).contains("CERTIFICATE-----") else {
      throw DocumentError(
        .badValue, value.position, "\(path) holds no certificate in PEM", hint: "name a file in PEM, or system")
    }
    let last = text.split(separator: "/").last.map(String.init) ?? text
    return Configuration.TrustStore(name: name ?? last, path: path, isPublic: isPublic)
  }
}
