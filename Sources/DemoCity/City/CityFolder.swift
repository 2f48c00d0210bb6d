internal import Glibc

/// What the demonstration writes before any role starts: trust, inventory, configuration, capture.
///
/// Safe to write again at every start. The root lasts; everything else is made anew, since ports and dates change.
package struct CityFolder: Sendable {
  package let path: String

  /// A folder that exists.
  package init(path: String) { self.path = path }

  package var configuration: String { path + "/vigil.yaml" }
  package var inventory: String { path + "/inventory.yaml" }
  package var capture: String { path + "/traffic.pcap" }
  /// The root's certificate alone: for scanners to trust.
  package var trust: String { path + "/trust.pem" }
  /// The root's certificate and key: for the city to sign with.
  package var authority: String { path + "/authority.pem" }

  private static let largestAuthority = 64 << 10

  package func write(ports: CityPorts, user: String, now: Int = time(nil)) throws(DemoError) {
    let root = try root()
    // For the scanner, which is another user by then; a certificate is no secret.
    try CityFolder.write(Array(root.certificatePEM.utf8), to: trust, mode: 0o644)
    try CityFolder.write(Array(CityText.inventory(ports: ports, now: now).utf8), to: inventory)
    try CityFolder.write(Array(CityText.configuration(self, user: user).utf8), to: configuration)
    try CityFolder.write(try CityTraffic.capture(from: now), to: capture)
  }

  /// The PEM that `CityServer` wants.
  package func readAuthority() throws(DemoError) -> String {
    guard let text = CityFolder.read(authority) else {
      throw .system("\(authority) cannot be read", hint: "start the demonstration with: vigil up --demo")
    }
    return text
  }

  /// The one of the last start while it lasts, else a new one.
  private func root() throws(DemoError) -> Identity {
    if let text = CityFolder.read(authority), let known = Identity(pem: text), known.isValid(forSeconds: 30 * 86_400) {
      return known
    }
    let fresh = try Identity(CertificateOffice.rootRequest)
    try CityFolder.write(Array((fresh.certificatePEM + fresh.keyPEM).utf8), to: authority)
    return fresh
  }

  // MARK: files

  private static func read(_ path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: largestAuthority)
    let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
  }

  /// Whole or not at all, and only for its owner as a rule.
  static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws(DemoError) {
    let fresh = path + ".new"
    let hint = "let this user write the folder, or choose another with XDG_STATE_HOME"
    let descriptor = unsafe open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { throw .system("\(fresh) cannot be written", hint: hint) }
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes[done...].withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      done += count
    }
    guard close(descriptor) == 0, done == bytes.count, unsafe rename(fresh, path) == 0 else {
      throw .system("\(path) cannot be written", hint: hint)
    }
  }
}
