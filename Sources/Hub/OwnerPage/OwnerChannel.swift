internal import ControlAPI
internal import Glibc
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOSSL
internal import Wire

/// HTTP/1 of the owners' page, by TLS or behind a proxy, on connections that are begun when they are served
/// (`AcceptedChannel` says why), bounded in number, time and size.
struct OwnerChannel: ServerChildChannel {
  let context: NIOSSLContext?
  let http: HTTP1Channel
  let places: ConnectionPlaces
  let proxies: [IPPrefix]

  init(context: NIOSSLContext?, responder: @escaping HTTPChannelHandler.Responder, proxies: [IPPrefix]) {
    self.context = context
    self.proxies = proxies
    let limits = OwnerListener.limits
    places = ConnectionPlaces(limit: limits.connectionsPerAddress)
    http = HTTP1Channel(
      responder: responder,
      configuration: .init(
        additionalChannelHandlers: [ConnectionPatience(limits)],
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: limits.headerField, maxHeaderListSize: limits.headerList,
          maxHeaderFieldCount: limits.headerCount)))
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<AcceptedChannel> {
    AcceptedChannel.accepted(channel)
  }

  func handle(value: AcceptedChannel, logger: Logger) async {
    let address = value.channel.remoteAddress?.ipAddress ?? "unknown"
    // A proxy stands for many.
    let isProxy = IPAddress(address).map { address in proxies.contains { $0.contains(address) } } ?? false
    guard isProxy || places.take(address) else { return value.channel.close(promise: nil) }
    defer { if !isProxy { places.leave(address) } }
    do {
      let begun = try await value.begin { channel in
        if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
        return http.setup(channel: channel, logger: logger)
      }
      await http.handle(value: begun, logger: logger)
    } catch {
      value.channel.close(promise: nil)
    }
  }
}

/// The TLS of the owners' page, from two PEM files.
enum OwnerCertificate {
  static func context(certificate: String, key: String) throws(OperatorMistake) -> NIOSSLContext {
    var state = stat()
    guard unsafe stat(key, &state) == 0 else { throw mistake(key, "this file cannot be read") }
    guard state.st_mode & 0o007 == 0 else {
      throw OperatorMistake(
        "page.key", at: key, "everybody on this machine may read this private key", hint: "chmod 0600 \(key)")
    }
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(certificate)
      let secret = try NIOSSLPrivateKey(file: key, format: .pem)
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(secret))
      configuration.minimumTLSVersion = .tlsv12
      configuration.applicationProtocols = ["http/1.1"]
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw mistake(certificate, "it and its key \(key) are not a certificate in PEM and its private key")
    }
  }

  private static func mistake(_ path: String, _ sentence: String) -> OperatorMistake {
    OperatorMistake(
      "page.certificate", at: path, sentence, hint: "see delivery.page.certificate and delivery.page.key")
  }
}
