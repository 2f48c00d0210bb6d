import ContentBundle
import ControlAPI
import Documents
import Engines
import Glibc
import Hub

extension OperatorMistake {
  init(_ error: BundleError, at place: String? = nil) {
    self.init("content.\(error.code.rawValue)", at: place, error.sentence, hint: error.hint)
  }
}

/// Where each kind of content is: in the bundle that is in force, else with the program. Looked up once, at a role's
/// start, so that what it works with is of one state.
struct ContentPlaces {
  let folder: ContentFolder
  let state: ContentState

  init(_ data: DataFolder) throws(OperatorMistake) {
    folder = ContentFolder(data.content)
    do { state = try folder.state() } catch { throw OperatorMistake(error) }
  }

  /// Nil where there is none.
  func path(_ kind: ContentKind) -> String? { folder.folder(of: kind, in: state) ?? ContentPlaces.shipped(kind) }

  /// Of the bundle in force; nil where none brought the kind.
  func bundled(_ kind: ContentKind) -> String? { folder.folder(of: kind, in: state) }

  static func shipped(_ kind: ContentKind) -> String? { kind.shippedFolder.flatMap(InstalledFiles.path) }

  /// A file beside the bundle's rules; nil where it has none of the name.
  func ruleTable(_ name: String) -> String? {
    guard let path = folder.folder(of: .rules, in: state).map({ "\($0)/\(name)" }), unsafe access(path, R_OK) == 0
    else { return nil }
    return path
  }

  /// Without them old software and long certificates would pass for sound: so nothing is scanned.
  func tables() throws(OperatorMistake) -> ReferenceTables {
    guard let support = path(.endOfSupport), let grading = path(.grading) else {
      throw OperatorMistake(
        "content.missing", "the tables of Rules/end-of-support and Rules/grading are not installed",
        hint: "name the folder that holds Rules by VIGIL_SHARE")
    }
    do { return try ReferenceTables.read(endOfSupport: support, grading: grading) } catch {
      throw OperatorMistake("content.tables", at: error.position.description, error.message, hint: error.hint)
    }
  }

  /// When what came with the program was made; nothing where that is not told.
  static func shipped() throws(OperatorMistake) -> ShippedContent {
    guard let path = InstalledFiles.path("Rules/shipped.yaml") else { return ShippedContent() }
    do { return try ShippedContent(path: path) } catch { throw OperatorMistake(error) }
  }
}
