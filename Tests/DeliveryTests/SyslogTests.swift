import Foundation
import Glibc
import Records
import Services
import Store
import TestSupport
import Testing
import Wire

@testable import Hub

/// rsyslog on loopback, as the test's own process: TCP with octet counting, and TLS.
final class RunningSyslog: @unchecked Sendable {
  // Sendable unchecked: the process is started and ended by the test's own task.
  let plain: Int
  let secure: Int
  let log: String
  private var process: Process?
  private let configuration: String
  private let folder: String

  static var isThere: Bool {
    let modules = "/usr/lib/x86_64-linux-gnu/rsyslog"
    let folders = [modules, "/usr/lib/aarch64-linux-gnu/rsyslog", "/usr/lib/rsyslog"]
    return FileManager.default.isExecutableFile(atPath: "/usr/sbin/rsyslogd")
      && folders.contains { FileManager.default.fileExists(atPath: $0 + "/lmnsd_ossl.so") }
  }

  init(_ folder: TestFolder, _ authority: TestAuthority) throws {
    self.folder = folder.path + "/rsyslog"
    try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
    (plain, secure) = (try freePort(), try freePort())
    log = self.folder + "/log"
    configuration = self.folder + "/rsyslog.conf"
    try """
    global(workDirectory="\(self.folder)" maxMessageSize="64k"
      defaultNetstreamDriverCAFile="\(authority.ca)" defaultNetstreamDriverCertFile="\(authority.certificate)"
      defaultNetstreamDriverKeyFile="\(authority.key)")
    module(load="imtcp")
    template(name="whole" type="list") { property(name="rawmsg") constant(value="\\n") }
    ruleset(name="all") { action(type="omfile" file="\(log)" template="whole" sync="on" asyncWriting="off") }
    input(type="imtcp" address="127.0.0.1" port="\(plain)" ruleset="all")
    input(type="imtcp" address="127.0.0.1" port="\(secure)" ruleset="all"
      streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon")
    """.write(toFile: configuration, atomically: true, encoding: .utf8)
    try start()
  }

  deinit { stop() }

  func start() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/sbin/rsyslogd")
    process.arguments = ["-n", "-f", configuration, "-i", folder + "/pid"]
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    self.process = process
  }

  func stop() {
    guard let process else { return }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    self.process = nil
  }

  var lines: [String] {
    ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }
}

/// A port of loopback that nobody has.
func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = unsafe inet_addr("127.0.0.1")
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
    }
  }
  guard status == 0 else { throw Receiver.Failure(description: "no free port") }
  return Int(UInt16(bigEndian: address.sin_port))
}

@Suite(
  .serialized, .enabled(if: RunningSyslog.isThere, "rsyslog is not installed: script/bootstrap test"),
  .timeLimit(.minutes(3)))
struct SyslogTests {
  @Test(
    "rsyslog gets each message whole, by TCP and by TLS, down in between, and none twice", arguments: ["tcp", "tls"])
  func delivered(_ scheme: String) async throws {
    let folder = try TestFolder()
    let authority = try TestAuthority(folder)
    let server = try RunningSyslog(folder, authority)
    let port = scheme == "tcp" ? server.plain : server.secure
    let lanes = try RunningLanes(folder) {
      var receiver = Configuration.Receiver(.syslog, url: "\(scheme)://127.0.0.1:\(port)")
      receiver.ca = authority.ca
      receiver.timeoutSeconds = 5
      $0.delivery.receivers["siem"] = receiver
    }
    try lanes.add((0..<5).map { Sample.dispatch("n-\($0)", .syslog, "siem") })
    try await require("delivered") { try lanes.count(.delivered) == 5 }
    // What rsyslog has read and not yet written dies with it: no sender can know.
    try await require("written") { server.lines.count == 5 }
    server.stop()
    try lanes.add((5..<10).map { Sample.dispatch("n-\($0)", .syslog, "siem") })
    try await require("it is down") { lanes.board.all["syslog:siem"]?.downSince != nil }
    try server.start()
    try await require("all delivered") { try lanes.count(.delivered) == 10 }
    try await require("all written") { server.lines.count >= 10 }
    for number in 0..<10 { #expect(server.lines.filter { $0.contains(" id=\"n-\(number)\"") }.count == 1) }
    let line = try #require(server.lines.first)
    #expect(line.hasPrefix("<131>1 2026-11-18T11:06:40"))
    #expect(line.contains(" vigil - notice [vigil@32473 deadline=\""))
    #expect(line.contains("link=\"https://vigil.example.gov/n/abcdef\"") && line.contains("\u{feff}通报 2026-017"))
    await lanes.end()
  }

  @Test("a syslog server whose certificate another authority gave hears nothing")
  func foreign() async throws {
    let folder = try TestFolder()
    let authority = try TestAuthority(folder)
    let other = try TestAuthority(folder, name: "foreign")
    let server = try RunningSyslog(folder, authority)
    let lanes = try RunningLanes(folder) {
      var receiver = Configuration.Receiver(.syslog, url: "tls://127.0.0.1:\(server.secure)")
      receiver.ca = other.ca
      $0.delivery.receivers["siem"] = receiver
    }
    try lanes.add([Sample.dispatch("n-1", .syslog, "siem")])
    try await require("its certificate is told") {
      lanes.board.all["syslog:siem"]?.lastError?.contains("certificate") ?? false
    }
    #expect(server.lines.isEmpty)
    await lanes.end()
  }

  @Test("no value can end the structured data, and no text the line")
  func escaped() {
    let message = SyslogMessage(
      Sample.dispatch("n-1", .syslog, "x\"]\\\n y", subject: "a\r\nb", text: "c\n<1>1 forged"), host: "h")
    let text = String(decoding: message.bytes, as: UTF8.self)
    #expect(text.contains("to=\"x\\\"\\]\\\\  y\"]"))
    #expect(!text.contains("\n") && !text.contains("\r"))
    #expect(message.framed.starts(with: Array("\(message.bytes.count) <131>1 ".utf8)))
  }
}

@Suite(.serialized, .timeLimit(.minutes(1))) struct FileTests {
  @Test(
    "each message is a line of a file that is the owner's alone; a half line and a repeated one are mended; it rotates")
  func lines() async throws {
    let folder = try TestFolder()
    let path = folder.path + "/out.jsonl"
    var receiver = Configuration.Receiver(.file, url: path)
    receiver.rotateBytes = 2000
    let channel = FileChannel(receiver: receiver)
    func ids(_ path: String) throws -> [String] {
      try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
        (try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["id"] as? String ?? "?"
      }
    }
    #expect(await channel.deliver(Sample.dispatch("a", .file, "f")) == .accepted)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("{\"id\":\"b\",\"ki".utf8))
    try handle.close()
    for id in ["b", "b", "a", "c"] { #expect(await channel.deliver(Sample.dispatch(id, .file, "f")) == .accepted) }
    #expect(try ids(path) == ["a", "b", "c"])
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    for number in 0..<20 { #expect(await channel.deliver(Sample.dispatch("n-\(number)", .file, "f")) == .accepted) }
    #expect(FileManager.default.fileExists(atPath: path + ".1"))
    var all: [String] = try ids(path)
    for number in 1...9 where FileManager.default.fileExists(atPath: "\(path).\(number)") {
      all += try ids("\(path).\(number)")
    }
    #expect(all.count == 23 && Set(all).count == 23)
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: folder.path + "/elsewhere")
    let refused = await channel.deliver(Sample.dispatch("z", .file, "f"))
    #expect(refused != .accepted && !FileManager.default.fileExists(atPath: folder.path + "/elsewhere"))
  }
}
