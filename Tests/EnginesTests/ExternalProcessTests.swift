import Foundation
import Glibc
import Testing

@testable import Engines

@Suite struct ExternalProcessTests {
  @Test("a program gets its arguments as they are, and no shell reads them") func arguments() throws {
    let tool = try StandIn(#"for word in "$@"; do printf '%s\n' "$word"; done"#)
    let words = ["a b", "$(touch /tmp/x)", "`id`", ";reboot", "--x=*", ""]
    let run = tool.run(words)
    #expect(run.end == .exited(0))
    #expect(String(decoding: run.output, as: UTF8.self) == words.map { $0 + "\n" }.joined())
  }

  @Test("it inherits no variable, no descriptor, no terminal, and its folder is its own") func clean() throws {
    _ = unsafe setenv("VIGIL_SECRET_OF_TEST", "1", 1)
    let held = unsafe open("/dev/null", O_RDONLY)
    defer { close(held) }
    // Built-in words only, for a pipe to another program would be one more descriptor of the shell's.
    let look = #"n=0; while [ $n -lt 256 ]; do [ -e /proc/$$/fd/$n ] && echo "fd $n"; n=$((n+1)); done"#
    // In a session of somebody else's it could open the terminal, or be stopped by it (SIGTTOU) until the deadline.
    let session = "read -r id name state parent group session rest < /proc/$$/stat; echo own $((session - id))"
    let tool = try StandIn("env; \(look); \(session); pwd; tty")
    let said = lines(tool.run().output)
    #expect(!said.contains { $0.contains("VIGIL_SECRET_OF_TEST") })
    #expect(
      said.filter { $0.contains("=") }.map { String($0.prefix { $0 != "=" }) }.allSatisfy {
        ["PATH", "HOME", "TMPDIR", "LC_ALL", "TERM", "PWD", "OLDPWD", "_", "SHLVL"].contains($0)
      }, "\(said)")
    let open = said.filter { $0.hasPrefix("fd ") }.compactMap { Int($0.dropFirst(3)) }
    // dash keeps the script itself at 10.
    #expect(Set(open).subtracting([10]) == [0, 1, 2], "\(open)")
    #expect(said.contains("own 0"))
    #expect(said.contains(tool.folder))
    #expect(said.last == "not a tty")
  }

  @Test("its memory, time, files and descriptors are bounded by the system") func bounds() throws {
    let tool = try StandIn(#"ulimit -v; ulimit -t; ulimit -f; ulimit -n; ulimit -c; grep NoNewPrivs /proc/self/status"#)
    var bounds = ToolBounds()
    (bounds.memoryBytes, bounds.processorSeconds, bounds.fileBytes, bounds.openFiles) = (256 << 20, 7, 1 << 20, 33)
    let said = lines(tool.run(bounds: bounds).output)
    #expect(said == ["262144", "7", "2048", "33", "0", "NoNewPrivs:\t1"])
  }

  @Test("a program that takes more memory or processor than its bound is ended") func over() throws {
    var bounds = ToolBounds()
    bounds.processorSeconds = 1
    let busy = try StandIn("while :; do :; done").run(bounds: bounds, milliseconds: 20_000)
    #expect(busy.end == .signalled(SIGKILL) || busy.end == .signalled(SIGXCPU))
    #expect(busy.reason("tool").hasPrefix("tool was ended by signal"))
    bounds = ToolBounds()
    bounds.memoryBytes = 64 << 20
    let big = try StandIn("exec python3 -c 'b = bytearray(300 << 20); print(len(b))'").run(bounds: bounds)
    #expect(big.output.isEmpty && big.end != .exited(0), "\(big.end)")
  }

  @Test("more output than is read ends the program, and what was read is kept") func endless() throws {
    var bounds = ToolBounds()
    bounds.outputBytes = 10_000
    let run = try StandIn("while :; do echo 0123456789; done").run(bounds: bounds)
    #expect(run.end == .tooMuchOutput && run.output.count == 10_000)
  }

  @Test("the deadline ends the whole group, though it ignores being asked") func deadline() throws {
    let tool = try StandIn("trap '' TERM; (trap '' TERM; echo $$ >&2; sleep 600) & echo $!; echo $$; wait; sleep 600")
    let begin = ContinuousClock.now
    let run = tool.run(milliseconds: 500)
    #expect(run.end == .deadline)
    #expect(ContinuousClock.now - begin < .seconds(4))
    let pids = lines(run.output)
    #expect(pids.count == 2)
    for pid in pids { #expect(ends(pid), "process \(pid) lives on") }
  }

  @Test("a stop ends it at once") func stop() throws {
    let begin = ContinuousClock.now
    let run = try StandIn("echo $$; exec sleep 600").run(milliseconds: 60_000) {
      ContinuousClock.now - begin > .seconds(0.3)
    }
    #expect(run.end == .stopped)
    #expect(ContinuousClock.now - begin < .seconds(2))
    #expect(ends(lines(run.output).first ?? ""))
  }

  @Test("children that a program leaves behind end with it, and do not hold up its end") func left() throws {
    let begin = ContinuousClock.now
    let run = try StandIn("sleep 600 & echo $!").run(milliseconds: 30_000)
    #expect(run.end == .exited(0))
    #expect(ContinuousClock.now - begin < .seconds(3))
    #expect(ends(lines(run.output).first ?? ""))
  }

  @Test("what cannot be started says why, and a status comes with the last words") func failures() throws {
    let none = ToolProcess.run(
      ToolCommand(program: "/nowhere/tool", arguments: []), in: "/tmp", until: Deadline(milliseconds: 1000),
      isStopped: { false })
    #expect(none.end == .notStarted(ENOENT))
    let run = try StandIn("echo first >&2; printf 'the \\033[1mlast\\n' >&2; exit 3").run()
    #expect(run.reason("tool") == "tool ended with status 3: the [1mlast")
  }

  @Test("the folder of a run is closed to others and gone afterwards, links in it not followed") func folder() throws {
    let outside = try StandIn("")
    try outside.write("kept", "x")
    var folder = WorkFolder()
    let path = try #require(folder?.path)
    #expect((try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int) == 0o700)
    try FileManager.default.createDirectory(atPath: "\(path)/a/b", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: "\(path)/a/link", withDestinationPath: outside.folder)
    try FileManager.default.createSymbolicLink(atPath: "\(path)/report", withDestinationPath: outside.file("kept"))
    #expect(folder?.read("report", limit: 100) == nil, "a link is no report")
    folder = nil
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(outside.text("kept") == "x")
  }
}
