import Capture
import Foundation
import Records
import RuleLanguage
import Sensor
import TestSupport
import Wire

@testable import Hub

/// Plants on the wire: a capture through the whole sensor with every rule that comes with Vigil, its alerts given to
/// whoever the hub would give them.
struct WireProof {
  private let rules: RuleLoading.Result
  private let settings: SensorSettings
  private let index: SiteIndex

  init() throws {
    var settings = SensorSettings()
    settings.detection.addressVariables = [("HOME_NET", "[\(Conversation.network)]")]
    settings.detection.classificationFile = Checkout.folder + "/Rules/classification.config"
    let files = try FileManager.default.contentsOfDirectory(atPath: Checkout.folder + "/Rules/network").sorted()
    rules = try RuleLoading(settings: settings.detection).load(files.map { Checkout.folder + "/Rules/network/" + $0 })
    guard rules.diagnostics.isEmpty else {
      throw Farm.Failure(description: rules.diagnostics.map(\.description).joined(separator: "\n"))
    }
    self.settings = settings
    let site = Site(
      id: "proved", url: "https://\(Conversation.host)/", scheme: "https", host: Conversation.host, port: 443,
      addresses: [IPAddress(Conversation.address)].compactMap(\.self))
    index = SiteIndex(sites: [site], home: [IPPrefix(Conversation.network)].compactMap(\.self))
  }

  func proof(_ plant: Plant) throws -> Proof {
    guard case .wire(let conversation) = plant.place else { return Proof(plant) }
    var proof = Proof(plant)
    var site = try WatchedSite()
    try replay(conversation, isPlanted: false, &site)
    proof.before = site.posture()
    try replay(conversation, isPlanted: true, &site)
    (proof.planted, proof.said) = (site.posture(), site.movers)
    try site.close()
    proof.after = site.posture()
    return proof
  }

  private func replay(_ conversation: Conversation, isPlanted: Bool, _ site: inout WatchedSite) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "vigil-wire-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let capture = folder.appending(path: "input.pcap")
    try Data(PcapBuilder().file(try conversation.packets(isPlanted: isPlanted))).write(to: capture)
    var reading = try CaptureReading(
      sources: [try CaptureFile(path: capture.path)], folder: folder.path, settings: settings, rules: rules)
    _ = try reading.run()
    let text = try String(contentsOf: folder.appending(path: "eve.json"), encoding: .utf8)
    for line in text.split(separator: "\n") {
      guard case .alert(let alert) = AlertRecord.read(eve: String(line)) else { continue }
      site.take([alert], of: index.owner(of: alert))
    }
  }
}
