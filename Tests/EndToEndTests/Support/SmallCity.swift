import Foundation

/// Servers on every address of a namespace: 8080 answers with a page full of secrets, 8081 takes connections and says
/// nothing, 8082 talks garbage.
final class SmallCity: Sendable {
  private let child: Child

  init(_ network: Network, cookie: String, number: String) async throws {
    let script = """
      import socket, threading
      page = ("<html><body><form action='/login?password=%(cookie)s'><input type=password></form>ID %(number)s"
              "<script src='http://city.test/x.js'></script></body></html>")
      def answer(c):
          try:
              c.settimeout(5); c.recv(4096)
              c.sendall(("HTTP/1.1 200 OK\\\\r\\\\nServer: nginx/1.0.1\\\\r\\\\nSet-Cookie: JSESSIONID=%(cookie)s; Path=/\\\\r\\\\n"
                  "Set-Cookie: password=%(cookie)s\\\\r\\\\nContent-Type: text/html\\\\r\\\\nConnection: close\\\\r\\\\n"
                  "Content-Length: %%d\\\\r\\\\n\\\\r\\\\n%%s" %% (len(page), page)).encode())
          except OSError: pass
          c.close()
      def garbage(c):
          try:
              c.sendall(bytes(range(256)) * 64)
          except OSError: pass
          c.close()
      kept = []
      def listen(port, body):
          s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
          s.bind(("0.0.0.0", port)); s.listen(64)
          def loop():
              while True: body(s.accept()[0])
          threading.Thread(target=loop).start()
      listen(8080, lambda c: threading.Thread(target=answer, args=(c,)).start())
      listen(8081, kept.append)
      listen(8082, garbage)
      print("ready", flush=True)
      """
      .replacing("%(cookie)s", with: cookie).replacing("%(number)s", with: number).replacing("%%", with: "%")
      .replacing("\\\\", with: "\\")
    child = try Child(network.prefix + ["python3", "-c", script])
    let child = child
    let isUp = await eventually(within: 15) { child.output.contains("ready") || child.status != nil }
    guard isUp, child.status == nil else { throw Failure("the servers did not start: \(child.complaint)") }
  }
}

/// What must never be found in clear in anything that Vigil keeps.
enum Planted {
  static let password = "Hunter2-Zebra-91!x"
  static let form = "Kangaroo-In-The-Form-77"
  static let parameter = "Walrus-In-The-Url-55"
  static let cookie = "c00kieMonsterSession8842aa"
  static let answerCookie = "AnswerCookieQuokka1133"
  static let scanned = "ScannedCookieOcelot5566"
  static let identity = "11010519491231002X"
  static let second = "440308199901101512"
  static var basic: String { Data("admin:\(password)".utf8).base64EncodedString() }
  static var all: [String] {
    [password, form, parameter, cookie, answerCookie, scanned, identity, second, basic]
  }

  /// Which of them are in `bytes`, in clear, without regard to case.
  static func found(in bytes: Data) -> [String] {
    let folded = bytes.map { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }
    return all.filter { Data(folded).range(of: Data($0.lowercased().utf8)) != nil }
  }
}
