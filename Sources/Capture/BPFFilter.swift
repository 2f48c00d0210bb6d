internal import CPcap
internal import Wire

/// A compiled BPF expression for one link type.
@safe final class BPFFilter {
  let linkType: LinkType
  private var program = unsafe bpf_program()

  /// The expression, with libpcap's own words about what is wrong with it.
  init(_ expression: String, linkType: LinkType, snapLength: Int = 262_144) throws(CaptureError) {
    self.linkType = linkType
    guard let handle = unsafe pcap_open_dead(linkType.dataLink, Int32(clamping: snapLength)) else {
      throw CaptureError(.captureFailed, "libpcap gives no handle for link type \(linkType.rawValue)", hint: "")
    }
    defer { unsafe pcap_close(handle) }
    if unsafe pcap_compile(handle, &program, expression, 1, PCAP_NETMASK_UNKNOWN) != 0 {
      throw BPFFilter.refusal(expression, unsafe String(cString: pcap_geterr(handle)))
    }
  }

  deinit { unsafe pcap_freecode(&program) }

  static func refusal(_ expression: String, _ reason: String) -> CaptureError {
    CaptureError(
      .filterRejected, "the capture filter \"\(expression)\" is not valid: \(reason)",
      hint: "write it as tcpdump takes it, for example \"tcp port 443 and not host 192.0.2.1\" (man pcap-filter)")
  }

  func accepts(_ header: PacketHeader, _ bytes: RawSpan) -> Bool {
    var record = pcap_pkthdr()
    record.caplen = UInt32(truncatingIfNeeded: bytes.byteCount)
    record.len = UInt32(truncatingIfNeeded: header.wireLength)
    return unsafe bytes.withUnsafeBytes { raw in
      unsafe pcap_offline_filter(&program, &record, raw.baseAddress?.assumingMemoryBound(to: UInt8.self)) != 0
    }
  }
}

extension LinkType {
  /// The number that libpcap's calls take: files and the library differ on raw IP alone, of what is read here.
  var dataLink: Int32 { self == .raw ? DLT_RAW : Int32(rawValue) }
  init(dataLink: Int32) { self = dataLink == DLT_RAW ? .raw : LinkType(rawValue: UInt16(truncatingIfNeeded: dataLink)) }
}
