import ControlAPI
import Engines
import Hub

extension ExternalSettings {
  init(_ scan: Configuration.Scan) {
    self.init()
    programs = scan.programs
    templates = scan.nucleiTemplates
    pin = scan.nucleiPin
  }

  /// Every tool that is there and may be used; what is there and may not is told on standard error.
  func ready() -> [ExternalEngine] {
    ExternalEngines.detect(self).compactMap { detection in
      if case .unusable(let reason) = detection.state {
        Console.error.line("vigil: \(detection.tool.name) is not used: \(Table.harmless(reason))")
      }
      return detection.engine
    }
  }

  /// One that the operator named.
  func engine(_ name: String) throws -> ExternalEngine {
    let detection = ExternalEngines.detect(self, only: [name]).first
    if let engine = detection?.engine { return engine }
    if case .unusable(let reason)? = detection?.state {
      throw OperatorMistake("scan.engine", "\(name) is not used: \(Table.harmless(reason))", hint: "see vigil engines")
    }
    throw OperatorMistake(
      "scan.engine", "\(name) is not installed", hint: "install it, or name its path with scan.programs")
  }
}
