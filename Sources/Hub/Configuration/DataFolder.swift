package import ControlAPI
internal import Glibc

/// Where everything that Vigil keeps lies.
package struct DataFolder: Sendable, Equatable {
  package let path: String
  package init(path: String) { self.path = path }

  package var store: String { path + "/vigil.sqlite" }
  package var lock: String { path + "/hub.lock" }
  package var run: String { path + "/run" }
  /// What has to be passed to come to the API's socket, the outermost first.
  var apiFolders: [String] { [path, run] }
  package var apiSocket: String { run + "/api.sock" }
  /// Beside the API's folder, not in it: the sensor's user may come to this socket and to nothing else.
  package var ingest: String { path + "/ingest" }
  package var ingestSocket: String { ingest + "/ingest.sock" }
  package var spool: String { path + "/spool" }
  package var log: String { path + "/log" }
  /// What was imported by bundle.
  package var content: String { path + "/content" }
  /// `text` from the configuration: absolute, or below the data folder.
  package func resolve(_ text: String) -> String { text.hasPrefix("/") ? text : path + "/" + text }

  /// `/var/lib/vigil` for root, else below the user's state folder (XDG).
  package static var usual: String {
    if getuid() == 0 { return "/var/lib/vigil" }
    if let state = environment("XDG_STATE_HOME") { return state + "/vigil" }
    return (environment("HOME") ?? "/tmp") + "/.local/state/vigil"
  }

  package static func environment(_ name: String) -> String? {
    guard let text = unsafe getenv(name) else { return nil }
    let value = unsafe String(cString: text)
    return value.isEmpty ? nil : value
  }

  /// Makes the folder and those that sockets, spools and logs lie in. Only the owner may enter any of them, but for
  /// root's: its sensor becomes another user, who may pass through to the folders of its own and list none of them
  /// (Documentation/decisions/0001-who-may-enter-the-data-folder.md).
  package func make() throws(OperatorMistake) {
    let passage: UInt32 = geteuid() == 0 ? 0o711 : 0o700
    for folder in [path, ingest, spool] { try DataFolder.makePrivate(folder, mode: passage) }
    for folder in [run, log] { try DataFolder.makePrivate(folder) }
  }

  /// A folder that exists must be ours and closed to others, or what lies in it is not private.
  package static func makePrivate(_ folder: String, mode: UInt32 = 0o700) throws(OperatorMistake) {
    try makeParents(of: folder)
    let cause = unsafe mkdir(folder, 0o700) == 0 ? 0 : errno
    var state = stat()
    guard unsafe stat(folder, &state) == 0 else { throw refused(folder, cause) }
    guard state.st_mode & S_IFMT == S_IFDIR else {
      throw OperatorMistake(
        "data.notFolder", at: folder, "this is not a folder", hint: "choose another with the key data")
    }
    guard state.st_uid == geteuid() else {
      throw OperatorMistake(
        "data.owner", at: folder, "this folder belongs to user \(state.st_uid), not to \(geteuid())",
        hint: "start Vigil as that user, or choose another folder with the key data")
    }
    if state.st_mode & 0o7777 != mode, unsafe chmod(folder, mode) != 0 { throw refused(folder, errno) }
  }

  private static func makeParents(of folder: String) throws(OperatorMistake) {
    var parent = ""
    for part in folder.split(separator: "/").dropLast() {
      parent += "/" + part
      if unsafe mkdir(folder.hasPrefix("/") ? parent : String(parent.dropFirst()), 0o755) != 0, errno != EEXIST {
        throw refused(parent, errno)
      }
    }
  }

  private static func refused(_ folder: String, _ cause: Int32) -> OperatorMistake {
    OperatorMistake(
      "data.refused", at: folder, unsafe "this folder cannot be made: \(String(cString: strerror(cause)).lowercased())",
      hint: "choose another with the key data")
  }
}
