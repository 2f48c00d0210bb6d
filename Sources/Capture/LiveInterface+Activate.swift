internal import CPcap
internal import Glibc

extension LiveInterface {
  /// A running, non-blocking handle; its filter is not set yet.
  static func activate(_ interface: String, _ options: LiveOptions) throws(CaptureError) -> OpaquePointer {
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = unsafe pcap_create(interface, &text) else {
      throw CaptureError(.captureFailed, "libpcap cannot open \(interface): \(words(text))", hint: "")
    }
    unsafe pcap_set_snaplen(handle, Int32(clamping: options.snapLength))
    unsafe pcap_set_promisc(handle, options.promiscuous ? 1 : 0)
    unsafe pcap_set_buffer_size(handle, Int32(clamping: options.bufferSize))
    unsafe pcap_set_timeout(handle, 20)
    _ = unsafe pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
    let status = unsafe pcap_activate(handle)
    if status < 0 {
      let error = refusal(status, interface, unsafe String(cString: pcap_geterr(handle)))
      unsafe pcap_close(handle)
      throw error
    }
    if unsafe pcap_setnonblock(handle, 1, &text) != 0 {
      unsafe pcap_close(handle)
      throw CaptureError(.captureFailed, "\(interface) cannot be read without blocking: \(words(text))", hint: "")
    }
    return unsafe handle
  }

  static func setFilter(_ expression: String, _ handle: OpaquePointer) throws(CaptureError) {
    guard !expression.isEmpty else { return }
    var program = unsafe bpf_program()
    guard unsafe pcap_compile(handle, &program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
      throw BPFFilter.refusal(expression, unsafe String(cString: pcap_geterr(handle)))
    }
    defer { unsafe pcap_freecode(&program) }
    guard unsafe pcap_setfilter(handle, &program) == 0 else {
      throw BPFFilter.refusal(expression, unsafe String(cString: pcap_geterr(handle)))
    }
  }

  static func words(_ text: [CChar]) -> String {
    String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// libpcap's status in words that mend it.
  static func refusal(_ status: Int32, _ interface: String, _ reason: String) -> CaptureError {
    switch status {
    case PCAP_ERROR_NO_SUCH_DEVICE:
      let names = NetworkInterface.all().map(\.name).joined(separator: ", ")
      return CaptureError(.noSuchInterface, "there is no interface \(interface)", hint: "there are: \(names)")
    case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
      return CaptureError(
        .noPermission, "this user may not capture on \(interface)",
        hint: "run: sudo setcap cap_net_raw,cap_net_admin=eip \(executablePath())")
    case PCAP_ERROR_IFACE_NOT_UP:
      return CaptureError(
        .interfaceDown, "the interface \(interface) is down", hint: "run: sudo ip link set \(interface) up")
    default:
      return CaptureError(
        .captureFailed, "capturing on \(interface) cannot start: \(reason)", hint: "see: ip link show \(interface)")
    }
  }

  private static func executablePath() -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe buffer.withUnsafeMutableBytes { raw in
      guard let start = raw.baseAddress else { return 0 }
      return unsafe readlink("/proc/self/exe", start.assumingMemoryBound(to: CChar.self), raw.count)
    }
    return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : "vigil"
  }
}
