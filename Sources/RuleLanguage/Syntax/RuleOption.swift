/// One option that inspects traffic or acts when a rule matches.
package enum RuleOption: Hashable, Sendable {
  // What the matches behind it inspect.
  case buffer(BufferSelection)

  // Matches in the selected buffer.
  case content(ContentMatch)
  case pcre(PCREMatch)
  case byteTest(ByteTest)
  case byteJump(ByteJump)
  case byteExtract(ByteExtract)
  case byteMath(ByteMath)
  case isDataAt(IsDataAt)
  /// `bsize`: the size of the selected buffer.
  case bufferSize(IntegerComparison)
  /// `absent`: the selected buffer does not exist; with `orElse` the matches behind it may hold instead.
  case absent(orElse: Bool)
  case entropy(EntropyMatch)
  case dataset(DatasetMatch)
  case base64Decode(Base64Decode)

  // Packet and flow state.
  case flow(FlowMatch)
  case integer(IntegerMatch)
  case tcpFlags(TCPFlagsMatch)
  case fragBits(FragBitsMatch)
  case ipOption(String)
  case ipProtocol(IPProtocolMatch)
  case sameIP
  case geoIP(GeoIPMatch)
  case ipReputation(IPReputationMatch)
  case streamSize(StreamSizeMatch)
  case appLayerProtocol(AppLayerProtocolMatch)
  case tlsVersion(TLSVersionMatch)
  case tlsState(TLSStateMatch)
  case tlsValidity(TLSValidityMatch)
  /// `app-layer-event`, `decode-event`, `stream-event`, `engine-event`: the keyword and the event's name.
  case event(EventMatch)

  // State that rules keep.
  case flowbits(FlowbitsMatch)
  case flowint(FlowintMatch)
  case xbits(XbitsMatch)
  case hostbits(HostbitsMatch)

  // How often, and what else happens.
  case threshold(ThresholdOption)
  case detectionFilter(DetectionFilter)
  case tag(TagOption)
  /// `prefilter`: the option before it is to be the prefilter.
  case prefilter

  /// A documented keyword whose arguments need no type: the registry's name, and the arguments as written.
  case generic(keyword: String, arguments: String)
}

/// `http.uri; to_lowercase;`: a sticky buffer by its canonical name, with the transforms applied in order.
package struct BufferSelection: Hashable, Sendable {
  /// Canonical name from `BufferRegistry`; `pkt_data` is the packet or stream payload.
  package var name: String
  package var transforms: [BufferTransform] = []

  package static let payload = "pkt_data"
}

/// A transform of a selected buffer, by keyword (`dotprefix`, `to_sha256`, `xor`...), with its argument where it has
/// one: the key bytes of `xor`, the expression of `pcrexform`, the options of `from_base64`.
package struct BufferTransform: Hashable, Sendable {
  package var keyword: String
  package var argument: [UInt8] = []
}
