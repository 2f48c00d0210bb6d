import ContentBundle
import ControlAPI
import Engines
import Glibc
import Hub
import Records
import Scanner

extension Configuration {
  /// What `scan` says, in the scanner's words, with the content that is in force.
  func scannerConfiguration() throws -> Scanner.Configuration {
    let places = try ContentPlaces(data)
    var result = Scanner.Configuration()
    result.jobs = scan.concurrency
    result.settings.policy = AddressPolicy(allowed: scan.allow)
    result.settings.userAgent = scan.userAgent
    result.settings.limits.connectsPerSecond = scan.connectsPerSecond
    result.settings.limits.requestsPerSecond = scan.requestsPerSecond
    result.settings.limits.openPerAddress = scan.connectionsPerAddress
    result.settings.resolver.forwarders = scan.resolver.map { ResolverSettings.Server($0.address, port: $0.port) }
    result.settings.secondResolver = scan.secondResolver.map { ResolverSettings.Server($0.address, port: $0.port) }
    result.settings.resolver.anchors = scan.trustAnchors
    result.settings.trustStores = try trustStores(places)
    result.settings.tables = try places.tables()
    result.content = places.state.mark(of: .scanner)
    result.isSupervised = ParentWatch.isSupervised
    result.settings.asksRevocation = scan.asksRevocation
    return result
  }

  /// The stores that are named; where none is, the system's and those of the bundle in force.
  private func trustStores(_ places: ContentPlaces) throws(OperatorMistake) -> [TrustStoreSource] {
    let folder = places.path(.trust)
    var result: [TrustStoreSource] = []
    for store in scan.trustStores {
      var path = store.path
      if let file = store.content {
        path = folder.map { "\($0)/\(file)" }
        guard let path, unsafe access(path, F_OK) == 0 else {
          throw OperatorMistake(
            "scanner.trustStores", at: "content:\(file)", "no bundle that is in force has this trust store",
            hint: "import one that has, or correct scan.trustStores")
        }
      }
      result.append(TrustStoreSource(name: store.name, path: path, isPublic: store.isPublic))
    }
    guard result.isEmpty, let folder else { return result }
    let brought = RuleFiles.expand([folder + "/*.pem"]).map { path in
      TrustStoreSource(name: String(path.dropFirst(folder.count + 1).dropLast(4)), path: path)
    }
    return [.system] + brought
  }

  /// The engines read the stores as whom the scanner has become: said at the start, not in every site's findings.
  func checkTrustStores(_ stores: [TrustStoreSource]) throws(OperatorMistake) {
    for path in stores.compactMap(\.path) where unsafe access(path, R_OK) != 0 {
      throw OperatorMistake(
        "scanner.trustStores", at: path, "\(sensor.user) cannot read this trust store",
        hint: "make it and the folders above readable for \(sensor.user)")
    }
  }
}
