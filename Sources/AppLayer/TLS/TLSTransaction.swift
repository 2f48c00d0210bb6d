package import Wire

/// The one transaction of a TLS session: its handshake.
package final class TLSTransaction: Transaction {
  /// What one side said and showed.
  package struct Side: Sendable {
    package var random: [UInt8] = []
    package var alpns: [[UInt8]] = []
    package var certificates: [[UInt8]] = []
    package var leaf: Certificate?
    /// SHA-1 of the leaf, `aa:bb:..`.
    package var fingerprint: [UInt8] = []
    /// Distinguished names as EVE prints them: `C=US, O=..., CN=...`.
    package var subject: [UInt8]?
    package var issuer: [UInt8]?
    /// `aa:bb:..`, upper-case.
    package var serial: [UInt8]?
    package var helloVersion: TLSVersion?
    package var cipherSuites: [UInt16] = []
    package var extensions: [UInt16] = []
  }
  package internal(set) var client = Side()
  package internal(set) var server = Side()
  package internal(set) var sni: [UInt8]?
  /// As negotiated; the record's or the client's before the server spoke.
  package internal(set) var version: TLSVersion?
  package internal(set) var cipherSuite: UInt16?
  package internal(set) var isSessionResumed = false
  package internal(set) var ja3String: [UInt8] = []
  package internal(set) var ja3Hash: [UInt8] = []
  package internal(set) var ja3sString: [UInt8] = []
  package internal(set) var ja3sHash: [UInt8] = []
  package internal(set) var ja4: [UInt8] = []
  /// The state a rule asks for with `ssl_state`.
  package internal(set) var state: TLSStates = []
  package internal(set) var isEncrypted = false
  package internal(set) var lastAlert: (level: UInt8, description: UInt8)?

  var arena = ByteArena()
  var lent: [Int: Bytes] = [:]

  init(id: UInt64, at time: Timestamp) { super.init(id: id, proto: .tls, at: time) }

  /// Validity of the certificate that the server (or, failing that, the client) showed.
  package var notBefore: Timestamp? { (server.leaf ?? client.leaf)?.notBefore }
  package var notAfter: Timestamp? { (server.leaf ?? client.leaf)?.notAfter }

  package override func bytes(_ buffer: AppBuffer, _ instance: Int, _ direction: Direction) -> UnsafeRawBufferPointer? {
    unsafe value(buffer, instance, direction)?.raw
  }
}

/// The words of `ssl_state`.
package struct TLSStates: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  package static let clientHello = TLSStates(rawValue: 1)
  package static let serverHello = TLSStates(rawValue: 2)
  package static let clientKeyExchange = TLSStates(rawValue: 4)
  package static let serverKeyExchange = TLSStates(rawValue: 8)
  package static let unknown = TLSStates(rawValue: 16)
}
