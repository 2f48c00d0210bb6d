import Engines
import Records

extension PlantTable {
  /// Of every template that comes with Vigil and costs points its own page; a new one needs a file in
  /// `Tests/Fixtures/templates`, and no line here. None moves a second indicator: a page is of one weakness.
  static let pages: [Plant] = TemplateLibrary.installed.templates.filter { $0.severity > .info }.map { template in
    Plant([template.check.id], .page(template.id))
  }

  /// Where the pages of a template are written down.
  static func page(_ id: String) -> String { Checkout.folder + "/Tests/Fixtures/templates/\(id).yaml" }
}
