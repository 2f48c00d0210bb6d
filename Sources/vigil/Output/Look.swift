import ArgumentParser
import ControlAPI
import Records

/// How a command's answer looks.
struct Look: ParsableArguments {
  @Flag(help: "One JSON object a line.") var json = false
  @Option(help: "auto, always or never.") var color = ColorChoice.auto

  var style: Style { Style(color) }

  func objects(_ values: [some Encodable]) throws {
    for value in values { Console.out.line(try RecordJSON.text(value)) }
  }
}
