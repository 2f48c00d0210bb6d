internal import ControlAPI
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOSSL
internal import Records
internal import Reports
internal import ServiceLifecycle
internal import Services
internal import Wire

/// The socket of the owners' page: its own, never the API's, with no other route than the page.
struct OwnerListener {
  let page: OwnerPage
  let configuration: Configuration.OwnerPage
  let logger: Logger
  /// Told once, with the port, when it answers.
  var ready: @Sendable (Int) -> Void = { _ in }

  /// A person's browser asks for one page at a time; a proxy for as many as it has visitors.
  static let limits: NetworkLimits = {
    var limits = NetworkLimits()
    limits.connections = 256
    limits.connectionsPerAddress = 32
    limits.head = .seconds(10)
    limits.body = .seconds(20)
    return limits
  }()

  func application() throws(OperatorMistake) -> some ApplicationProtocol {
    let context = try configuration.certificate.map { certificate throws(OperatorMistake) in
      try OwnerCertificate.context(certificate: certificate, key: configuration.key ?? certificate)
    }
    let (logger, ready, proxies) = (logger, ready, configuration.proxies)
    return Application(
      responder: CallbackResponder { request, context in await respond(request, context) },
      server: HTTPServerBuilder { OwnerChannel(context: context, responder: $0, proxies: proxies) },
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: Int(configuration.port)), serverName: nil,
        availableConnectionsDelegate: MaximumAvailableConnections(OwnerListener.limits.connections, logger: logger)),
      onServerRunning: { channel in ready(channel.localAddress?.port ?? 0) }, logger: logger)
  }

  private func respond(_ request: Request, _ context: HubRequestContext) async -> Response {
    let peer = context.channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) } ?? IPAddress("0.0.0.0")
    guard let peer else { return Response(status: .badRequest) }
    let question = OwnerPage.Question(
      method: OwnerListener.method(request.method), path: path(request.uri.path),
      lang: request.uri.queryParameters["lang"].map(String.init), acceptLanguage: request.headers[.acceptLanguage],
      contentType: request.headers[.contentType],
      client: OwnerLink.client(
        peer: peer, forwarded: HTTPField.Name("X-Forwarded-For").map { request.headers[values: $0] } ?? [],
        proxies: configuration.proxies))
    let answer = await page.answer(question) {
      (try? await request.body.collect(upTo: OwnerForm.longestBody)).map { Array(buffer: $0) }
    }
    let bytes = ByteBuffer(string: answer.html)
    var headers = OwnerListener.headers(https: configuration.url.hasPrefix("https://"))
    if answer.status == 405 { headers[.allow] = "GET, HEAD, POST" }
    headers[.contentLength] = String(bytes.readableBytes)
    let isHead = question.method == .head
    return Response(
      status: HTTPResponse.Status(code: answer.status), headers: headers,
      body: isHead ? ResponseBody() : ResponseBody(byteBuffer: bytes))
  }

  private static func method(_ method: HTTPRequest.Method) -> OwnerPage.Method {
    switch method {
    case .get: .get
    case .head: .head
    case .post: .post
    default: .other
    }
  }

  /// Without the part that the base of links has before `/n/`.
  private func path(_ path: String) -> String {
    guard let host = configuration.url.firstRange(of: "://"),
      let slash = configuration.url[host.upperBound...].firstIndex(of: "/")
    else { return path }
    let base = configuration.url[slash...]
    return path.hasPrefix(base) ? String(path.dropFirst(base.count)) : path
  }

  /// No scripts, nothing from elsewhere, in no frame, in no cache and no index, no word of the link to anybody.
  private static func headers(https: Bool) -> HTTPFields {
    var headers: HTTPFields = [
      .contentType: "text/html; charset=utf-8", .cacheControl: "no-store", .vary: "Accept-Language",
    ]
    let more = [
      (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'sha256-\(styleHash)'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
      ),
      ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
      ("X-Robots-Tag", "noindex, nofollow"), ("Cross-Origin-Opener-Policy", "same-origin"),
      ("Cross-Origin-Resource-Policy", "same-origin"),
      ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ]
    for (name, value) in more { if let name = HTTPField.Name(name) { headers[name] = value } }
    if https, let name = HTTPField.Name("Strict-Transport-Security") { headers[name] = "max-age=31536000" }
    return headers
  }

  private static let styleHash = Data(SHA256.digest(Array(OwnerPageWriter.style.utf8))).base64EncodedString()
}
