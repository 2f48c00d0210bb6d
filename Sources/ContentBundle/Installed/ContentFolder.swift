internal import Glibc
internal import Records
package import Wire

/// The content folder of a data folder: a folder for each bundle, and the state that says which are in force.
///
///     content/state.json   in force, earlier, switches; replaced by one rename
///     content/7-1f0c.../   a bundle's files and its manifest, never changed once it has this name
///     content/incoming/    what is being unpacked; left behind by a death, deleted by the next import
///     content/lock         held by who writes
///
/// Whatever moment power or process ends at, the state names whole folders only: they are on the disk before it is.
package struct ContentFolder: Sendable {
  package let path: String
  /// Root's content is read by a scanner that has become somebody else; nothing in it is secret.
  private let isShared: Bool

  package init(_ path: String) {
    self.path = path
    isShared = geteuid() == 0
  }

  private var stateFile: String { path + "/state.json" }
  private var incoming: String { path + "/incoming" }
  var fileMode: UInt32 { isShared ? 0o644 : 0o600 }
  var folderMode: UInt32 { isShared ? 0o755 : 0o700 }

  // MARK: looking

  /// Empty where nothing was ever imported.
  package func state() throws(BundleError) -> ContentState {
    guard unsafe access(stateFile, F_OK) == 0 else {
      guard errno == ENOENT else { throw BundleFile.failed("cannot read \(stateFile)", hint: nil) }
      return ContentState()
    }
    let file = try BundleFile(stateFile)
    let bytes = try file.read(ContentFolder.stateLimit)
    do { return try RecordJSON.decode(ContentState.self, from: bytes) } catch {
      throw BundleError(
        .altered, "\(stateFile) cannot be read: \(error)",
        hint: "delete it to go back to what came with the program, and import again")
    }
  }

  /// Far more than parts, earlier ones and switches need.
  private static let stateLimit = 4 << 20

  /// Changes with the state; empty where there is none.
  package var stamp: [Int] {
    var status = stat()
    guard unsafe stat(stateFile, &status) == 0 else { return [] }
    return [Int(status.st_mtim.tv_sec), status.st_mtim.tv_nsec, Int(status.st_size), Int(status.st_ino)]
  }

  /// The folder of a kind's files; nil: what came with the program is in force.
  package func folder(of kind: ContentKind, in state: ContentState) -> String? {
    state[kind].map { "\(path)/\($0.folder)/\(kind.rawValue)" }
  }

  package func manifest(of part: ContentState.Part) throws(BundleError) -> BundleManifest {
    try manifest(in: "\(path)/\(part.folder)")
  }

  private func manifest(in folder: String) throws(BundleError) -> BundleManifest {
    let limits = BundleLimits()
    let file = try BundleFile(folder + "/" + BundleManifest.name)
    return try BundleManifest.read(try file.read(limits.manifestBytes + 1), limits: limits)
  }

  /// Files of a part that are not as its manifest has them.
  package func altered(_ part: ContentState.Part) throws(BundleError) -> [String] {
    try manifest(of: part).files.filter { file in
      file.kind == part.kind && (try? hash("\(path)/\(part.folder)/\(file.path)")) != file.sha256
    }.map(\.path)
  }

  private func hash(_ path: String) throws(BundleError) -> String {
    let file = try BundleFile(path)
    var hash = RunningHash()
    while case let part = try file.read(1 << 16), !part.isEmpty { hash.add(part) }
    return SHA256.hex(hash.digest())
  }

  // MARK: writing

  /// Runs `body` while nobody else writes here.
  package func locked<T>(_ body: (Holder) throws -> T) throws -> T {
    try DurableFile.make(folder: path, mode: isShared ? 0o711 : 0o700)
    let descriptor = unsafe open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw DurableFile.failed(path + "/lock") }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw BundleError(.busy, "another import is at work in \(path)", hint: "wait until it has ended")
    }
    return try body(Holder(folder: self))
  }

  /// Who holds the lock may stage, install and go back.
  package struct Holder {
    package let folder: ContentFolder

    /// Unpacks a bundle beside what is in force. What is staged is not trusted until this is back.
    package func stage<Source: BundleSource>(
      _ source: Source, trusting trust: BundleTrust, limits: BundleLimits = .init()
    ) throws(BundleError) -> StagedBundle {
      sweep(keeping: try folder.state())
      try DurableFile.make(folder: folder.incoming, mode: folder.folderMode)
      var sink = StagingSink(root: folder.incoming, fileMode: folder.fileMode, folderMode: folder.folderMode)
      var reader = BundleReader(source, limits: limits)
      do throws(BundleError) {
        let opened = try reader.read(trusting: trust, into: &sink)
        try sink.settle()
        return StagedBundle(folder: folder.incoming, opened: opened)
      } catch {
        FolderTree.remove(folder.incoming)
        throw error
      }
    }

    package func discard() { FolderTree.remove(folder.incoming) }

    /// Puts a staged bundle in force.
    package func install(
      _ staged: StagedBundle, source: String, by: String, at now: Timestamp
    ) throws(BundleError) -> ContentState {
      let state = try folder.state()
      let manifest = staged.opened.manifest
      let name = "\(state.serial + 1)-\(staged.opened.digest.prefix(16))"
      // A death between this rename and the state's may have left the name behind; nothing refers to it.
      FolderTree.remove("\(folder.path)/\(name)")
      guard unsafe rename(staged.folder, "\(folder.path)/\(name)") == 0 else { throw DurableFile.failed(name) }
      try DurableFile.sync(folder: folder.path)
      let parts = manifest.kinds.map { kind in
        ContentState.Part(
          kind: kind, folder: name, digest: staged.opened.digest, version: manifest.version, made: manifest.made,
          installed: now, by: by, source: source, signer: staged.opened.signer,
          files: manifest.files.count { $0.kind == kind })
      }
      return try put(state.importing(parts, by: by, at: now))
    }

    /// - Throws: `nothing` where there is no earlier content.
    package func rollBack(toShipped: Bool, by: String, at now: Timestamp) throws(BundleError) -> ContentState {
      let state = try folder.state()
      guard let next = toShipped ? state.shipped(by: by, at: now) : state.rolledBack(by: by, at: now) else {
        throw BundleError(
          .nothing, toShipped ? "what came with the program is in force" : "there is no earlier content to go back to")
      }
      for part in next.parts { _ = try folder.manifest(of: part) }
      return try put(next)
    }

    private func put(_ state: ContentState) throws(BundleError) -> ContentState {
      let bytes: [UInt8]
      do { bytes = try RecordJSON.encode(state) } catch { throw BundleError(.folder, "\(error)") }
      try DurableFile.replace(folder.stateFile, bytes, mode: 0o600)
      sweep(keeping: state)
      return state
    }

    /// Deletes what an import left that died, and what nothing goes back to any more.
    private func sweep(keeping state: ContentState) {
      let kept = state.folders
      for name in (try? FolderTree.names(in: folder.path)) ?? [] {
        let isBundle = name.contains("-") && name.first?.isNumber == true
        if name == "incoming" || (isBundle && !kept.contains(name)) { FolderTree.remove("\(folder.path)/\(name)") }
      }
    }
  }
}

/// A bundle that was unpacked and is believed, and not yet in force.
package struct StagedBundle: Sendable {
  /// Where its files lie, by their paths.
  package let folder: String
  package let opened: OpenedBundle
}
