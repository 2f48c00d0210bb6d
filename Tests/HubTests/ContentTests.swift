import ContentBundle
import ControlAPI
import Foundation
import Records
import Seam
import Testing
import Wire

@testable import Hub

/// A hub beside which content changes.
@Suite struct ContentTests {
  private let folder: TestFolder
  private let key: ContentKey.Private

  init() throws {
    folder = try TestFolder()
    key = try ContentKey.Private.make()
  }

  private var content: ContentFolder { ContentFolder(folder.path + "/data/content") }

  private func running() async throws -> RunningHub {
    try FileManager.default.createDirectory(
      atPath: folder.path + "/data", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    var shipped = ShippedContent()
    shipped.made = [.rules: Timestamp(seconds: 1_700_000_000), .posture: WallClock.system.now()]
    return try await RunningHub(
      folder,
      content: HubContent(
        folder: content, state: try content.state(), shipped: shipped, version: "9",
        shippedPosture: Checkout.folder + "/Rules/posture"))
  }

  /// Imports `files` as the command does, all but the checks.
  private func bring(_ files: [String: String], version: String) throws {
    let place = folder.path + "/" + version
    for (path, text) in files {
      let url = URL(filePath: place + "/" + path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: url, atomically: true, encoding: .utf8)
    }
    let (writer, bundle, now) = (BundleWriter(), place + ".vigil", WallClock.system.now())
    let manifest = try writer.manifest(of: place, version: version, made: now, key: key)
    _ = try writer.write(manifest, from: place, key: key, toFile: bundle)
    _ = try content.locked { holder in
      let staged = try holder.stage(try BundleFile(bundle), trusting: BundleTrust(keys: [key.half]))
      return try holder.install(staged, source: "\(version).vigil", by: "ann", at: now)
    }
  }

  private func tree(_ dimension: String) -> [String: String] {
    [
      "posture/tree.yaml": """
      dimensions:
        - {id: \(dimension), en: One, zh: 一}
      points: {critical: 40, high: 20, medium: 8, low: 2, info: 0}
      criticality: {ordinary: 1, important: 2, critical: 4}
      """,
      "posture/\(dimension)/a.yaml": """
      class: a
      title: {en: A, zh: 甲}
      indicators:
        - id: \(dimension).a.b
          title: {en: B, zh: 乙}
          checks: [tls.version.ssl2]
          severity: low
          weight: 2
          remedy: {en: Mend it., zh: 修复。}
      """,
    ]
  }

  /// The report once it is as wished; waits off the tests' threads.
  private func report(_ hub: RunningHub, _ isWished: (ContentReport) -> Bool) async throws -> ContentReport {
    for _ in 0..<2400 {
      let report = try await hub.client.call(API.content)
      if isWished(report) { return report }
      try await Task.sleep(for: .milliseconds(50))
    }
    return try await hub.client.call(API.content)
  }

  @Test(
    "ages are told, a switch is taken over and audited once, also by the next hub, and what is wrong changes nothing")
  func follows() async throws {
    let hub = try await running()
    let first = try await hub.client.call(API.content)
    #expect(first.serial == 0 && first.kinds.map(\.kind) == ContentKind.allCases.map(\.rawValue))
    #expect(first.kinds[0].isStale && first.kinds[0].source == "vigil" && first.kinds[0].version == "9")
    #expect(first.kinds[1] == ContentItem(kind: "templates", title: ContentKind.templates.title))
    let health = try await hub.client.call(API.health)
    #expect(health.state == "good" && health.notes?.count == 1)
    #expect(health.notes?.first?.hasPrefix("content is older than 30 days: network rules ") == true)
    #expect(try await hub.client.call(API.overview).warnings.contains { $0.en.hasPrefix("content is older") })

    var files = tree("one")
    files["rules/a.rules"] = "alert tcp any any -> any any (sid:1;)\n"
    try bring(files, version: "2026.11")
    let second = try await report(hub) { $0.serial == 1 }
    #expect(second.serial == 1 && second.kinds[0].version == "2026.11" && second.kinds[0].by == "ann")
    #expect(second.kinds[0].signer == key.half.id && second.kinds[0].isStale == false)
    #expect(try await hub.client.call(API.indicators).items.map(\.id) == ["one.a.b"])
    #expect(try await hub.client.call(API.health).notes == nil)

    // A tree that nobody can read: the hub keeps the one it has, and says why.
    try bring(["posture/tree.yaml": "dimensions: 1\n"], version: "broken")
    for _ in 0..<2400 where try await hub.client.call(API.health).state == "good" {
      try await Task.sleep(for: .milliseconds(50))
    }
    let ailing = try await hub.client.call(API.health)
    #expect(ailing.reasons.first?.hasPrefix("new content is not in force: ") == true, "\(ailing)")
    #expect(try await hub.client.call(API.indicators).items.map(\.id) == ["one.a.b"])
    _ = try content.locked { try $0.rollBack(toShipped: false, by: "bob", at: WallClock.system.now()) }
    let third = try await report(hub) { $0.serial == 3 }
    #expect(third.serial == 3)
    #expect(try await hub.client.call(API.health).state == "good")
    await hub.end()

    // While no hub ran.
    _ = try content.locked { try $0.rollBack(toShipped: true, by: "eve", at: WallClock.system.now()) }
    let again = try await running()
    var entries: [AuditEntry] = []
    for _ in 0..<2400 where entries.count < 4 {
      entries = try await again.client.call(API.audit, ListRequest()).items.filter { $0.subject == "content" }
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(entries.map(\.act) == ["content shipped", "content rollback", "content import", "content import"])
    #expect(entries.map(\.actor.name) == ["eve", "bob", "ann", "ann"])
    #expect(entries.last?.before == "what came with the program")
    #expect(entries.last?.after?.hasPrefix("#1 posture 2026.11 (") == true, "\(entries.last?.after ?? "")")
    await again.end()
  }

  @Test("of every kind that comes with the program it is said how old it is") func shippedDays() throws {
    let shipped = try ShippedContent(path: Checkout.folder + "/Rules/shipped.yaml")
    #expect(Set(shipped.made.keys) == Set(ContentKind.allCases.filter { $0.shippedFolder != nil }))
    for kind in ContentKind.allCases {
      guard let folder = kind.shippedFolder else { continue }
      #expect(FileManager.default.fileExists(atPath: Checkout.folder + "/" + folder), "\(folder)")
    }
  }

  @Test("a role that works with other content is told, and named until it follows") func behind() async throws {
    let hub = try await running()
    let wire = try SeamWire(hub.configuration.data.ingestSocket, role: .scanner, source: "scanner-7")
    guard case .welcome? = try await wire.receive() else {
      Issue.record("no welcome")
      return
    }
    func beat(_ mark: String) throws {
      let now = WallClock.system.now()
      try wire.send(
        .scannerStatus(ScannerStatus(scanner: "scanner-7", boot: 1, time: now, started: now, content: mark)))
    }
    try bring(["end-of-support/products.yaml": "products: []\n"], version: "2026.12")
    _ = try await report(hub) { $0.serial == 1 }
    try beat("")
    guard case .command(let command)? = try await wire.receive() else {
      Issue.record("no command")
      return
    }
    #expect(command.name == .takeContent)
    try wire.send(.reply(.init(id: command.id, succeeded: false, text: "do it by hand")))
    let named = [ContentRole(source: "scanner-7", answer: "do it by hand")]
    #expect(try await report(hub) { $0.behind == named }.behind == named)
    #expect(
      try await hub.client.call(API.health).notes?.contains("scanner-7 works with the content before: do it by hand")
        == true)
    try beat(try content.state().mark(of: .scanner))
    #expect(try await report(hub) { $0.behind.isEmpty }.behind.isEmpty)
    await hub.end()
  }
}
