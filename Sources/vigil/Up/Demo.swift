import ControlAPI
import Hub

/// What `--demo` adds to the roles: a city on loopback and traffic at its gates.
///
/// The hook for the city: `Demo.roles` is where its process (and whatever replays traffic) is started beside the
/// roles, and `Demo.configuration` is what they all read. Both get a data folder of their own, so that a
/// demonstration never touches what is real.
enum Demo {
  static var data: DataFolder { DataFolder(path: DataFolder.usual + "-demo") }

  /// Writes the demonstration's configuration and returns its path.
  static func configuration() throws(OperatorMistake) -> String {
    throw OperatorMistake("up.demo", "the demonstration city is not part of this build", hint: "start without --demo")
  }

  /// Run before the hub's own roles.
  static func roles(configuration: String) -> [Role] { [] }
}
