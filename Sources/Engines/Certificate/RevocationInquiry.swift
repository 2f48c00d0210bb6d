internal import COpenSSL
internal import Records
internal import Wire

/// Asks a certificate's authority whether it was taken back, where settings allow it: OCSP by GET (RFC 6960 appendix
/// A), else the revocation list. The addresses are the certificate's word: they are resolved, refused, paced and
/// counted like any target, and no redirect is followed.
struct RevocationInquiry {
  let context: ScanContext
  let leaf: OpenSSLCertificate
  let issuer: OpenSSLCertificate
  let extensions: CertificateExtensions

  func run() -> RevocationStatus {
    var reasons: [String] = []
    for (address, isResponder) in places {
      let status = isResponder ? askResponder(address) : readList(address)
      guard case .open(let reason) = status else { return status }
      reasons.append(reason)
    }
    return .open(reasons.isEmpty ? "the certificate names no place to ask over HTTP" : reasons.joined(separator: "; "))
  }

  /// One of each kind: authorities name more only for other protocols.
  private var places: [(HTTPPlace, Bool)] {
    let responder = extensions.ocspResponders.lazy.compactMap { HTTPPlace($0) }.first
    let list = extensions.revocationLists.lazy.compactMap { HTTPPlace($0) }.first
    return [responder.map { ($0, true) }, list.map { ($0, false) }].compactMap(\.self)
  }

  private func askResponder(_ place: HTTPPlace) -> RevocationStatus {
    guard let request = requestText() else { return .open("no OCSP request could be made") }
    let path = place.path.hasSuffix("/") ? place.path + request : place.path + "/" + request
    switch fetch(place, path) {
    case .failure(let why): return .open("OCSP: \(why.sentence)")
    case .success(let body):
      let answer = OCSPAnswer.read(body, leaf: leaf, issuer: issuer, at: context.settings.now())
      return answer.revocation(from: "the authority's OCSP answer") ?? .open("OCSP: \(answer.fault ?? "no answer")")
    }
  }

  private func readList(_ place: HTTPPlace) -> RevocationStatus {
    switch fetch(place, place.path) {
    case .failure(let why): .open("revocation list: \(why.sentence)")
    case .success(let body): RevocationList.status(body, of: leaf, issuer: issuer, at: context.settings.now())
    }
  }

  private struct Failure: Error { var sentence: String }

  private func fetch(_ place: HTTPPlace, _ path: String) -> Result<[UInt8], Failure> {
    let endpoint: Endpoint
    switch context.resolve(Target(scheme: "http", host: place.host, port: place.port)) {
    case .success(let found): endpoint = found
    case .failure(let result): return .failure(Failure(sentence: result.reason))
    }
    let request = HTTPRequest(
      url: "http://\(place.host):\(place.port)\(path)", host: place.host, headers: [], keepsBody: true)
    switch HTTPExchange.send(request, at: endpoint, context) {
    case .failure(let failure): return .failure(Failure(sentence: failure.sentence))
    case .success(let response):
      if response.isCut {
        return .failure(Failure(sentence: "the answer has more than \(HTTPExchange.bodyLimit >> 10) KiB, the limit"))
      }
      guard response.status == 200 else { return .failure(Failure(sentence: "the answer is HTTP \(response.status)")) }
      return .success(response.body)
    }
  }

  /// The request for this certificate alone, in base64 with what a path may not hold escaped.
  private func requestText() -> String? {
    defer { ERR_clear_error() }
    guard let request = unsafe OCSP_REQUEST_new() else { return nil }
    defer { unsafe OCSP_REQUEST_free(request) }
    // The request owns the id once it has it.
    guard let id = unsafe OCSP_cert_to_id(EVP_sha1(), leaf.pointer, issuer.pointer),
      unsafe OCSP_request_add0_id(request, id) != nil
    else { return nil }
    let length = unsafe i2d_OCSP_REQUEST(request, nil)
    guard length > 0, length < 1024 else { return nil }
    var der = [UInt8](repeating: 0, count: Int(length))
    _ = unsafe der.withUnsafeMutableBufferPointer { buffer in
      var cursor = buffer.baseAddress
      return unsafe i2d_OCSP_REQUEST(request, &cursor)
    }
    var text = [UInt8](repeating: 0, count: (der.count + 2) / 3 * 4 + 1)
    let count = unsafe EVP_EncodeBlock(&text, der, length)
    return text.prefix(Int(max(count, 0))).map { byte in
      switch byte {
      case UInt8(ascii: "+"): "%2B"
      case UInt8(ascii: "/"): "%2F"
      case UInt8(ascii: "="): "%3D"
      default: String(UnicodeScalar(byte))
      }
    }.joined()
  }
}

/// An `http:` address of a certificate, taken apart strictly, so that what is connected to is what was checked.
struct HTTPPlace: Hashable {
  let host: String
  let port: UInt16
  /// Begins with a slash.
  let path: String

  private static let lengthLimit = 512

  /// Nil for another scheme, credentials, or a character that has no place in the address of an authority.
  init?(_ text: String) {
    guard text.utf8.count <= Self.lengthLimit, text.lowercased().hasPrefix("http://"),
      text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "#") })
    else { return nil }
    let rest = text.dropFirst("http://".count)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = (parts.first ?? "").lowercased()
    guard !name.isEmpty, name.utf8.count < 254, name.allSatisfy({ $0.isASCIIHostCharacter }) else { return nil }
    var port: UInt16 = 80
    if parts.count == 2 {
      guard let number = UInt16(parts[1]), number > 0, parts[1].allSatisfy(\.isNumber) else { return nil }
      port = number
    }
    host = name
    self.port = port
    let tail = String(rest.dropFirst(authority.count))
    path = tail.hasPrefix("/") ? tail : "/" + tail
  }
}

extension Character {
  fileprivate var isASCIIHostCharacter: Bool { isASCII && (isLetter || isNumber || self == "." || self == "-") }
}

extension OCSPAnswer {
  /// What it settles: *good* only while valid, *revoked* for ever; nil where it settles nothing.
  func revocation(from source: String) -> RevocationStatus? {
    switch status {
    case .revoked: .revoked("\(source) says revoked" + (revokedSince.map { " since \($0.text)" } ?? ""))
    case .good where fault == nil: .good("\(source) says good" + (nextUpdate.map { ", until \($0.text)" } ?? ""))
    default: nil
    }
  }
}
