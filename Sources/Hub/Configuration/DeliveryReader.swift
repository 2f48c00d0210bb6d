internal import Documents
internal import Records
internal import Wire

/// `delivery` of `vigil.yaml`: whom messages may go to, by which way, under which secrets.
struct DeliveryReader {
  /// Relative paths are relative to the configuration's own folder.
  let beside: (String) -> String
  private static let seconds = 1.0...300.0

  func mail(_ map: DocumentValue) throws -> Configuration.Mail? {
    guard let place = map["url"], case let url = try place.string(), !url.isEmpty else { return nil }
    guard let address = ServiceAddress(url), ["smtp", "smtps"].contains(address.scheme), !address.hasPath else {
      throw DocumentError(
        .badValue, place.position, "\(place.kind) is no smtp or smtps URL",
        hint: "for example smtp://mail.example.gov:587")
    }
    let from = try map.required("from")
    guard let sender = Mailbox(try from.string()) else {
      throw DocumentError(.badValue, from.position, "\(from.kind) is no mailbox", hint: "for example vigil@example.gov")
    }
    var protection = address.scheme == "smtps" ? Configuration.Mail.Protection.implicit : .required
    if let word = map["starttls"], address.scheme == "smtp" {
      protection = try word.choice(Configuration.Mail.Protection.self)
      guard protection != .implicit else {
        throw DocumentError(.badValue, word.position, "implicit TLS is asked for by the URL", hint: "write smtps://")
      }
    }
    try refusePlain(protection == .none, address, map, place)
    let port = address.port ?? (protection == .implicit ? 465 : 587)
    var mail = Configuration.Mail(host: address.host, port: port, protection: protection, from: sender.text)
    if let user = try map["user"]?.string(), !user.isEmpty { mail.user = user }
    mail.password = try secret(map, "password")
    mail.ca = try certificates(map)
    try map["timeout"].map { mail.timeoutSeconds = try seconds($0) }
    mail.perMinute = try limit(map) ?? nil
    return mail
  }

  func receivers(_ map: DocumentValue) throws -> [String: Configuration.Receiver] {
    var result: [String: Configuration.Receiver] = [:]
    for entry in try map.map() {
      let name = entry.key
      let isName =
        (1...64).contains(name.utf8.count)
        && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
      guard isName else {
        throw DocumentError(
          .badValue, entry.value.position, "a receiver's name has 1 to 64 letters, digits, '-', '_' and '.'")
      }
      result[name] = try receiver(entry.value)
    }
    return result
  }

  static let receiverKeys = [
    "kind", "url", "urlFile", "path", "secret", "secretFile", "ca", "timeout", "perMinute", "rotateSize", "plain",
  ]

  private func receiver(_ map: DocumentValue) throws -> Configuration.Receiver {
    _ = try map.map()
    if let first = map.unknownKeys(besides: DeliveryReader.receiverKeys).first { throw first }
    let word = try map.required("kind")
    let kind = try word.choice(ContactChannel.self)
    guard kind != .mail else {
      throw DocumentError(.badValue, word.position, "mail is set up by delivery.mail, once for all mailboxes")
    }
    if kind == .file { return try file(map) }
    guard let url = try secret(map, "url") else {
      throw DocumentError(.missingKey, map.position, "this receiver has no url", hint: "add url or urlFile")
    }
    let place = map["url"] ?? map["urlFile"] ?? map
    let schemes = kind == .syslog ? ["tcp", "tls"] : ["https", "http"]
    guard let address = ServiceAddress(url), schemes.contains(address.scheme), kind != .syslog || !address.hasPath
    else {
      throw DocumentError(
        .badValue, place.position, "the url of a \(kind.rawValue) begins with \(schemes[0]):// or \(schemes[1])://")
    }
    try refusePlain(["http", "tcp"].contains(address.scheme), address, map, place)
    var receiver = Configuration.Receiver(kind, url: url, secret: try secret(map, "secret"))
    guard kind != .webhook || receiver.secret != nil else {
      throw DocumentError(
        .missingKey, map.position, "a webhook needs a secret, or its receiver cannot know us", hint: "add secretFile")
    }
    receiver.ca = try certificates(map)
    try map["timeout"].map { receiver.timeoutSeconds = try seconds($0) }
    if let limit = try limit(map) { receiver.perMinute = limit }
    return receiver
  }

  private func file(_ map: DocumentValue) throws -> Configuration.Receiver {
    let path = beside(try map.required("path").string())
    var receiver = Configuration.Receiver(.file, url: path)
    if let size = map["rotateSize"] {
      let bytes = try size.byteCount()
      guard (1 << 10...1 << 40).contains(bytes) else {
        throw DocumentError(.badValue, size.position, "\(size.kind) is outside 1kb to 1tb")
      }
      receiver.rotateBytes = bytes
    }
    return receiver
  }

  /// `name`, or the first line of the file that `nameFile` says; nil where there is neither.
  private func secret(_ map: DocumentValue, _ name: String) throws -> String? {
    if let path = try map[name + "File"]?.string(), !path.isEmpty { return try SecretFile.line(path: beside(path)) }
    let text = try map[name]?.string() ?? ""
    return text.isEmpty ? nil : text
  }

  private func certificates(_ map: DocumentValue) throws -> String? {
    guard let place = map["ca"], case let name = try place.string(), !name.isEmpty else { return nil }
    let path = beside(name)
    guard try DocumentFile.text(path: path).contains("CERTIFICATE-----") else {
      throw DocumentError(.badValue, place.position, "\(path) holds no certificate in PEM")
    }
    return path
  }

  /// Outside this machine what is said in plain is read by others.
  private func refusePlain(
    _ isPlain: Bool, _ address: ServiceAddress, _ map: DocumentValue, _ place: DocumentValue
  ) throws {
    guard isPlain, !address.isLoopback, try map["plain"]?.bool() != true else { return }
    throw DocumentError(
      .badValue, place.position, "this way has no TLS and leads to another machine",
      hint: "use TLS, or say plain: yes beside it")
  }

  private func seconds(_ value: DocumentValue) throws -> Double {
    let found = try value.seconds()
    guard DeliveryReader.seconds.contains(found) else {
      throw DocumentError(.badValue, value.position, "\(value.kind) is outside 1s to 5m")
    }
    return found
  }

  /// Nil where nothing is said; a limit of 0 is none.
  private func limit(_ map: DocumentValue) throws -> Int?? {
    guard let value = map["perMinute"] else { return .none }
    let count = try value.int(in: 0...6000)
    return .some(count == 0 ? nil : count)
  }
}

// MARK: the owners' page
extension DeliveryReader {
  func page(_ map: DocumentValue) throws -> Configuration.OwnerPage? {
    guard let place = map["listen"], case let text = try place.string(), !text.isEmpty else { return nil }
    guard let address = ServiceAddress("tcp://" + text), let port = address.port, !address.hasPath else {
      throw DocumentError(
        .badValue, place.position, "\(place.kind) is no HOST:PORT", hint: "for example 127.0.0.1:8443")
    }
    let base = try map.required("url")
    let url = try base.string()
    guard let outer = ServiceAddress(url), ["https", "http"].contains(outer.scheme), !url.contains("?"),
      !url.contains("#")
    else { throw DocumentError(.badValue, base.position, "\(base.kind) is no http or https URL") }
    var page = Configuration.OwnerPage(host: address.host, port: port, url: url)
    while page.url.hasSuffix("/") { page.url.removeLast() }
    if let name = try map["certificate"]?.string(), !name.isEmpty { page.certificate = beside(name) }
    if let name = try map["key"]?.string(), !name.isEmpty { page.key = beside(name) }
    guard (page.certificate == nil) == (page.key == nil) else {
      throw DocumentError(.missingKey, place.position, "certificate and key go together")
    }
    guard page.certificate != nil || address.isLoopback else {
      throw DocumentError(
        .badValue, place.position, "without a certificate this page listens on this machine only",
        hint: "name certificate and key, or put a proxy before it and listen on 127.0.0.1")
    }
    guard outer.scheme == "https" || outer.isLoopback else {
      throw DocumentError(.badValue, base.position, "links to owners begin with https://")
    }
    for value in try map["proxies"]?.list() ?? [] {
      guard let network = IPPrefix(try value.string()) else {
        throw DocumentError(
          .badValue, value.position, "\(value.kind) is not a network", hint: "for example 127.0.0.1/32")
      }
      page.proxies.append(network)
    }
    return page
  }
}
