import ControlAPI
import DemoCity
import Glibc
import Hub

/// What `--demo` adds to the roles: a city on loopback and traffic at its gates.
///
/// The demonstration has a data folder of its own, so that it never touches what is real. Its sites keep their ids and,
/// where the usual ports are free, their addresses: what the watch did in one run is there in the next.
enum Demo {
  static var data: DataFolder { DataFolder(path: DataFolder.usual + "-demo") }

  /// Writes the demonstration's folder and returns the path of its configuration.
  static func configuration() throws(OperatorMistake) -> String {
    guard !SocketFile.answers(data.apiSocket) else {
      throw OperatorMistake(
        "demo.running", at: data.path, "the demonstration is already running", hint: "look at it with: vigil dashboard")
    }
    try data.make()
    let folder = CityFolder(path: data.path)
    do throws(DemoError) {
      let ports = try CityPorts.free()
      try folder.write(ports: ports, user: userName)
      unsafe chosen = ports
    } catch {
      throw OperatorMistake("demo", at: data.path, error.sentence, hint: error.hint)
    }
    // The scanner trusts the city's root in place of the system's: OpenSSL's own variable, inherited by the roles.
    unsafe setenv("SSL_CERT_FILE", folder.trust, 1)
    return folder.configuration
  }

  /// Run before the hub's own roles: the city, and a sensor that replays the capture in place of one that captures.
  static func roles(configuration: String) -> [Role] {
    let folder = CityFolder(path: data.path)
    let city = [
      "demo-city", "--folder", folder.path, "--tls-port", String(unsafe chosen.tls), "--plain-port",
      String(unsafe chosen.plain),
    ]
    return [
      Role(name: "city", arguments: city),
      Role(name: "sensor", arguments: ["sensor", "--config", configuration, "--replay", folder.capture]),
    ]
  }

  /// Written by `configuration()` before `roles` reads it, both on the supervisor's one thread.
  nonisolated(unsafe) private static var chosen = CityPorts.candidates[0]

  /// Who runs this; root where nobody is known.
  private static var userName: String {
    guard let entry = unsafe getpwuid(geteuid()), let name = unsafe entry.pointee.pw_name else { return "root" }
    return unsafe String(cString: name)
  }
}
