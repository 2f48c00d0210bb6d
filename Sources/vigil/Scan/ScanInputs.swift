import ControlAPI
import Engines
import Glibc
import Hub

/// `--proxy`, else `$VIGIL_PROXY`, which unlike an argument is not in every user's list of processes. Errors never repeat
/// the text: it may hold a password.
enum ProxyOption {
  static func read(_ option: String?) throws -> Proxy? {
    guard let text = option ?? DataFolder.environment("VIGIL_PROXY") else { return nil }
    let hint = "write http://host:port or socks5://user:password@host:port"
    do throws(Proxy.Malformed) {
      var proxy = try Proxy(parsing: text)
      if proxy.address == nil {
        proxy.address = Resolver.addresses(of: proxy.host, until: Deadline(milliseconds: 10_000)).first
      }
      guard proxy.address != nil else { throw Proxy.Malformed(description: "the proxy's host has no address") }
      return proxy
    } catch {
      throw OperatorMistake("scan.proxy", at: option == nil ? "VIGIL_PROXY" : "--proxy", error.description, hint: hint)
    }
  }
}

/// `--ca FILE`, `--ca NAME=FILE` or `--ca system`; the first decides whether a certificate is trusted.
enum TrustOption {
  static func read(_ options: [String]) throws -> [TrustStoreSource] { try options.map(read) }

  private static func read(_ text: String) throws -> TrustStoreSource {
    if text == "system" { return .system }
    var (name, path) = (text.split(separator: "/").last.map(String.init) ?? text, text)
    if let equal = text.firstIndex(of: "="), equal != text.startIndex, !text[..<equal].contains("/") {
      (name, path) = (String(text[..<equal]), String(text[text.index(after: equal)...]))
    }
    let bytes = try InputFile.bytes(path, limit: 32 << 20, "the trusted roots", hint: "name a file in PEM")
    // Told before anything is scanned; what OpenSSL makes of it is told by the engine.
    guard String(decoding: bytes, as: UTF8.self).contains("CERTIFICATE-----") else {
      throw OperatorMistake("scan.ca", at: path, "the file holds no certificate in PEM", hint: "name a file in PEM")
    }
    return TrustStoreSource(name: name, path: path)
  }
}

/// A whole file that an option names.
enum InputFile {
  /// `-` is standard input.
  static func bytes(_ path: String, limit: Int, _ what: String, hint: String) throws -> [UInt8] {
    let descriptor = path == "-" ? dup(0) : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, what, hint) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(path, what, hint) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= limit else {
        throw OperatorMistake("scan.file", at: path, "more than \(limit >> 20) MiB, the limit", hint: hint)
      }
    }
  }

  private static func unreadable(_ path: String, _ what: String, _ hint: String) -> OperatorMistake {
    OperatorMistake(
      "scan.file", at: path, "\(what) cannot be read: \(unsafe String(cString: strerror(errno)).lowercased())",
      hint: hint)
  }
}
