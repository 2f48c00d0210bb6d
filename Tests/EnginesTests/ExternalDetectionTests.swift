import Records
import Testing

@testable import Engines

@Suite struct ExternalDetectionTests {
  private func state(_ tool: String, _ script: String) throws -> ExternalEngines.State? {
    let standIn = try StandIn(tool, script)
    var settings = ExternalSettings()
    settings.programs[tool] = standIn.path
    return ExternalEngines.detect(settings, only: [tool]).first?.state
  }

  @Test("a program is used at a version whose report is read, and at no other")
  func versions() throws {
    #expect(try state("nmap", "echo 'Nmap version 7.95 ( https://nmap.org )'") == .ready(version: "7.95"))
    #expect(
      try state("sslscan", #"printf '\033[1;34m\t\t2.1.4-static\n\033[0m\tOpenSSL 3.0.12\n'"#)
        == .ready(version: "2.1.4"))
    #expect(
      try state("nmap", "echo 'Nmap version 6.47'")
        == .unusable("version 6.47 is too old; 7.0 and later are read"))
    #expect(try state("nmap", "echo hello") == .unusable("it does not tell its version"))
    #expect(
      try state("nmap", "kill -9 $$") == .unusable("it does not tell its version: nmap was ended by signal 9"))
  }

  @Test("a program that is not there is missing, and one that is none is told") func missing() {
    var settings = ExternalSettings()
    settings.programs["nmap"] = "/etc/passwd"
    #expect(ExternalEngines.detect(settings, only: ["nmap"]).first?.state == .unusable("/etc/passwd is no program"))
    #expect(ProgramPath.find(["no-such-program"]) == nil)
  }

  @Test("versions order by their numbers") func order() {
    #expect(ToolVersion(2, 10) > ToolVersion(2, 9, 9))
    #expect(ToolVersion(3) == ToolVersion(3) && ToolVersion(3, 0) >= ToolVersion(3, 0, 0))
    #expect(ToolVersion(finding: "nothing 12 here") == nil)
    #expect(ToolVersion(finding: "[INF] Nuclei Engine Version: v3.3.0")?.description == "3.3.0")
    #expect(ToolVersion(finding: "99999999999999999999999.1") == nil)
  }

  @Test("nuclei is used only with templates whose pin the operator wrote down") func pins() throws {
    let tool = try StandIn("nuclei", "echo 'Nuclei Engine Version: v3.3.0'")
    let templates = try StandIn("a.yaml", "id: a")
    var settings = ExternalSettings()
    settings.programs["nuclei"] = tool.path
    func state() -> ExternalEngines.State? { ExternalEngines.detect(settings, only: ["nuclei"]).first?.state }
    #expect(state() == .unusable("no templates are named: scan.nucleiTemplates"))
    settings.templates = templates.folder
    let pin = try #require(TemplatePin.pin(of: templates.folder))
    #expect(
      state() == .unusable("the templates are not pinned; to pin them as they are, write scan.nucleiPin: \(pin)"))
    settings.pin = pin
    #expect(state() == .ready(version: "3.3.0"))
    try templates.write("a.yaml", "id: b")
    let other = try #require(TemplatePin.pin(of: templates.folder))
    #expect(other != pin && state() == .unusable("the templates are not those that were pinned: \(other)"))
  }

  @Test("every check that a mapping names is one of ours, and no tool has an engine's name") func mappings() {
    let ours = Set(EngineRegistry.all.flatMap(\.checks).map(\.id))
    let tables =
      ExternalTools.all().map { ($0.name, $0.mapping) } + [("nikto", NiktoMapping.checks), ("zap", ZAPMapping.checks)]
    for (tool, mapping) in tables {
      #expect(!mapping.isEmpty)
      for (id, checks) in mapping {
        for check in checks { #expect(ours.contains(check), "\(tool): \(id) -> \(check)") }
      }
      #expect(!EngineRegistry.all.map(\.name).contains(tool))
    }
    for (_, id) in NiktoMapping.phrases { #expect(NiktoMapping.checks[id] != nil, "\(id)") }
    // A check that needs more than the tool is started with would be answered without permission.
    for tool in ExternalTools.all() { #expect(tool.probeClass >= .probe) }
  }
}
