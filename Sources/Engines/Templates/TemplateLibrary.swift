package import Documents
internal import Records

/// The templates of a folder and of those below it, or of one file.
package struct TemplateLibrary: Sendable {
  /// The gravest first, then by id: where a site stops us, what matters most has been asked.
  package private(set) var templates: [WebTemplate] = []
  /// Of files that hold no template that can be read, in the order of their paths.
  package private(set) var problems: [DocumentError] = []

  package init() {}

  /// Those that come with Vigil.
  package static let installed: TemplateLibrary = {
    guard let folder = InstalledFiles.path("Rules/templates") else {
      var library = TemplateLibrary()
      library.problems = [
        DocumentError(
          .unreadable, SourcePosition(file: "Rules/templates"), "the templates are not installed",
          hint: "name the folder that holds Rules in VIGIL_SHARE")
      ]
      return library
    }
    return TemplateLibrary(path: folder)
  }()

  package init(path: String) {
    let isFolder = DocumentFolder.isFolder(path)
    guard let files = isFolder ? DocumentFolder.tree(at: path) : [path] else {
      let sentence = "this folder of templates cannot be read, or has more than \(DocumentFolder.treeLimit) of them"
      problems = [DocumentError(.unreadable, SourcePosition(file: path), sentence)]
      return
    }
    if files.isEmpty {
      problems = [
        DocumentError(
          .unreadable, SourcePosition(file: path), "no template is in this folder", hint: "their names end in .yaml")
      ]
    }
    for file in files {
      do throws(DocumentError) {
        let text = try DocumentFile.text(path: file)
        add(try TemplateReader.read(text, file: file, folder: isFolder ? path : nil))
      } catch {
        problems.append(error)
      }
    }
    sort()
  }

  /// Those of `other` beside these. An id that is here already stays what it is: ids never change their meaning.
  package func joined(with other: TemplateLibrary) -> TemplateLibrary {
    var result = self
    result.problems += other.problems
    for template in other.templates { result.add(template) }
    result.sort()
    return result
  }

  /// The tag of those that are asked only where the operator wants them all: they look for what is rare, at several
  /// places, and a site is held for a second by each request.
  package static let deepTag = "deep"

  /// Without the deep ones, but for those named.
  package func usual(besides ids: Set<String> = []) -> TemplateLibrary {
    var result = self
    result.templates.removeAll { $0.isDeep && !ids.contains($0.id) }
    return result
  }

  package subscript(id: String) -> WebTemplate? { templates.first { $0.id == id } }

  mutating func add(_ template: WebTemplate) {
    guard let other = templates.first(where: { $0.check.id == template.check.id }) else {
      templates.append(template)
      return
    }
    problems.append(
      DocumentError(
        .duplicateKey, template.position, "the id \(template.id) is taken by \(other.source)", hint: "name another id"))
  }

  mutating func sort() { templates.sort { ($1.severity, $0.id) < ($0.severity, $1.id) } }
}

extension WebTemplate {
  package var isDeep: Bool { tags.contains(TemplateLibrary.deepTag) }

  /// The question that it asks: `nacos-users` is `template.nacos_users`.
  package var check: Check {
    let id = "template." + String(id.map { $0 == "-" ? "_" : $0 })
    return Check(id, severity, name.en, name.zh, probeClass)
  }
}
