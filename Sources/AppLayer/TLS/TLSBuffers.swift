internal import Wire

extension TLSTransaction {
  func value(_ buffer: AppBuffer, _ instance: Int, _ direction: Direction) -> Bytes? {
    guard let entry = Optional(buffer.entry), entry.isMulti || instance == 0 else { return nil }
    let key = (Int(buffer.rawValue) << 20 | instance) << 1 | direction.index
    if let known = lent[key] { return known }
    guard let source = source(buffer, instance, direction) else { return nil }
    let copy = arena.copy(source)
    lent[key] = copy
    return copy
  }

  private func source(_ buffer: AppBuffer, _ instance: Int, _ direction: Direction) -> [UInt8]? {
    let side = direction == .toServer ? client : server
    func some(_ bytes: [UInt8]) -> [UInt8]? { bytes.isEmpty ? nil : bytes }
    switch buffer {
    case .tlsSNI: return sni
    case .tlsCertificateSubject: return side.subject
    case .tlsCertificateIssuer: return side.issuer
    case .tlsCertificateSerial: return side.serial
    case .tlsCertificateFingerprint: return some(side.fingerprint)
    case .tlsCertificates: return side.certificates.indices.contains(instance) ? side.certificates[instance] : nil
    case .tlsSubjectAltName:
      guard let names = side.leaf?.extensions.subjectAltNames, names.indices.contains(instance) else { return nil }
      return Array(names[instance].description.utf8)
    case .tlsALPN: return side.alpns.indices.contains(instance) ? side.alpns[instance] : nil
    case .tlsRandom: return some(side.random)
    case .tlsRandomTime: return side.random.count == 32 ? Array(side.random.prefix(4)) : nil
    case .tlsRandomBytes: return side.random.count == 32 ? Array(side.random.dropFirst(4)) : nil
    case .ja3Hash: return some(ja3Hash)
    case .ja3String: return some(ja3String)
    case .ja3sHash: return some(ja3sHash)
    case .ja3sString: return some(ja3sString)
    case .ja4Hash: return some(ja4)
    default: return nil
    }
  }
}
