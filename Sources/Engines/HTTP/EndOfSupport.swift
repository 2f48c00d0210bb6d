internal import Documents
internal import Records
internal import Wire

/// When makers stop mending what they made: `Rules/end-of-support/products.yaml`. A branch whose end is not surely
/// known is not there, and nothing is said of it. A distribution may mend a version for longer, so the answer speaks of
/// the maker alone.
package struct EndOfSupport: Hashable, Sendable {
  struct Entry: Hashable {
    var product: String
    /// The branch: a version that equals it or begins with it and a dot.
    var branch: String
    var end: String
  }

  private(set) var entries: [Entry] = []
  /// By the product's name and its other names, in lower case.
  private var byName: [String: [Entry]] = [:]

  init() {}

  init(_ root: DocumentValue) throws(DocumentError) {
    try root.refuseUnknown(besides: ["products"])
    for value in try root.required("products").list() {
      try value.refuseUnknown(besides: ["product", "also", "branches"])
      let product = try value.required("product").string()
      let own = try EndOfSupport.branches(value.required("branches"), product)
      entries += own
      for name in [product] + (try value["also"]?.strings() ?? []) {
        guard byName.updateValue(own, forKey: name.lowercased()) == nil else {
          throw DocumentError(.duplicateKey, value.position, "\(name) stands twice", hint: "put its branches together")
        }
      }
    }
  }

  private static func branches(_ map: DocumentValue, _ product: String) throws(DocumentError) -> [Entry] {
    var result: [Entry] = []
    for entry in try map.map() {
      guard !entry.key.isEmpty, entry.key.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") })
      else {
        throw DocumentError(.badValue, entry.keyPosition, "\"\(entry.key)\" is no version", hint: "for example \"7.4\"")
      }
      result.append(Entry(product: product, branch: entry.key, end: try entry.value.day().text))
    }
    return result
  }

  func entry(_ product: Technologies.Product) -> Entry? {
    let version = Substring(product.version).drop { $0 == "v" }
    // Letters end a number: `1.0.2k-fips`, `9.3.1.v2015`.
    let numbers = version.prefix { $0.isNumber || $0 == "." }
    return byName[product.name.lowercased()]?.filter { entry in
      numbers == entry.branch || numbers.hasPrefix(entry.branch + ".")
    }.max { $0.branch.count < $1.branch.count }
  }

  func answer(_ products: [Technologies.Product], at now: Timestamp) -> CheckAnswer {
    let id = "http.technology.end_of_support"
    let known = products.filter { !$0.version.isEmpty }
    let today = now.text.prefix(10)
    let past = known.compactMap { product in
      entry(product).flatMap { $0.end < today ? "\(product.shown): the maker's support ended \($0.end)" : nil }
    }
    if !past.isEmpty { return CheckAnswer(id, .yes, past.joined(separator: "; ")) }
    let supported = known.filter { entry($0) != nil }
    guard !supported.isEmpty else {
      let names = known.isEmpty ? "no product tells its version" : "no end of support is known of \(shown(known))"
      return CheckAnswer(id, .notDetermined(reason: "does not apply: \(names)"))
    }
    return CheckAnswer(id, .no, shown(supported))
  }

  private func shown(_ products: [Technologies.Product]) -> String {
    products.map(\.shown).joined(separator: ", ")
  }
}
