internal import COpenSSL
internal import Wire

/// JARM (Salesforce, 2020): ten hellos whose answers, by suite, version, ALPN and extensions, tell one configuration of
/// a server from another. What is sent and how it is condensed is given by the published algorithm, its oddities
/// included.
struct JARM {
  let prober: TLSProber
  /// The name in the hellos, the host's even where it is an address.
  let name: String

  /// How a list is put in another order.
  enum Order { case forward, reverse, topHalf, bottomHalf, middleOut }
  enum Support { case none, upTo12, upTo13 }

  struct Hello {
    var version: TLSVersion
    var order: Order
    var hasModernSuites = true
    var hasGrease = false
    var isRareALPN = false
    var support: Support
    var extensionOrder: Order
  }

  static let hellos = [
    Hello(version: .tls12, order: .forward, support: .upTo12, extensionOrder: .reverse),
    Hello(version: .tls12, order: .reverse, support: .upTo12, extensionOrder: .forward),
    Hello(version: .tls12, order: .topHalf, support: .none, extensionOrder: .forward),
    Hello(version: .tls12, order: .bottomHalf, isRareALPN: true, support: .none, extensionOrder: .forward),
    Hello(
      version: .tls12, order: .middleOut, hasGrease: true, isRareALPN: true, support: .none, extensionOrder: .reverse),
    Hello(version: .tls11, order: .forward, support: .none, extensionOrder: .forward),
    Hello(version: .tls13, order: .forward, support: .upTo13, extensionOrder: .reverse),
    Hello(version: .tls13, order: .reverse, support: .upTo13, extensionOrder: .forward),
    Hello(version: .tls13, order: .forward, hasModernSuites: false, support: .upTo13, extensionOrder: .forward),
    Hello(version: .tls13, order: .middleOut, hasGrease: true, support: .upTo13, extensionOrder: .reverse),
  ]

  /// Nil where a hello was not answered in time, or the port stopped answering: half a fingerprint is none.
  func fingerprint() -> String? {
    var answers: [TLSServerHello?] = []
    for hello in JARM.hellos {
      guard prober.end == nil else { return nil }
      do throws(ConnectionFailure) {
        let connection = try prober.open()
        try connection.send(JARM.record(hello, name))
        var flight = ServerFlight()
        while !flight.isOver, flight.hello == nil {
          let bytes = try connection.receive()
          if bytes.isEmpty { break }
          flight.receive(bytes)
        }
        answers.append(flight.hello)
      } catch {
        prober.context.countCause(error)
        guard error.isClosing else { return nil }
        answers.append(nil)
      }
    }
    return JARM.condense(answers)
  }

  /// Two digits for the suite's place in the ascending list, a letter for the version; then the first half of SHA-256
  /// over what was said of ALPN and extensions.
  static func condense(_ answers: [TLSServerHello?]) -> String {
    guard answers.contains(where: { $0 != nil }) else { return String(repeating: "0", count: 62) }
    var (head, tail) = ("", "")
    for answer in answers {
      guard let answer else {
        head += "000"
        continue
      }
      let place = (ascending.firstIndex(of: answer.cipherSuite) ?? ascending.count) + 1
      head += [UInt8(truncatingIfNeeded: place)].hexadecimal
      let letters = Array("abcdef")
      let minor = Int(answer.legacyVersion & 15)
      head += minor < letters.count ? String(letters[minor]) : "0"
      let extensions = answer.extensions
      tail += extensions.applicationProtocols.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
      tail += extensions.types.map { [UInt8($0 >> 8), UInt8($0 & 255)].hexadecimal }.joined(separator: "-")
    }
    var digest = [UInt8](repeating: 0, count: 32)
    let text = Array(tail.utf8)
    guard unsafe EVP_Digest(text, text.count, &digest, nil, EVP_sha256(), nil) == 1 else { return "" }
    return head + digest.prefix(16).hexadecimal
  }

  /// The list that places are counted in: ascending, those of TLS 1.3 last.
  private static let ascending = suites.filter { $0 >> 8 != 0x13 }.sorted() + suites.filter { $0 >> 8 == 0x13 }.sorted()
}

extension JARM {
  static let suites: [UInt16] = [
    0x0016, 0x0033, 0x0067, 0xc09e, 0xc0a2, 0x009e, 0x0039, 0x006b, 0xc09f, 0xc0a3, 0x009f, 0x0045, 0x00be, 0x0088,
    0x00c4, 0x009a, 0xc008, 0xc009, 0xc023, 0xc0ac, 0xc0ae, 0xc02b, 0xc00a, 0xc024, 0xc0ad, 0xc0af, 0xc02c, 0xc072,
    0xc073, 0xcca9, 0x1302, 0x1301, 0xcc14, 0xc007, 0xc012, 0xc013, 0xc027, 0xc02f, 0xc014, 0xc028, 0xc030, 0xc060,
    0xc061, 0xc076, 0xc077, 0xcca8, 0x1305, 0x1304, 0x1303, 0xcc13, 0xc011, 0x000a, 0x002f, 0x003c, 0xc09c, 0xc0a0,
    0x009c, 0x0035, 0x003d, 0xc09d, 0xc0a1, 0x009d, 0x0041, 0x00ba, 0x0084, 0x00c0, 0x0007, 0x0004, 0x0005,
  ]
  /// As published `spdy/3` and `h2` stand as one when the list is turned.
  private static let protocols: [[String]] = [
    ["http/0.9"], ["http/1.0"], ["http/1.1"], ["spdy/1"], ["spdy/2"], ["spdy/3", "h2"], ["h2c"], ["hq"],
  ]
  private static let rareProtocols: [[String]] = [
    ["http/0.9"], ["http/1.0"], ["spdy/1"], ["spdy/2"], ["spdy/3"], ["h2c"], ["hq"],
  ]

  static func ordered<T>(_ list: [T], _ order: Order) -> [T] {
    let middle = list.count / 2
    let isOdd = list.count % 2 == 1
    switch order {
    case .forward: return list
    case .reverse: return list.reversed()
    case .bottomHalf: return Array(list.dropFirst(isOdd ? middle + 1 : middle))
    case .topHalf: return (isOdd ? [list[middle]] : []) + ordered(list.reversed(), .bottomHalf)
    case .middleOut:
      let upper = list.dropFirst(isOdd ? middle + 1 : middle)
      let pairs = zip(upper, list.prefix(middle).reversed()).flatMap { [$0, $1] }
      return (isOdd ? [list[middle]] : []) + pairs
    }
  }

  static func record(_ hello: Hello, _ name: String) -> [UInt8] {
    let list = hello.hasModernSuites ? suites : suites.filter { $0 >> 8 != 0x13 }
    let codes = (hello.hasGrease ? [grease()] : []) + ordered(list, hello.order)
    var writer = TLSClientHelloWriter(random: TLSOffer.noise(32), cipherSuites: codes)
    writer.legacyVersion = hello.version == .tls13 ? .tls12 : hello.version
    writer.recordVersion = hello.version == .tls13 ? .tls10 : hello.version
    writer.sessionID = TLSOffer.noise(32)
    (writer.signatureSchemes, writer.wantsExtendedMasterSecret) = ([], false)
    writer.furtherExtensions = extensions(hello, name)
    return writer.record()
  }

  private static func extensions(_ hello: Hello, _ name: String) -> [(type: UInt16, body: [UInt8])] {
    typealias Number = TLSNumber.Extension
    var list: [(type: UInt16, body: [UInt8])] = hello.hasGrease ? [(grease(), [])] : []
    list.append((Number.serverName, counted(2, [0] + counted(2, Array(name.utf8)))))
    // 1: a maximum fragment length of 512 bytes (RFC 6066 section 4).
    list += [(Number.extendedMasterSecret, []), (1, [1]), (Number.renegotiationInfo, [0])]
    list.append((Number.supportedGroups, counted(2, [0x1d, 0x17, 0x18, 0x19].flatMap { [0, $0] })))
    list += [(Number.ecPointFormats, [1, 0]), (Number.sessionTicket, [])]
    let names = ordered(hello.isRareALPN ? rareProtocols : protocols, hello.extensionOrder).flatMap(\.self)
    list.append((Number.alpn, counted(2, names.flatMap { counted(1, Array($0.utf8)) })))
    let schemes: [UInt8] = [4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1, 8, 6, 6, 1, 2, 1]
    list.append((Number.signatureAlgorithms, counted(2, schemes)))
    let share = [0, 0x1d] + counted(2, TLSOffer.noise(32))
    list.append((Number.keyShare, counted(2, (hello.hasGrease ? word(grease()) + [0, 1, 0] : []) + share)))
    list.append((Number.pskModes, [1, 1]))
    if hello.support != .none {
      let versions: [UInt16] = [0x0301, 0x0302, 0x0303] + (hello.support == .upTo13 ? [0x0304] : [])
      let codes = (hello.hasGrease ? [grease()] : []) + ordered(versions, hello.extensionOrder)
      list.append((Number.supportedVersions, counted(1, codes.flatMap(word))))
    }
    return list
  }

  private static func grease() -> UInt16 { UInt16.random(in: 0...15) * 0x1010 + 0x0a0a }
  private static func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }
  private static func counted(_ width: Int, _ bytes: [UInt8]) -> [UInt8] {
    (width == 2 ? [UInt8(bytes.count >> 8 & 255)] : []) + [UInt8(bytes.count & 255)] + bytes
  }
}
