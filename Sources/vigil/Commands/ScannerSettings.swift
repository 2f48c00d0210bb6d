import ControlAPI
import Engines
import Glibc
import Hub
import Records
import Scanner

extension Configuration {
  /// What `scan` says, in the scanner's words.
  var scannerConfiguration: Scanner.Configuration {
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
    result.settings.trustStores = scan.trustStores.map {
      TrustStoreSource(name: $0.name, path: $0.path, isPublic: $0.isPublic)
    }
    result.settings.asksRevocation = scan.asksRevocation
    return result
  }

  /// The engines read the stores as whom the scanner has become: said at the start, not in every site's findings.
  func checkTrustStores() throws(OperatorMistake) {
    for path in scan.trustStores.compactMap(\.path) where unsafe access(path, R_OK) != 0 {
      throw OperatorMistake(
        "scanner.trustStores", at: path, "\(sensor.user) cannot read this trust store",
        hint: "make it and the folders above readable for \(sensor.user)")
    }
  }
}
