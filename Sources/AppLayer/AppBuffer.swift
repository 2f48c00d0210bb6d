package import Wire

/// The bytes of a transaction that a rule can match with `content` and `pcre`: one case per sticky buffer.
/// Names, aliases, directions and the progress from which a buffer is final are in `AppBuffer.registry`.
package enum AppBuffer: UInt8, CaseIterable, Sendable {
  case httpURI, httpURIRaw, httpMethod, httpProtocol, httpRequestLine, httpResponseLine, httpHeader, httpHeaderRaw
  case httpHeaderNames, httpRequestHeader, httpResponseHeader, httpCookie, httpUserAgent, httpHost, httpHostRaw
  case httpReferer, httpAccept, httpAcceptEncoding, httpAcceptLanguage, httpConnection, httpContentType
  case httpContentLength, httpLocation, httpServer, httpStart, httpStatusCode, httpStatusMessage, httpRequestBody
  case httpResponseBody, fileData, fileName
  case tlsSNI, tlsCertificateSubject, tlsCertificateIssuer, tlsCertificateSerial, tlsCertificateFingerprint,
    tlsCertificates
  case tlsSubjectAltName, tlsALPN, tlsRandom, tlsRandomTime, tlsRandomBytes, ja3Hash, ja3String, ja3sHash, ja3sString
  case ja4Hash
  case dnsQuery, dnsQueriesName, dnsAnswersName, dnsAuthoritiesName, dnsAdditionalsName, dnsResponseName

  package var entry: AppBufferEntry { Self.registry[Int(rawValue)] }
  package var name: String { entry.name }

  /// By a rule's word: the sticky name, an older spelling of it, or the modifier that did its work.
  package init?(name: String) {
    guard let found = Self.byName[name] else { return nil }
    self = found
  }
  private static let byName: [String: AppBuffer] = Dictionary(
    registry.flatMap { entry in ([entry.name] + entry.aliases).map { ($0, entry.buffer) } },
    uniquingKeysWith: { first, _ in first })
}

/// One line of the registry.
package struct AppBufferEntry: Sendable {
  package let buffer: AppBuffer
  /// The sticky buffer's name in Suricata 8.
  package let name: String
  /// Older spellings, all sticky or modifier forms of the same.
  package let aliases: [String]
  /// The protocols that fill it (`file.data` will have more).
  package let protocols: [AppProtocol]
  /// The progress of a direction from which the buffer is final there; nil when that direction never has it.
  package let toServer: UInt8?
  package let toClient: UInt8?
  /// Whether a transaction may hold several; each is matched on its own.
  package let isMulti: Bool
  /// Whether it grows before it is final, and may be inspected each time it has.
  package let isStreaming: Bool

  package func finalProgress(_ direction: Direction) -> UInt8? { direction == .toServer ? toServer : toClient }
}
