import Foundation
import Records
import Testing
import Wire

@testable import ContentBundle

/// What is in force, what was before, and what may come.
@Suite struct StateTests {
  private let now = Timestamp(seconds: 1_795_000_000)

  private func manifest(_ kinds: [ContentKind], made: Timestamp) -> BundleManifest {
    BundleManifest(
      version: "v", made: made, key: "",
      files: kinds.map { BundleManifest.File(kind: $0, path: "\($0.rawValue)/x", size: 0, sha256: "") })
  }

  private func part(_ kind: ContentKind, _ folder: String, made: Timestamp) -> ContentState.Part {
    ContentState.Part(
      kind: kind, folder: folder, digest: folder, version: folder, made: made, installed: now, by: "ann",
      source: "b.vigil", signer: nil, files: 1)
  }

  @Test("older content is refused for the kinds that it would replace, and only there") func downgrade() {
    let state = ContentState().importing([part(.rules, "1-a", made: now)], by: "ann", at: now)
    func refusal(_ kinds: [ContentKind], _ seconds: Double, allowsOlder: Bool = false) -> String? {
      state.refusal(
        of: manifest(kinds, made: now.advanced(seconds: seconds)), now: now, limits: BundleLimits(),
        allowsOlder: allowsOlder
      ).map { "\($0.code.rawValue): \($0)" }
    }
    #expect(refusal([.rules], 0) == nil && refusal([.rules], 60) == nil)
    #expect(refusal([.trust], -86_400) == nil)
    #expect(
      refusal([.rules, .trust], -1)
        == "older: the bundle's rules of \(now.advanced(seconds: -1).text) are older than the newest imported here, of \(now.text); add --allow-older if that is what you want"
    )
    #expect(refusal([.rules], -1, allowsOlder: true) == nil)
    // A step back opens no door.
    let back = state.rolledBack(by: "ann", at: now)
    let older = manifest([.rules], made: now.advanced(seconds: -1))
    #expect(
      back?.parts == [] && back?.refusal(of: older, now: now, limits: .init(), allowsOlder: false)?.code == .older)
    #expect(
      refusal([.rules], 86_401, allowsOlder: true)
        == "fromFuture: the bundle was made at \(now.advanced(seconds: 86_401).text), and here it is \(now.text); set this machine's clock, or ask the bundle's maker"
    )
  }

  @Test("a walk of imports and steps back is as a stack of three says") func walk() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var (state, model, past) = (ContentState(), [ContentState.Part](), [[ContentState.Part]]())
    for step in 1...400 {
      let before = model
      switch Int.random(in: 0..<5, using: &random) {
      case 0:
        guard let last = past.first else {
          #expect(state.rolledBack(by: "bob", at: now) == nil)
          continue
        }
        state = try #require(state.rolledBack(by: "bob", at: now))
        (model, past) = (last, Array(past.dropFirst()))
      case 1 where !model.isEmpty:
        state = try #require(state.shipped(by: "bob", at: now))
        (model, past) = ([], Array(([model] + past).prefix(3)))
      default:
        let kinds = ContentKind.allCases.filter { _ in Bool.random(using: &random) }
        let fresh = kinds.map { part($0, "\(step)-a", made: now) }
        state = state.importing(fresh, by: "ann", at: now)
        past = Array(([model] + past).prefix(3))
        model = (model.filter { !kinds.contains($0.kind) } + fresh).sorted { $0.kind < $1.kind }
      }
      #expect(state.parts == model && state.earlier == past, "seed \(seed), step \(step)")
      #expect(state.folders == Set((model + past.flatMap(\.self)).map(\.folder)))
      let last = try #require(state.switches.last)
      #expect(last.before == ContentState.text(before) && last.after == ContentState.text(model))
      #expect(state.switches.count <= 64 && state.serial >= state.switches.count)
      let serials = state.switches.map(\.serial)
      #expect(zip(serials, serials.dropFirst()).allSatisfy { $0 + 1 == $1 })
      #expect(try RecordJSON.decode(ContentState.self, from: RecordJSON.encode(state)) == state)
    }
  }

  @Test("on the disk: put in force, kept three steps back, altered files found, leftovers gone") func folder() throws {
    let (place, key) = (try Folder(), try Sample.key())
    let content = ContentFolder(place.path + "/content")
    let trust = BundleTrust(keys: [key.half])
    #expect(try content.state() == ContentState() && content.stamp.isEmpty)
    func install(_ text: String) throws {
      var sample = Sample()
      sample.files = [("rules/a.rules", text)]
      let bytes = try sample.bytes(key: key)
      _ = try content.locked { holder in
        try holder.install(
          try holder.stage(BundleBytes(bytes), trusting: trust), source: "b.vigil", by: "ann", at: now)
      }
    }
    func current() throws -> String? {
      let folder = content.folder(of: .rules, in: try content.state())
      return try folder.map { try String(contentsOfFile: $0 + "/a.rules", encoding: .utf8) }
    }
    for text in ["one", "two", "three", "four", "five"] {
      let before = content.stamp
      try install(text)
      #expect(try current() == text && content.stamp != before)
    }
    // A death left these behind.
    try place.write("content/incoming/rules/a.rules", "half")
    try place.write("content/99-feed/rules/a.rules", "never named")
    for text in ["four", "three", "two"] {
      _ = try content.locked { try $0.rollBack(toShipped: false, by: "bob", at: now) }
      #expect(try current() == text)
    }
    #expect(throws: BundleError(.nothing, "there is no earlier content to go back to")) {
      try content.locked { try $0.rollBack(toShipped: false, by: "bob", at: now) }
    }
    let state = try content.state()
    #expect(state.switches.map(\.act) == Array(repeating: .import, count: 5) + Array(repeating: .rollback, count: 3))
    let part = try #require(state[.rules])
    #expect(try content.altered(part).isEmpty)
    #expect(Folder.names(place.path + "/content") == [part.folder, "lock", "state.json"])
    try place.write("content/\(part.folder)/rules/a.rules", "changed by hand")
    #expect(try content.altered(part) == ["rules/a.rules"])
    _ = try content.locked { try $0.rollBack(toShipped: true, by: "bob", at: now) }
    #expect(try current() == nil && content.folder(of: .rules, in: content.state()) == nil)
  }

  @Test("a refused bundle leaves nothing, and two imports do not meet") func refused() throws {
    let (place, key) = (try Folder(), try Sample.key())
    let content = ContentFolder(place.path + "/content")
    try content.locked { holder in
      var bytes = try Sample().bytes(key: key)
      bytes[bytes.count - 1500] ^= 1
      #expect(throws: BundleError.self) {
        try holder.stage(BundleBytes(bytes), trusting: BundleTrust(keys: [key.half]))
      }
      #expect(Folder.names(place.path + "/content") == ["lock"])
      #expect(throws: BundleError.self) { try content.locked { _ in } }
    }
    try place.write("content/state.json", "{")
    #expect(throws: BundleError.self) { try content.state() }
  }

  @Test("keys are never written over, and a private one that others can read is none") func keys() throws {
    let place = try Folder()
    let (path, half) = (place.path + "/k", place.path + "/k.pub")
    let key = try ContentKey.Private.make()
    try key.write(to: path, publicPath: half)
    #expect(try ContentKey.Public.read(path: half) == key.half)
    let again = try ContentKey.Private(path: path)
    #expect(key.half.verifies(try again.sign([1, 2, 3]), of: [1, 2, 3]))
    #expect(!key.half.verifies(try again.sign([1, 2, 3]), of: [1, 2]))
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(
      throws: BundleError(.badKey, "\(path) exists already", hint: "keys are never written over; name another file")
    ) {
      try key.write(to: path, publicPath: place.path + "/other.pub")
    }
    #expect(
      throws: BundleError(
        .badKey, "\(path) holds no public Ed25519 key in PEM", hint: "make one with vigil content key")
    ) {
      try ContentKey.Public.read(path: path)
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    #expect(throws: BundleError(.badKey, "others can read the private key \(path)", hint: "chmod 600 \(path)")) {
      try ContentKey.Private(path: path)
    }
  }

  @Test("what cannot be packed is told: links, names, kinds") func packing() throws {
    let place = try Folder()
    let writer = BundleWriter()
    func refusal() -> String? {
      do throws(BundleError) {
        _ = try writer.manifest(of: place.path, version: "1", made: now, key: nil)
        return nil
      } catch { return error.code.rawValue }
    }
    #expect(refusal() == "badManifest")  // No file at all.
    try place.write("rules/a.rules", "a")
    #expect(refusal() == nil)
    try FileManager.default.createSymbolicLink(
      atPath: place.path + "/rules/b.rules", withDestinationPath: "/etc/passwd")
    #expect(refusal() == "notAllowed")
    try FileManager.default.removeItem(atPath: place.path + "/rules/b.rules")
    try place.write("rules/readme.txt", "a")
    #expect(refusal() == "badKind")
  }
}

extension Folder {
  static func names(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}
