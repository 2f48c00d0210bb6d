internal import ControlAPI
internal import Glibc
internal import NIOSSL

/// The TLS of the API's port, from two PEM files. Read at the start: what is wrong with them ends the hub in a sentence.
enum Certificate {
  static func context(_ listener: Configuration.API.Listener) throws(OperatorMistake) -> NIOSSLContext {
    try closedToOthers(listener.key)
    let chain: [NIOSSLCertificate]
    do { chain = try NIOSSLCertificate.fromPEMFile(listener.certificate) } catch {
      throw mistake(listener.certificate, "no certificate in PEM can be read there")
    }
    let key: NIOSSLPrivateKey
    do { key = try NIOSSLPrivateKey(file: listener.key, format: .pem) } catch {
      throw mistake(listener.key, "no private key in PEM can be read there")
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    do { return try NIOSSLContext(configuration: configuration) } catch {
      throw mistake(listener.certificate, "the certificate and the key \(listener.key) do not belong together")
    }
  }

  private static func closedToOthers(_ key: String) throws(OperatorMistake) {
    var state = stat()
    guard unsafe stat(key, &state) == 0 else { throw mistake(key, "this file cannot be read") }
    guard state.st_mode & 0o007 == 0 else {
      throw OperatorMistake(
        "api.key", at: key, "everybody on this machine may read this private key", hint: "chmod 0600 \(key)")
    }
  }

  private static func mistake(_ path: String, _ sentence: String) -> OperatorMistake {
    OperatorMistake("api.certificate", at: path, sentence, hint: "see api.certificate and api.key")
  }
}
