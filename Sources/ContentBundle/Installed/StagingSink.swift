internal import Glibc

/// Writes a bundle's files below a new folder, each on the disk before the next begins.
struct StagingSink: BundleSink {
  let root: String
  let fileMode: UInt32
  let folderMode: UInt32
  private var descriptor: Int32 = -1
  private var current = ""
  private var folders: Set<String> = []

  init(root: String, fileMode: UInt32, folderMode: UInt32) {
    self.root = root
    self.fileMode = fileMode
    self.folderMode = folderMode
  }

  mutating func begin(_ manifest: BundleManifest, bytes: [UInt8]) throws(BundleError) {
    try DurableFile.create("\(root)/\(BundleManifest.name)", bytes, mode: fileMode)
  }

  mutating func begin(_ file: BundleManifest.File) throws(BundleError) {
    try makeFolders(of: file.path)
    current = "\(root)/\(file.path)"
    descriptor = unsafe open(current, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, fileMode)
    guard descriptor >= 0, fchmod(descriptor, fileMode) == 0 else { throw DurableFile.failed(current) }
  }

  mutating func write(_ bytes: [UInt8]) throws(BundleError) {
    try DurableFile.write(bytes, to: descriptor, current)
  }

  mutating func end(_ file: BundleManifest.File) throws(BundleError) {
    guard fsync(descriptor) == 0 else { throw DurableFile.failed(current) }
    close(descriptor)
    descriptor = -1
  }

  private mutating func makeFolders(of path: String) throws(BundleError) {
    var folder = root
    for part in path.split(separator: "/").dropLast() {
      folder += "/" + part
      guard folders.insert(folder).inserted else { continue }
      try DurableFile.make(folder: folder, mode: folderMode)
    }
  }

  /// The names too are on the disk.
  func settle() throws(BundleError) {
    for folder in folders.sorted() + [root] { try DurableFile.sync(folder: folder) }
  }
}

/// Reads a bundle for its own sake: nothing is kept.
package struct DiscardingSink: BundleSink {
  package init() {}
  package mutating func begin(_ manifest: BundleManifest, bytes: [UInt8]) {}
  package mutating func begin(_ file: BundleManifest.File) {}
  package mutating func write(_ bytes: [UInt8]) {}
  package mutating func end(_ file: BundleManifest.File) {}
}
