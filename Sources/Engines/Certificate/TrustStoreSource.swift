/// Where trusted roots come from: the system's own, or one PEM file with a name of the operator's.
package struct TrustStoreSource: Hashable, Sendable {
  /// As shown in facts: `system`, `city authority`.
  package var name: String
  /// Nil: the system's.
  package var path: String?
  /// Holds only authorities that the public trusts: what the CA/Browser Forum asks is then asked of their chains.
  package var isPublic: Bool

  package init(name: String, path: String?, isPublic: Bool = false) {
    self.name = name
    self.path = path
    self.isPublic = isPublic
  }

  /// How many certificates a file in PEM has, read as chains are held against it; nil where it cannot be read.
  package static func certificates(in path: String) -> Int? { TrustStore.count(in: path) }

  package static let system = TrustStoreSource(name: "system", path: nil, isPublic: true)
}

extension ScanContext.Settings {
  /// The stores a chain is held against, the first of which decides `certificate.untrusted`.
  var trustSources: [TrustStoreSource] {
    let given = trustFile.map { [TrustStoreSource(name: "given file", path: $0)] } ?? []
    let all = given + trustStores
    return all.isEmpty ? [.system] : all
  }
  /// Where it is looked up whether a chain is publicly trusted: the stores said to be public, else the system's.
  var publicSources: [TrustStoreSource] {
    let named = trustSources.filter(\.isPublic)
    return named.isEmpty ? [.system] : named
  }
}
