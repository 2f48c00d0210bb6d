internal import ControlAPI
internal import Glibc

/// A secret of 32 random bytes in a file of the data folder (0600), made when it is first wanted.
enum HubKey {
  static func read(_ path: String) throws(OperatorMistake) -> [UInt8] {
    if let key = existing(path) { return key }
    var source = SystemRandomNumberGenerator()
    let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &source) }
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw refused(path) }
    defer { close(descriptor) }
    guard unsafe write(descriptor, key, key.count) == key.count, fsync(descriptor) == 0 else { throw refused(path) }
    return key
  }

  private static func existing(_ path: String) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var key = [UInt8](repeating: 0, count: 32)
    return unsafe Glibc.read(descriptor, &key, key.count) == key.count ? key : nil
  }

  private static func refused(_ path: String) -> OperatorMistake {
    OperatorMistake(
      "hub.key", at: path, unsafe "this key cannot be kept: \(String(cString: strerror(errno)).lowercased())",
      hint: "let Vigil write its data folder, or remove a file there that is shorter than 32 bytes")
  }
}
