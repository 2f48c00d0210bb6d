package import Wire

/// A named violation of a protocol, told once per transaction and direction. `name` is what rules ask for with
/// `app-layer-event`; it is made from the case: `httpRequestHeaderInvalid` is `http.request_header_invalid`.
package enum AppEvent: UInt8, CaseIterable, Sendable {
  // Of the session, before or beside a protocol.
  case applayerMismatchProtocolBothDirections, applayerWrongDirectionFirstData
  case applayerDetectProtocolOnlyOneDirection, applayerProtoDetectionSkipped, applayerUnexpectedProtocol

  case httpUnknownError, httpGzipDecompressionFailed, httpRequestFieldMissingColon, httpResponseFieldMissingColon
  case httpInvalidRequestChunkLen, httpInvalidResponseChunkLen, httpInvalidTransferEncodingValueInRequest
  case httpInvalidTransferEncodingValueInResponse, httpInvalidContentLengthFieldInRequest
  case httpInvalidContentLengthFieldInResponse, httpDuplicateContentLengthFieldInRequest
  case httpDuplicateContentLengthFieldInResponse, http100ContinueAlreadySeen
  case httpUnableToMatchResponseToRequest, httpInvalidServerPortInRequest, httpInvalidAuthorityPort
  case httpRequestHeaderInvalid, httpResponseHeaderInvalid, httpMissingHostHeader, httpHostHeaderAmbiguous
  case httpInvalidRequestFieldFolding, httpInvalidResponseFieldFolding, httpRequestFieldTooLong
  case httpResponseFieldTooLong, httpRequestHostInvalid, httpRequestHeaderHostInvalid, httpUriDelimNonCompliant
  case httpMethodDelimNonCompliant, httpRequestLineLeadingWhitespace, httpRequestLineMissingProtocol
  case httpRequestLineIncomplete, httpResponseInvalidProtocol, httpResponseInvalidStatus, httpDoubleEncodedUri
  case httpRequestAuthUnrecognized, httpRequestHeaderRepetition, httpResponseHeaderRepetition
  case httpResponseMultipartByteranges, httpResponseAbnormalTransferEncoding, httpResponseChunkedOldProto
  case httpAbnormalCeHeader, httpTooManyEncodingLayers, httpLzmaMemlimitReached, httpCompressionBomb
  case httpLzmaDecompressionFailed, httpRequestBodyUnexpected, httpRequestChunkExtension
  case httpResponseChunkExtension, httpRequestTooManyHeaders, httpResponseTooManyHeaders, httpTooManyHeaders
  case httpMultipartGenericError, httpMultipartNoFiledata, httpMultipartInvalidHeader, httpFailedProtocolChange
  case httpRangeInvalid, httpFileNameTooLong, httpTooManyWarnings, httpRequestLineInvalid

  case tlsInvalidSslv2Header, tlsInvalidTlsHeader, tlsInvalidRecordVersion, tlsInvalidRecordType
  case tlsInvalidHandshakeMessage, tlsInvalidCertificate, tlsCertificateMissingElement
  case tlsCertificateUnknownElement, tlsCertificateInvalidLength, tlsCertificateInvalidVersion
  case tlsCertificateInvalidString, tlsErrorMessageEncountered, tlsMultipleSniExtensions, tlsInvalidSniType
  case tlsInvalidSniLength, tlsTooManyRecordsInPacket, tlsInvalidAlert, tlsInvalidSslRecord
  case tlsHandshakeInvalidLength, tlsHeartbeatMessage, tlsInvalidHeartbeatMessage, tlsOverflowHeartbeatMessage
  case tlsDataleakHeartbeatMismatch

  case dnsMalformedData, dnsNotRequest, dnsNotResponse, dnsZFlagSet, dnsInvalidOpcode, dnsNameTooLong
  case dnsInfiniteLoop, dnsTooManyLabels, dnsInvalidAdditionals, dnsInvalidAuthorities

  /// The name in rules.
  package var name: String { Self.table[Int(rawValue)].name }
  /// The name in EVE's `anomaly.event`: without the protocol; HTTP, TLS and the session's own in capitals.
  package var eveName: String { Self.table[Int(rawValue)].eve }
  /// The protocol it belongs to; `.unknown` for the session's own.
  package var proto: AppProtocol { Self.table[Int(rawValue)].proto }

  /// By a rule's word, old spellings included.
  package init?(name: String) {
    let known = ["dns.not_a_request": "dns.not_request", "dns.not_a_response": "dns.not_response"][name] ?? name
    guard let found = Self.byName[known] else { return nil }
    self = found
  }

  private struct Entry: Sendable {
    let name: String
    let eve: String
    let proto: AppProtocol
  }

  private static let byName: [String: AppEvent] = Dictionary(
    allCases.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  private static let table: [Entry] = allCases.map { event in
    var words: [String] = [""]
    var isNumber = false
    for character in "\(event)" {
      let startsNumber = character.isNumber && !isNumber
      isNumber = character.isNumber
      if character.isUppercase || startsNumber { words.append("") }
      words[words.count - 1] += character.lowercased()
    }
    // A version is part of its word.
    let joined = words.joined(separator: "_").replacing("sslv_2", with: "sslv2")
    guard let proto = AppProtocol(name: words[0]) else {
      return Entry(name: joined, eve: joined.uppercased(), proto: .unknown)
    }
    let tail = String(joined.dropFirst(words[0].count + 1))
    let name = words[0] + "." + tail
    return Entry(name: name, eve: proto == .dns ? tail : tail.uppercased(), proto: proto)
  }
}

/// The events of one transaction: a bit each.
package struct AppEventSet: Hashable, Sendable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0
  package init() {}
  package var isEmpty: Bool { low | high == 0 }
  package func contains(_ event: AppEvent) -> Bool {
    event.rawValue < 64 ? low >> UInt64(event.rawValue) & 1 == 1 : high >> UInt64(event.rawValue - 64) & 1 == 1
  }
  /// False when it was there already.
  package mutating func insert(_ event: AppEvent) -> Bool {
    guard !contains(event) else { return false }
    if event.rawValue < 64 { low |= 1 << UInt64(event.rawValue) } else { high |= 1 << UInt64(event.rawValue - 64) }
    return true
  }
}

/// An event as it is handed to the session's owner.
package struct ParserEvent: Sendable {
  /// The transaction's id; nil when the event belongs to the session.
  package let transaction: UInt64?
  package let direction: Direction
  package let event: AppEvent
  package let proto: AppProtocol
  package var name: String { event.name }
}
