internal import COpenSSL
internal import Records
internal import Wire

/// ROBOT (Böck, Somorovsky, Young, 2017): does the server let one tell well padded from badly padded secrets? Five
/// messages whose padding is right or wrong in one place each; different reactions that stay the same when asked again
/// are an oracle, different ones that do not are noise and nothing is said.
struct TLSRobot {
  let enumeration: TLSEnumeration
  let certificate: [UInt8]?
  private var prober: TLSProber { enumeration.prober }
  typealias Reaction = TLSInjection.Reaction

  static let check = "tls.weakness.robot"

  enum Padding: CaseIterable {
    case right, wrongStart, zeroInside, noZero, wrongVersion
  }

  func answer() -> CheckAnswer? {
    guard !enumeration.accepted.isEmpty else { return nil }
    let judgement = TLSJudgement(enumeration: enumeration)
    let old: [TLSVersion] = [.tls12, .tls11, .tls10]
    let versions = old.filter { enumeration.suites[$0]?.contains(where: \.isRSAKeyExchange) == true }
    guard let version = versions.first else {
      if let gap = judgement.suiteGap(in: old), enumeration.accepted != [.tls13] { return open(gap) }
      return CheckAnswer(TLSRobot.check, .no, "no suite lets the client encrypt the secret with RSA")
    }
    guard let key = certificate.flatMap(CertificateCache.certificate).flatMap(RSAKey.init) else {
      return open("the RSA key was not seen")
    }
    return judge(version, key)
  }

  private func judge(_ version: TLSVersion, _ key: RSAKey) -> CheckAnswer {
    for isShort in [false, true] {
      let paddings: [Padding] = isShort ? [.right, .wrongStart] : Padding.allCases
      guard let first = round(paddings, version, key, isShort) else { return open("the server stopped answering") }
      guard Set(first.values).count > 1 else { continue }
      // Twice more and in other orders: several servers behind one address that take turns are no oracle.
      for order in [paddings.reversed(), Array(paddings.dropFirst(2) + paddings.prefix(2))] {
        guard let again = round(order, version, key, isShort) else { return open("the server stopped answering") }
        guard again == first else { return open("the server's reactions change from one time to the next") }
      }
      return CheckAnswer(TLSRobot.check, .yes, "reactions differ: \(TLSRobot.text(first))")
    }
    return CheckAnswer(TLSRobot.check, .no, "every padding is treated alike")
  }

  /// One connection a padding; nil where one of them did not come as far as its question.
  private func round(
    _ paddings: [Padding], _ version: TLSVersion, _ key: RSAKey, _ isShort: Bool
  ) -> [Padding: Reaction]? {
    var reactions: [Padding: Reaction] = [:]
    for padding in paddings {
      guard let reaction = try? react(padding, version, key, isShort) else { return nil }
      reactions[padding] = reaction
    }
    return reactions
  }

  private func react(
    _ padding: Padding, _ version: TLSVersion, _ key: RSAKey, _ isShort: Bool
  ) throws(ConnectionFailure) -> Reaction? {
    let suites = (enumeration.suites[version] ?? []).filter(\.isRSAKeyExchange)
    let (connection, flight) = try prober.begin(
      enumeration.offer(version, suites: suites), milliseconds: prober.briefly)
    guard flight.isComplete, flight.hello != nil, let secret = key.encrypt(TLSRobot.block(padding, version, key.length))
    else { return nil }
    typealias Content = TLSNumber.Content
    let counted = [UInt8(secret.count >> 8), UInt8(secret.count & 255)] + secret
    let exchange = [TLSNumber.Handshake.clientKeyExchange, 0, UInt8(counted.count >> 8), UInt8(counted.count & 255)]
    var bytes = TLSInjection.record(Content.handshake, version, exchange + counted)
    if !isShort {
      bytes += TLSInjection.record(Content.changeCipherSpec, version, [1])
      // A finished message that nobody can read; blocks of 8 and 16 bytes both divide it.
      bytes += TLSInjection.record(Content.handshake, version, TLSOffer.noise(80))
    }
    try connection.send(bytes)
    return TLSInjection.reaction(on: connection)
  }

  /// A PKCS #1 block of the key's length (RFC 8017 section 7.2.1) around 48 bytes of secret (RFC 5246 section 7.4.7.1).
  static func block(_ padding: Padding, _ version: TLSVersion, _ length: Int) -> [UInt8] {
    let filler = TLSOffer.noise(max(0, length - 51)).map { $0 | 1 }
    let secret = [UInt8(version.rawValue >> 8), UInt8(version.rawValue & 255)] + TLSOffer.noise(46).map { $0 | 1 }
    var block = [0, 2] + filler + [0] + secret
    switch padding {
    case .right: break
    case .wrongStart: (block[0], block[1]) = (1, 0x17)
    case .zeroInside: if block.count > 12 { block[11] = 0 }
    case .noZero: block[2 + filler.count] = 1
    case .wrongVersion: (block[3 + filler.count], block[4 + filler.count]) = (2, 2)
    }
    return block
  }

  private static func text(_ reactions: [Padding: Reaction]) -> String {
    Padding.allCases.compactMap { padding in
      switch reactions[padding] {
      case .alert(let code)?: "\(padding) \(TLSAlert.sentence(code))"
      case let reaction?: "\(padding) \(reaction)"
      case nil: nil
      }
    }.joined(separator: ", ")
  }

  private func open(_ why: String) -> CheckAnswer { CheckAnswer(TLSRobot.check, .notDetermined(reason: why)) }
}

/// A certificate's RSA key, for raw encryption.
@safe final class RSAKey {
  private let key: OpaquePointer
  let length: Int
  /// Bytes: less does not hold a secret, more OpenSSL does not compute.
  private static let lengths = 64...2048

  /// Nil for other keys.
  init?(_ certificate: OpenSSLCertificate) {
    guard let key = unsafe X509_get_pubkey(certificate.pointer) else {
      ERR_clear_error()
      return nil
    }
    guard unsafe EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA, unsafe RSAKey.lengths.contains(Int(EVP_PKEY_get_size(key)))
    else {
      unsafe EVP_PKEY_free(key)
      return nil
    }
    unsafe self.key = unsafe key
    length = unsafe Int(EVP_PKEY_get_size(key))
  }

  deinit { unsafe EVP_PKEY_free(key) }

  func encrypt(_ block: [UInt8]) -> [UInt8]? {
    guard let context = unsafe EVP_PKEY_CTX_new(key, nil) else { return nil }
    defer {
      unsafe EVP_PKEY_CTX_free(context)
      ERR_clear_error()
    }
    var result = [UInt8](repeating: 0, count: length)
    var size = length
    guard unsafe EVP_PKEY_encrypt_init(context) == 1,
      unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1,
      unsafe EVP_PKEY_encrypt(context, &result, &size, block, block.count) == 1
    else { return nil }
    return Array(result.prefix(size))
  }
}
