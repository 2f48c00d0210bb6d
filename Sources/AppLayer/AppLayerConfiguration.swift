/// What the parsers keep, decode and compute; the defaults work. Limits name their reason.
package struct AppLayerSettings: Sendable {
  package struct HTTP: Sendable {
    package var isEnabled = true
    /// Bytes of a body kept for inspection, decoded (Suricata's default is the same, so rules behave the same).
    package var requestBodyLimit = 100 * 1024
    package var responseBodyLimit = 100 * 1024
    /// A head longer than this is cut and reported: no server accepts 64 KiB.
    package var headLimit = 64 * 1024
    package var headerCountLimit = 1024
    /// How many content codings are undone, one inside the other.
    package var layerLimit = 2
    /// A body may unfold to this many bytes, or to `bombRatio` times its size where that is more.
    package var bombLimit = 1 << 20
    package var bombRatio = 2048
    package var lzmaMemoryLimit: UInt64 = 1 << 20
    package var isLZMAEnabled = true
    /// Requests that wait for a response on one connection.
    package var transactionLimit = 512
    package var isMultipartEnabled = true
    /// `%2e` twice decoded, `+` as space in the query: off, as in an ordinary server.
    package var decodesPathTwice = false
    package var decodesQueryTwice = false
    package var decodesPlus = false
  }
  package struct TLS: Sendable {
    package var isEnabled = true
    package var computesJA3 = true
    package var computesJA4 = true
    /// A handshake message longer than this is skipped: real chains stay under 20 KiB.
    package var handshakeLimit = 64 * 1024
    package var certificateLimit = 20
  }
  package struct DNS: Sendable {
    package var isEnabled = true
    package var transactionLimit = 500
  }
  package var http = HTTP()
  package var tls = TLS()
  package var dns = DNS()
  /// Digests of every file, whatever the rules ask.
  package var computesMD5 = false
  package var computesSHA1 = false
  package var computesSHA256 = false
  /// Bytes of one direction looked at before a protocol is given up.
  package var probeLimit = 2048

  package init() {}
}

/// The settings as sessions share them.
package final class AppLayerConfiguration: Sendable {
  package let settings: AppLayerSettings
  package init(_ settings: AppLayerSettings = AppLayerSettings()) { self.settings = settings }
  package static let standard = AppLayerConfiguration()
}
