internal import CLinux
internal import Glibc

/// Giving up root for good: after the interface is open and before the first thread starts.
package enum Privileges {
  /// Drops to `user` with its group and no others, and to nothing that could be regained. Does nothing where the
  /// process is not root.
  package static func drop(to user: String) throws(SensorError) {
    guard geteuid() == 0 else { return }
    guard let entry = unsafe getpwnam(user) else {
      throw SensorError("there is no user \"\(user)\" to run the sensor as", hint: "name one that exists with --user")
    }
    let (uid, gid) = unsafe (entry.pointee.pw_uid, entry.pointee.pw_gid)
    guard setgroups(0, nil) == 0, setgid(gid) == 0, setuid(uid) == 0 else {
      throw SensorError("cannot become user \"\(user)\": \(reason())", hint: "start the sensor as root")
    }
    guard uid == 0 || setuid(0) != 0 else {
      throw SensorError("root could be regained after the change to \"\(user)\"", hint: "this system is not safe")
    }
  }

  /// Nothing that this process starts, and nothing it becomes, gains rights any more.
  package static func seal() { _ = vigil_no_new_privileges() }

  /// Makes `folder` (0700) where it is missing and gives it to `user`, while this process is still root.
  ///
  /// The folder above must be root's alone, or `user` could put a link in its place. A folder that was there and is
  /// somebody else's is left as it is: it may be /var/log.
  package static func prepare(folder: String, for user: String) throws(SensorError) {
    let isNew = unsafe mkdir(folder, 0o700) == 0
    if !isNew, errno != EEXIST {
      throw SensorError("cannot make the folder \(folder): \(reason())", hint: "name one whose parent exists")
    }
    guard geteuid() == 0, let entry = unsafe getpwnam(user) else { return }
    let (uid, gid) = unsafe (entry.pointee.pw_uid, entry.pointee.pw_gid)
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw SensorError("cannot open the folder \(folder): \(reason())", hint: "see what lies there")
    }
    defer { close(descriptor) }
    var state = stat()
    guard unsafe fstat(descriptor, &state) == 0, state.st_uid != uid, isNew || state.st_mode & 0o077 == 0 else {
      return
    }
    _ = fchown(descriptor, uid, gid)
  }

  /// After the drop: says in a sentence what the user cannot reach, before anything fails in its own words.
  package static func check(reaches folders: [String]) throws(SensorError) {
    for folder in folders where unsafe access(folder, W_OK | X_OK) != 0 {
      // Said first: the look for the user's name has an errno of its own.
      let reason = reason()
      let user = unsafe getpwuid(geteuid()).flatMap { unsafe $0.pointee.pw_name }.map { unsafe String(cString: $0) }
      throw SensorError(
        "user \"\(user ?? String(geteuid()))\" cannot write the folder \(folder): \(reason)",
        hint: "put the data folder where others may pass, such as /var/lib/vigil, or name another user with sensor.user"
      )
    }
  }

  private static func reason() -> String {
    unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
  }
}

/// A sensor that cannot start: the operator's to mend.
package struct SensorError: Error, CustomStringConvertible {
  package var sentence: String
  package var hint: String
  package init(_ sentence: String, hint: String) {
    self.sentence = sentence
    self.hint = hint
  }
  package var description: String { "\(sentence); \(hint)" }
}
