/// The cookies of one run, as the site set them: the last value of each name. Paths, hosts and times are not looked
/// at: all requests go to one host within seconds.
struct TemplateCookies {
  /// As browsers keep for one site.
  private static let countLimit = 50
  private static let lengthLimit = 4096
  private var pairs: [(name: String, value: String)] = []

  mutating func keep(_ response: TemplateResponse) {
    for line in response.headers where line.name.lowercased() == "set-cookie" {
      let pair = line.value.prefix { $0 != ";" }
      guard let equals = pair.firstIndex(of: "="), pair.utf8.count <= TemplateCookies.lengthLimit,
        pair.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
      else { continue }
      let name = String(pair[..<equals]).trimmingSpaces
      let value = String(pair[pair.index(after: equals)...]).trimmingSpaces
      pairs.removeAll { $0.name == name }
      let isGone = value.isEmpty || line.value.lowercased().contains("max-age=0")
      if !name.isEmpty, !isGone, pairs.count < TemplateCookies.countLimit { pairs.append((name, value)) }
    }
  }

  /// The value of the Cookie field; nil where there is none to send.
  var field: String? {
    pairs.isEmpty ? nil : pairs.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
  }
}
