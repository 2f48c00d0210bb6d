internal import CCurl
internal import Glibc

/// libcurl through a proxy: the tunnel is `Connection`'s, so that addresses are refused, waits bounded and failures told
/// apart as they are without one, and libcurl, which is handed the connected socket, never sees the credentials.
extension HTTPExchange {
  /// A socket that curl connects, or that the proxy has connected already.
  static func socket(to endpoint: Endpoint, _ context: ScanContext) throws(ConnectionFailure) -> RegisteredSocket {
    guard context.settings.proxy != nil else { return try Connection.socket(to: endpoint, context) }
    let connection = try Connection(to: endpoint, context)
    guard let socket = connection.surrender() else { throw .notHTTP }
    return socket
  }
}

/// curl asks after each socket that it was given whether it still has to connect it.
func proxiedSocketIsConnected(_: UnsafeMutableRawPointer?, _: curl_socket_t, _: curlsocktype) -> Int32 {
  CURL_SOCKOPT_ALREADY_CONNECTED
}
