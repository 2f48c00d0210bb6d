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

enum InputFile {
  /// Told before anything is scanned.
  static func check(_ path: String, _ what: String) throws {
    guard unsafe access(path, R_OK) == 0 else {
      throw OperatorMistake(
        "scan.file", at: path, "\(what) cannot be read: \(unsafe String(cString: strerror(errno)).lowercased())",
        hint: "name a file in PEM")
    }
  }
}
