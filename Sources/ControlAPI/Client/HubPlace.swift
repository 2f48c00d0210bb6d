/// Where a hub is asked, and as whom.
package struct HubPlace: Sendable, Hashable, CustomStringConvertible {
  package enum Way: Sendable, Hashable {
    /// A Unix socket: the hub knows the user by the kernel.
    case socket(String)
    /// `https://HOST:PORT`; its certificate must lead to `authorities` (a file in PEM), nil: to those of the system.
    case network(url: String, authorities: String?)
  }
  package let way: Way
  /// Counts in the user's place where it is given.
  package let token: String?

  package init(_ way: Way, token: String? = nil) {
    self.way = way
    self.token = token
  }

  package var description: String {
    switch way {
    case .socket(let path): path
    case .network(let url, _): url
    }
  }

  var hintWhereSilent: String {
    switch way {
    case .socket: "start one with: vigil up"
    case .network: "its configuration names the port by api.listen"
    }
  }

  func request(
    path: String, method: String, body: [UInt8]?, timeoutMilliseconds: Int
  ) -> Transfer.Request {
    var headers = ["Content-Type: application/json", "Expect:"]
    if let token { headers.append("Authorization: Bearer \(token)") }
    var request = Transfer.Request(
      socket: nil, url: "http://vigil" + path, method: method, headers: headers, body: body,
      timeoutMilliseconds: timeoutMilliseconds)
    switch way {
    case .socket(let socket): request.socket = socket
    case .network(let url, let authorities): (request.url, request.authorities) = (url + path, authorities)
    }
    return request
  }
}
