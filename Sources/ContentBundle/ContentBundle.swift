/// # ContentBundle: rules, templates and tables that come to a machine without a network as one file
///
///     folder -> BundleWriter -> bundle -> BundleReader -> staged folder -> ContentFolder.install -> in force
///
/// A bundle is a plain tar file whose every byte follows from its manifest: the reader knows each header before it
/// reads it, and refuses any other. Nothing but the manifest is parsed, and that only once its signature, or the hash
/// that the operator gave for the whole file, is right. What the files mean is for their own readers to say, which the
/// command asks before anything is put in force (`ContentCheck`).
///
/// It writes only below the folder that it is given, and knows neither the store nor the network.
package struct BundleError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Stable name for tests and for programs that read our messages.
  package enum Code: String, Sendable, CaseIterable {
    case unreadable, notBundle, truncated, trailing, tooLarge, tooMany, badManifest, badPath, badKind, notAllowed
    case notSigned, unknownKey, badSignature, wrongHash, wrongFile, badHeader, badKey, older, fromFuture
    case folder, busy, nothing, altered
  }

  package var code: Code
  /// Lower-case start, names the value and the limit.
  package var sentence: String
  package var hint: String?

  package init(_ code: Code, _ sentence: String, hint: String? = nil) {
    self.code = code
    self.sentence = sentence
    self.hint = hint
  }

  package var description: String { sentence + (hint.map { "; \($0)" } ?? "") }
}

/// What a bundle may cost.
package struct BundleLimits: Hashable, Sendable {
  /// The whole file. The largest public rule set has 40 MB, ten thousand templates have 30 MB.
  package var bytes = 512 << 20
  /// One file: half again as much as the largest public rule file.
  package var fileBytes = 64 << 20
  /// All public templates twice over.
  package var files = 20_000
  /// What one field of a tar header holds; long names would need headers of another kind.
  package var pathBytes = 100
  /// Deeper than any folder of templates.
  package var depth = 8
  /// `files` lines of some 300 bytes.
  package var manifestBytes = 8 << 20
  /// How far a manifest's time may be ahead of this machine's clock: no two clocks of an office differ by more.
  package var secondsAhead = 86_400.0

  package init() {}
}
