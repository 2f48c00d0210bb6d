import Capture
import Documents
import Foundation
import Sensor
import TestSupport
import Testing

/// Every folder of `Tests/Verify`: its capture (made by the builder of its name), its rules, what must come out.
@Suite("Captures, rules and the events that must come of them")
struct VerifyTests {
  @Test("a scenario gives the events that its expect.yaml names", arguments: try Scenario.names())
  func scenario(name: String) throws {
    let scenario = try Scenario(name: name)
    let events = try scenario.run()
    for check in scenario.checks {
      let found = events.filter { check.matches($0) }
      #expect(found.count == check.count, "\(check.position): \(check.text)\n\(Scenario.text(events))")
    }
  }

  @Test("a scenario's rules raise nothing on a capture of one ordinary packet", arguments: try Scenario.names())
  func quiet(name: String) throws {
    let scenario = try Scenario(name: name)
    let packet = CapturedPacket(PacketBuilder.udpFrame(to: PacketEnd("198.51.100.20", 9999), Array("quiet".utf8)))
    let alerts = try scenario.run(packets: [packet]).filter { (try? $0["event_type"]?.string()) == "alert" }
    #expect(alerts.isEmpty)
  }

  @Test("each scenario has a builder, and each builder a scenario")
  func registry() throws {
    #expect(Set(try Scenario.names()) == Set(ScenarioCaptures.all.keys))
  }
}
