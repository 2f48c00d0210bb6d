/// One element of an XML document: names as written, without namespaces.
package struct XMLElement: Hashable, Sendable {
  package var name: String
  package var attributes: [String: String]
  package var children: [XMLElement]
  /// All character data directly inside, joined.
  package var text: String

  package init(_ name: String, _ attributes: [String: String] = [:], children: [XMLElement] = [], text: String = "") {
    self.name = name
    self.attributes = attributes
    self.children = children
    self.text = text
  }

  /// The attribute's value; nil where it is absent.
  package subscript(attribute: String) -> String? { attributes[attribute] }

  package func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }
  package func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}
