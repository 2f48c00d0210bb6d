import ContentBundle
import ControlAPI
import Documents
import Engines
import Glibc
import Hub
import Sensor
import Wire

/// What an import or a check found out about a bundle.
struct ContentFindings: Encodable {
  var bundle: String
  var version: String
  var made: Timestamp
  var digest: String
  var signer: String?
  var verdicts: [ContentCheck.Verdict]
  var differences: [ContentDifference]
  var rules: RuleDifference?
  /// Put in force; false for a dry run and where the digest is in force already.
  var isInForce = false

  var isRefused: Bool { verdicts.contains(where: \.isRefused) }
}

/// A bundle on its way in: unpacked beside what is in force, judged, compared, switched to.
struct ContentAct {
  let configuration: Configuration
  let places: ContentPlaces
  let settings: SensorSettings

  init(config: String?) throws {
    configuration = try ConfigurationFile.read(config)
    places = try ContentPlaces(configuration.data)
    settings = try SensorSettingsReader(config: configuration.file, overrides: []).settings
  }

  func trust(sha256: String?) throws(BundleError) -> BundleTrust {
    guard configuration.content.keys.count <= ContentKey.keyLimit else {
      throw BundleError(.badKey, "content.keys has more than \(ContentKey.keyLimit) keys, the limit")
    }
    var keys: [ContentKey.Public] = []
    for path in configuration.content.keys { keys.append(try ContentKey.Public.read(path: path)) }
    return BundleTrust(keys: keys, sha256: sha256?.lowercased())
  }

  /// Everything about a staged bundle against the state that is in force.
  func findings(_ staged: StagedBundle, named path: String, over state: ContentState) throws -> ContentFindings {
    let manifest = staged.opened.manifest
    let check = ContentCheck(folder: staged.folder, settings: settings, checks: try checks(with: staged))
    var findings = ContentFindings(
      bundle: ContentAct.name(of: path), version: manifest.version, made: manifest.made, digest: staged.opened.digest,
      signer: staged.opened.signer, verdicts: manifest.kinds.map(check.verdict), differences: [])
    for kind in manifest.kinds {
      let old = places.folder.folder(of: kind, in: state) ?? ContentPlaces.shipped(kind)
      let fresh = "\(staged.folder)/\(kind.rawValue)"
      findings.differences.append(try ContentDifference(kind, from: old, to: fresh))
      if kind == .rules { findings.rules = try RuleDifference(from: old, to: fresh) }
    }
    return findings
  }

  /// Every check that there is once the bundle is in force.
  private func checks(with staged: StagedBundle) throws -> Set<String> {
    let templates =
      staged.opened.manifest.kinds.contains(.templates)
      ? TemplateLibrary(path: "\(staged.folder)/templates") : try TemplateChoice(configuration).library()
    let engines = EngineRegistry.all(with: TemplateEngine(templates, allowed: []))
    return Set(engines.flatMap(\.checks).map(\.id))
  }

  static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Who runs this, as the kernel knows.
  static var userName: String {
    guard let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_name else {
      return "uid \(getuid())"
    }
    return unsafe String(cString: name)
  }

  /// What becomes of a switch, by whether a hub is there to see it.
  var follows: String {
    SocketFile.answers(configuration.data.apiSocket)
      ? "the hub takes it over within seconds; sensor and scanner start again with it under vigil up (vigil content show says who has not followed)"
      : "no hub runs here: it counts from the next start"
  }
}

/// `body`, with what is wrong said as every command says it.
func tellingBundleErrors<T>(at place: String? = nil, _ body: () throws -> T) throws -> T {
  do { return try body() } catch let error as BundleError {
    throw OperatorMistake(error, at: place)
  } catch let error as SensorError {
    throw OperatorMistake("content.rules", error.sentence, hint: error.hint)
  }
}
