import COpenSSL

/// What a TLS server of a test decides for each client: by its name, and whether it asks for a staple. It lives as
/// long as the server, whose OpenSSL calls back into it.
@safe final class ServerChoices: @unchecked Sendable {
  fileprivate let settings: TLSServer.Settings

  init(_ settings: TLSServer.Settings) { self.settings = settings }

  func install(in context: OpaquePointer) {
    let me = unsafe Unmanaged.passUnretained(self).toOpaque()
    if settings.nameless != nil || settings.needsName {
      _ = unsafe vigil_ssl_ctx_set_name_callback(context, chooseByName)
      _ = unsafe vigil_ssl_ctx_set_name_argument(context, me)
    }
    if !settings.staple.isEmpty {
      _ = unsafe vigil_ssl_ctx_set_status_callback(context, giveStaple)
      _ = unsafe vigil_ssl_ctx_set_status_argument(context, me)
    }
  }
}

private func choices(_ raw: UnsafeMutableRawPointer?) -> ServerChoices? {
  unsafe raw.map { unsafe Unmanaged<ServerChoices>.fromOpaque($0).takeUnretainedValue() }
}

private func chooseByName(
  _ ssl: OpaquePointer?, _: UnsafeMutablePointer<Int32>?, _ raw: UnsafeMutableRawPointer?
) -> Int32 {
  guard let choices = unsafe choices(raw), unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) == nil else {
    return SSL_TLSEXT_ERR_OK
  }
  if choices.settings.needsName { return SSL_TLSEXT_ERR_ALERT_FATAL }
  if let other = choices.settings.nameless {
    unsafe SSL_use_certificate(ssl, other.certificate)
    unsafe SSL_use_PrivateKey(ssl, other.key)
  }
  return SSL_TLSEXT_ERR_OK
}

private func giveStaple(_ ssl: OpaquePointer?, _ raw: UnsafeMutableRawPointer?) -> Int32 {
  guard let staple = unsafe choices(raw)?.settings.staple else { return SSL_TLSEXT_ERR_NOACK }
  return unsafe vigil_ssl_set_staple(ssl, staple, staple.count) == 1 ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL
}
