import ArgumentParser
import ContentBundle
import ControlAPI
import Dashboard
import Glibc
import Hub
import Records
import Wire

struct ContentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "content",
    abstract:
      "Rules, templates, trust stores and tables from a bundle: one signed file, for machines without a network.",
    subcommands: [Import.self, Rollback.self, Show.self, Check.self, Pack.self, Key.self])

  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Puts a bundle in force: all of it, or nothing where something is wrong.")
    @Option(help: "The configuration, for the data folder and content.keys.") var config: String?
    @OptionGroup var look: Look
    @Flag(name: .customLong("dry-run"), help: "Only say what would change.") var dryRun = false
    @Flag(name: .customLong("allow-older"), help: "Take a bundle that is older than what is in force.")
    var allowOlder = false
    @Option(
      help: "The file's SHA-256, told by another way than the file's own; for bundles that no trusted key signed.")
    var sha256: String?
    @Option(name: .customLong("changes"), help: "Files and rules that are listed of each kind.") var most = 20
    @Argument(help: "The bundle.") var bundle: String

    func run() throws {
      let act = try ContentAct(config: config)
      try act.configuration.data.make()
      let bar = ProgressBar(
        Progress(BilingualText(en: "importing", zh: "导入"), .nothing), isJSON: look.json,
        LanguageOption.configured(config))
      defer { bar.end() }
      let found = try tellingBundleErrors(at: bundle) {
        let trust = try act.trust(sha256: sha256)
        return try act.places.folder.locked { try take(act, $0, trust) }
      }
      bar.end()
      if look.json { try look.objects([found]) } else { tell(found, act) }
      if found.isRefused { throw ExitCode(2) }
    }

    private func take(_ act: ContentAct, _ holder: ContentFolder.Holder, _ trust: BundleTrust) throws
      -> ContentFindings
    {
      let staged = try holder.stage(try BundleFile(bundle), trusting: trust)
      defer { holder.discard() }
      let (state, now) = (try act.places.folder.state(), WallClock.system.now())
      if let error = state.refusal(
        of: staged.opened.manifest, now: now, limits: BundleLimits(), allowsOlder: allowOlder)
      {
        throw error
      }
      var found = try act.findings(staged, named: bundle, over: state)
      let isThere = staged.opened.manifest.kinds.allSatisfy { state[$0]?.digest == staged.opened.digest }
      guard !dryRun, !found.isRefused, !isThere else { return found }
      _ = try holder.install(staged, source: found.bundle, by: ContentAct.userName, at: now)
      found.isInForce = true
      return found
    }

    private func tell(_ found: ContentFindings, _ act: ContentAct) {
      ContentLines.lines(found, most: most).forEach(Console.out.line)
      if found.isRefused {
        Console.complain("nothing was taken over: \(bundle) holds what its readers refuse; have it made again")
      } else if dryRun {
        Console.out.line("nothing was changed: this was a dry run")
      } else if found.isInForce {
        Console.out.line("in force now; \(act.follows)")
      } else {
        Console.out.line("nothing was changed: this bundle is in force already")
      }
    }
  }

  struct Rollback: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Puts in force what was before the last import; up to \(ContentState.earlierLimit) steps back.")
    @Option(help: "The configuration, for the data folder.") var config: String?
    @OptionGroup var look: Look
    @Flag(help: "Back to what came with the program.") var shipped = false

    func run() throws {
      let act = try ContentAct(config: config)
      let state = try tellingBundleErrors {
        try act.places.folder.locked { holder in
          try holder.rollBack(toShipped: shipped, by: ContentAct.userName, at: WallClock.system.now())
        }
      }
      if look.json { return try look.objects(state.switches.suffix(1)) }
      Console.out.line("in force now: \(ContentState.text(state.parts)); \(act.follows)")
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "What is in force, kind by kind, with its age; whether its files are as they came; who has not followed.")
    @Option(help: "The configuration, for the data folder.") var config: String?
    @OptionGroup var look: Look

    func run() async throws {
      let act = try ContentAct(config: config)
      let now = WallClock.system.now()
      let (state, settings) = (act.places.state, act.configuration)
      let content = HubContent(
        folder: act.places.folder, state: state, shipped: try ContentPlaces.shipped(), version: Hub.version,
        shippedPosture: nil)
      let behind = try? await Client(socket: settings.data.apiSocket).call(API.content).behind
      let report = ContentReport(
        time: now, serial: state.serial, staleDays: settings.content.staleDays,
        kinds: content.items(state, settings, now: now), behind: behind ?? [])
      if look.json { return try look.objects([report]) }
      ContentLines.table(report.kinds).print(look.style)
      for role in report.behind {
        Console.out.line("\(role.source) works with the content before: \(role.answer ?? "it was told")")
      }
      for part in state.parts {
        let altered = try tellingBundleErrors { try act.places.folder.altered(part) }
        for path in altered { Console.complain("\(path) is not as the bundle had it; import the bundle again") }
        if !altered.isEmpty { throw ExitCode(1) }
      }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Says whether a bundle is whole, signed and readable, and what it would change; puts nothing in force.")
    @Option(help: "The configuration, for content.keys.") var config: String?
    @OptionGroup var look: Look
    @Option(help: "The file's SHA-256, for bundles that no trusted key signed.") var sha256: String?
    @Option(name: .customLong("changes"), help: "Files and rules that are listed of each kind.") var most = 20
    @Argument(help: "The bundle.") var bundle: String

    func run() throws {
      let act = try ContentAct(config: config)
      let found = try tellingBundleErrors(at: bundle) {
        let trust = try act.trust(sha256: sha256)
        return try ScratchFolder.with { folder in
          try ContentFolder(folder).locked { holder in
            try act.findings(
              try holder.stage(try BundleFile(bundle), trusting: trust), named: bundle, over: act.places.state)
          }
        }
      }
      if look.json {
        try look.objects([found])
      } else {
        ContentLines.lines(found, most: most).forEach(Console.out.line)
      }
      if found.isRefused { throw ExitCode(1) }
    }
  }

  struct Pack: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a bundle of a folder.",
      discussion: "The folder has rules/, templates/, trust/, end-of-support/, grading/ and posture/, or some of them.")
    @Option(help: "The private key that signs; without it the bundle is believed by its hash alone.") var key: String?
    @Option(help: "The new file.") var output: String
    @Option(help: "What the bundle is called: letters, digits, '.', '-', '_', '+'; else the time.") var named: String?
    @OptionGroup var look: Look
    @Argument(help: "The folder.") var folder: String

    func run() throws {
      let made = Timestamp(seconds: WallClock.system.now().seconds)
      let version = named ?? String(made.text.prefix(16).map { "-T:".contains($0) ? "." : $0 })
      let (manifest, digest) = try tellingBundleErrors {
        let key = try key.map { try ContentKey.Private(path: $0) }
        let writer = BundleWriter()
        let manifest = try writer.manifest(of: folder, version: version, made: made, key: key)
        let digest = try writer.write(manifest, from: folder, key: key, toFile: output)
        do { try readBack(key, digest) } catch {
          unsafe _ = unlink(output)
          throw error
        }
        return (manifest, digest)
      }
      if look.json {
        return try look.objects([Packed(bundle: output, version: version, made: made, digest: digest)])
      }
      Console.out.line(
        "\(output): version \(version), \(manifest.files.count) files, \(manifest.bytes) bytes of \(manifest.kinds.map(\.rawValue).joined(separator: ", "))"
      )
      Console.out.line("sha256 \(digest)" + (key == nil ? "; nobody signed it" : "; signed by \(manifest.key)"))
    }

    private struct Packed: Encodable {
      var bundle: String
      var version: String
      var made: Timestamp
      var digest: String
    }

    /// What was written is what its reader takes.
    private func readBack(_ key: ContentKey.Private?, _ digest: String) throws(BundleError) {
      var reader = BundleReader(try BundleFile(output))
      var sink = DiscardingSink()
      _ = try reader.read(
        trusting: BundleTrust(keys: key.map { [$0.half] } ?? [], sha256: key == nil ? digest : nil), into: &sink)
    }
  }

  struct Key: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a key pair for bundles: the private half for who packs, the public one for content.keys.")
    @Argument(help: "The private key's new file, readable for you alone; the public one is beside it, with .pub.")
    var file: String

    func run() throws {
      let key = try tellingBundleErrors {
        let key = try ContentKey.Private.make()
        try key.write(to: file, publicPath: file + ".pub")
        return key
      }
      Console.out.line("\(file): the private key; keep it where bundles are made, and nowhere else")
      Console.out.line("\(file).pub: the public key \(key.half.id), for content.keys on every machine that imports")
    }
  }
}

/// A folder for one run, gone when it has ended.
enum ScratchFolder {
  static func with<T>(_ body: (String) throws -> T) throws -> T {
    let base = DataFolder.environment("TMPDIR") ?? "/tmp"
    var name = Array("\(base)/vigil-content-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&name) != nil else {
      throw OperatorMistake("content.scratch", at: base, "no folder can be made here", hint: "set TMPDIR")
    }
    let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { FolderTree.remove(path) }
    return try body(path)
  }
}
