import Records
import Testing
import Wire

@testable import ContentBundle

/// A bundle is taken whole and as it was signed, or not at all.
@Suite struct ReaderTests {
  @Test("what was signed is read, by its key and by its hash") func roundTrip() throws {
    let (key, sample) = (try Sample.key(), Sample())
    let bytes = try sample.bytes(key: key)
    let digest = SHA256.hex(SHA256.digest(bytes))
    let opened = try outcome(bytes, BundleTrust(keys: [try Sample.key().half, key.half])).get()
    #expect(opened.manifest.files == sample.manifest.files && opened.manifest.version == "2026.11")
    #expect(opened.digest == digest && opened.signer == key.half.id)
    #expect(try outcome(bytes, BundleTrust(sha256: digest)).get().signer == nil)
    let unsigned = try sample.bytes(key: nil)
    let byHash = BundleTrust(keys: [key.half], sha256: SHA256.hex(SHA256.digest(unsigned)))
    #expect(try outcome(unsigned, byHash).get().signer == nil)
  }

  @Test("a folder is packed, and its bundle gives the folder back") func folder() throws {
    let (folder, key) = (try Folder(), try Sample.key())
    let texts = ["rules/b.rules": "b", "rules/a.rules": "a", "posture/web/x.yaml": "x", "templates/d/e/f.yaml": ""]
    for (name, text) in texts { try folder.write("in/" + name, text) }
    let writer = BundleWriter()
    let manifest = try writer.manifest(
      of: folder.path + "/in", version: "1", made: Timestamp(seconds: 1_790_000_000), key: key)
    let path = folder.path + "/out.vigil"
    let digest = try writer.write(manifest, from: folder.path + "/in", key: key, toFile: path)
    let content = ContentFolder(folder.path + "/content")
    try content.locked { holder in
      let staged = try holder.stage(try BundleFile(path), trusting: BundleTrust(keys: [key.half]))
      #expect(staged.opened.digest == digest && staged.opened.manifest == manifest)
      for (name, text) in texts { #expect(folder.text("content/incoming/" + name) == text) }
    }
    #expect(throws: BundleError.self) {
      try writer.write(manifest, from: folder.path + "/in", key: key, toFile: path)
    }
  }

  private typealias Row = (name: String, bytes: [UInt8], sentence: String)

  @Test("every way to be wrong is refused with its sentence") func refusals() throws {
    let (key, sample) = (try Sample.key(), Sample())
    let good = try sample.bytes(key: key)
    let manifestBlocks = 512 + TarHeader.padding(after: 0) + blocks(manifestLength(good))
    let files = manifestBlocks + 1024  // Where the first file's header is.
    func with(_ body: (inout Sample) -> Void) throws -> [UInt8] {
      var other = sample
      body(&other)
      return try other.bytes(key: key)
    }
    func replaced(_ place: Int, _ block: [UInt8]) -> [UInt8] {
      Array(good[..<place]) + block + Array(good[(place + block.count)...])
    }
    let first = "end-of-support/products.yaml"
    func odd(_ type: Character, _ what: String) -> Row {
      let header = Sample.header(first, size: 13, type: type)
      return (
        what, replaced(files, header), "badHeader: \"\(first)\" is \(what), where the file \"\(first)\" was to come"
      )
    }
    var rows: [Row] = [
      ("nothing", [], "truncated: the bundle ends in its first header; copy it again"),
      (
        "no tar", [UInt8](repeating: 65, count: 4096),
        "notBundle: this is no bundle: \"\(String(repeating: "A", count: 100))\" stands where \"manifest.json\" was to come; make one with vigil content pack"
      ),
      (
        "another tar", Sample.entry("x/readme", []) + [UInt8](repeating: 0, count: 1024),
        "notBundle: this is no bundle: \"x/readme\" stands where \"manifest.json\" was to come; make one with vigil content pack"
      ),
      ("trailing", good + [0], "trailing: the file goes on behind the bundle's end"),
      (
        "trailing zeros", good + [UInt8](repeating: 0, count: 512), "trailing: the file goes on behind the bundle's end"
      ),
      (
        "a file more",
        Array(good.dropLast(1024)) + Sample.entry("rules/z.rules", [1]) + [UInt8](repeating: 0, count: 1024),
        "trailing: the bundle has more files than its manifest"
      ),
      (
        "a file less", Array(good[..<files]) + [UInt8](repeating: 0, count: 1024),
        "badHeader: the bundle has no \"\(first)\""
      ),
      (
        "files changed round", Array(good[..<files]) + Array(good[(files + 1024)..<(files + 2048)]),
        "badHeader: \"rules/a.rules\" stands where \"\(first)\" was to come"
      ),
      (
        "other content", replaced(files + 512, Array("Products: []\n".utf8)),
        "wrongHash: \(first) is not what was signed: its SHA-256 differs; copy it again"
      ),
      (
        "hidden bytes", replaced(files + 600, [1]),
        "badHeader: what fills the block behind \(first) is not zero"
      ),
      (
        "another size", replaced(files, TarHeader.block(path: first, size: 14)),
        "badHeader: the header of \"\(first)\" is not as the manifest has it"
      ),
      odd("1", "a hard link"), odd("2", "a symbolic link"), odd("3", "a device"), odd("4", "a device"),
      odd("5", "a folder"), odd("6", "a pipe"), odd("S", "a sparse file"), odd("x", "a header of further attributes"),
      odd("g", "a header of further attributes"), odd("L", "a long name"), odd("K", "a long link"),
    ]
    rows += try manifestRows(with)
    for row in rows {
      #expect(sentence(row.bytes, BundleTrust(keys: [key.half])) == row.sentence, "\(row.name)")
    }
  }

  /// Signed by the right key, and wrong all the same.
  private func manifestRows(_ with: ((inout Sample) -> Void) throws -> [UInt8]) throws -> [Row] {
    func path(_ path: String) throws -> [UInt8] {
      try with { sample in
        let line = #"{"kind":"rules","path":"\#(path)","size":0,"sha256":"\#(String(repeating: "0", count: 64))"}"#
        sample.manifestText = Self.manifest(line)
      }
    }
    func two(_ one: String, _ other: String) throws -> [UInt8] {
      try with { $0.files = [(one, "a"), (other, "b")] }
    }
    let long = "rules/" + String(repeating: "a", count: 89) + ".rules"
    let deep = "templates/" + String(repeating: "d/", count: 7) + "a.yaml"
    let kinds = "rules, templates, trust, end-of-support, grading, posture"
    return [
      ("absolute", try path("/etc/passwd"), "badPath: the path \"/etc/passwd\" is absolute, or has an empty part"),
      ("up", try path("rules/../../a.rules"), "badPath: the path \"rules/../../a.rules\" leaves its folder"),
      (
        "empty part", try path("rules//a.rules"),
        "badPath: the path \"rules//a.rules\" is absolute, or has an empty part"
      ),
      ("hidden", try path("rules/.a.rules"), "badPath: the path \"rules/.a.rules\" has a part that begins with . or -"),
      (
        "option", try path("rules/-rf.rules"),
        "badPath: the path \"rules/-rf.rules\" has a part that begins with . or -"
      ),
      (
        "odd letters", try path("rules/ä.rules"),
        "badPath: the path \"rules/ä.rules\" has signs other than letters, digits, -, _ and ."
      ),
      (
        "escape", try path("rules/\\u001b[2J.rules"),
        "badPath: the path \"rules/?[2J.rules\" has signs other than letters, digits, -, _ and ."
      ),
      ("long", try path(long), "badPath: the path \"\(long)\" has more than 100 bytes, the limit"),
      ("deep", try path(deep), "badPath: the path \"\(deep)\" is deeper than 8 folders, the limit"),
      ("no kind", try path("bin/vigil"), "badKind: \"bin/vigil\" is of no known kind; put it below one of \(kinds)"),
      (
        "no file of the kind", try path("rules/a.sh"),
        "badKind: \"rules/a.sh\" is no file that rules has; rules/NAME.rules, rules/classification.config, rules/reference.config"
      ),
      (
        "another kind", try path("trust/a.pem"),
        "badManifest: manifest.json:2:9: the kind of trust/a.pem is trust, not \"rules\""
      ),
      (
        "twice", try two("rules/a.rules", "rules/a.rules"),
        "notAllowed: rules/a.rules stands twice; the files of a manifest are sorted by path, each once"
      ),
      (
        "case", try two("rules/A.rules", "rules/a.rules"),
        "notAllowed: rules/A.rules and rules/a.rules differ by case only"
      ),
      (
        "order", try two("rules/b.rules", "rules/a.rules"),
        "notAllowed: rules/a.rules stands behind rules/b.rules; the files of a manifest are sorted by path, each once"
      ),
      (
        "a file as folder", try two("templates/a.yaml", "templates/a.yaml/b.yaml"),
        "notAllowed: templates/a.yaml is a file, and templates/a.yaml/b.yaml lies in it"
      ),
      ("no files", try with { $0.files = [] }, "badManifest: manifest.json:1:119: the bundle has no file"),
      (
        "another format", try with { $0.manifestText = "{\"format\":\"vigil-content/2\"}" },
        "badManifest: manifest.json:1:11: \"vigil-content/2\" is no format that this version of Vigil reads (it reads vigil-content/1)"
      ),
      (
        "unknown key", try with { $0.manifestText = "{\"format\":\"vigil-content/1\",\"run\":\"sh\"}" },
        "badManifest: manifest.json:1:29: unknown key \"run\" (known here: files, format, key, made, version)"
      ),
      (
        "no JSON", try with { $0.manifestText = "- a" },
        "badManifest: manifest.json:1:1: \"-\" is no JSON value (put a text in double quotes)"
      ),
    ]
  }

  private static func manifest(_ lines: String) -> String {
    """
    {"format":"vigil-content/1","version":"1","made":"2026-11-20T00:00:00Z","key":"","files":[
    \(lines)
    ]}
    """
  }

  private func manifestLength(_ bytes: [UInt8]) -> Int { TarHeader.claimedSize(Array(bytes.prefix(512))) ?? 0 }
  private func blocks(_ count: Int) -> Int { count + TarHeader.padding(after: count) }

  @Test("each limit is told with its number") func limits() throws {
    let key = try Sample.key()
    let bytes = try Sample().bytes(key: key)
    let trust = BundleTrust(keys: [key.half])
    func limited(_ change: (inout BundleLimits) -> Void) -> String {
      var limits = BundleLimits()
      change(&limits)
      return sentence(bytes, trust, limits: limits)
    }
    #expect(limited { $0.files = 1 } == "tooMany: the bundle has 2 files, more than 1, the limit")
    #expect(
      limited { $0.fileBytes = 20 } == "tooLarge: rules/a.rules has 38 bytes, more than 20, the limit")
    #expect(limited { $0.bytes = 4096 } == "tooLarge: the bundle has more than 4096 bytes, the limit")
    #expect(limited { $0.manifestBytes = 64 }.hasPrefix("tooLarge: the manifest has "))
    #expect(
      limited { $0.depth = 1 }
        == "badPath: the path \"end-of-support/products.yaml\" is deeper than 1 folders, the limit")
    var small = BundleLimits()
    small.bytes = 50
    let manifest = Array(Sample().manifest.text.utf8)
    #expect(throws: BundleError(.tooLarge, "the files have 51 bytes in all, more than 50, the limit")) {
      try BundleManifest.read(manifest, limits: small)
    }
  }

  @Test("nobody's signature, another's and none are told apart") func trust() throws {
    let (key, other) = (try Sample.key(), try Sample.key())
    let (signed, unsigned) = (try Sample().bytes(key: key), try Sample().bytes(key: nil))
    let digest = SHA256.hex(SHA256.digest(signed))
    #expect(
      sentence(unsigned, BundleTrust(keys: [key.half]))
        == "notSigned: nobody has signed this bundle; name its hash with --sha256, as its maker told it by another way, or have it signed"
    )
    #expect(
      sentence(signed, BundleTrust())
        == "unknownKey: this machine trusts no key; name the maker's public key by content.keys, or give --sha256")
    #expect(
      sentence(signed, BundleTrust(keys: [other.half]))
        == "badSignature: no trusted key (\(other.half.id)) has signed this manifest; the bundle was changed on its way, or its maker's key is not among content.keys"
    )
    #expect(
      sentence(unsigned, BundleTrust(keys: [key.half], sha256: digest))
        == "wrongFile: the bundle's SHA-256 is \(SHA256.hex(SHA256.digest(unsigned))), not the one given; copy it again, or ask its maker for the right one"
    )
    #expect(
      sentence(unsigned, BundleTrust(sha256: "abc"))
        == "badKey: \"abc\" is no SHA-256; 64 digits, as sha256sum prints")
    // A hash does not heal the signature of a key that is trusted.
    var forged = Sample().manifest
    forged.key = key.half.id
    var sample = Sample()
    sample.manifestText = forged.text
    let bytes = try sample.bytes(key: other)
    #expect(
      sentence(bytes, BundleTrust(keys: [key.half], sha256: SHA256.hex(SHA256.digest(bytes))))
        == "badSignature: the manifest names another key than the one that signed it")
  }

  @Test("cut at any byte it is refused, and so with any byte changed") func everyByte() throws {
    let key = try Sample.key()
    let bytes = try Sample().bytes(key: key)
    let trust = BundleTrust(keys: [key.half])
    #expect(sentence(bytes, trust) == "accepted")
    for count in 0..<bytes.count where (try? outcome(Array(bytes[..<count]), trust).get()) != nil {
      Issue.record("cut to \(count) of \(bytes.count) bytes it is accepted")
    }
    for index in bytes.indices {
      for mask in [UInt8(1) << (index % 8), 0xff] {
        var other = bytes
        other[index] ^= mask
        if (try? outcome(other, trust).get()) != nil { Issue.record("byte \(index) may be changed by \(mask)") }
      }
    }
  }
}
