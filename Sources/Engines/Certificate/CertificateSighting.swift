/// What one target showed of certificates: the input of judgement.
package struct CertificateSighting: Sendable {
  /// Something that comes with a full handshake alone.
  package enum Companion: Sendable, Hashable {
    case none
    case bytes([UInt8])
    case notSeen(String)
  }
  /// What is shown to a visitor who sends no server name.
  package enum Nameless: Sendable {
    case chain(ServedChain)
    case refused(String)
    case failed(String)
    case notAsked
  }

  /// The chain of a visitor without preference first; then those for other kinds of keys.
  var chains: [ServedChain]
  var staple: Companion
  var timestamps: Companion
  var nameless: Nameless = .notAsked
  /// Kinds of keys whose chain could not be asked for, and why.
  var unasked: [(kind: KeyKind, reason: String)] = []
  var negotiated: String?

  package init(chains: [ServedChain], staple: Companion = .none, timestamps: Companion = .none) {
    self.chains = chains
    self.staple = staple
    self.timestamps = timestamps
  }
}
