package import ControlAPI
internal import Documents

/// Dashboard: what the hub knows, on a terminal, and what the watch officer's keys ask of the hub.
///
///     Dashboards/*.yaml -> Definition                       (DefinitionReader; errors with file and line)
///     bytes of the terminal -> InputParser -> Key           hub -> LiveFeed -> Message
///     Model.update(Message) -> [Effect]                     state only: no clock, no socket, no terminal
///     View.draw(model, size, look) -> Grid of cells         pure; golden screens test it
///     FrameWriter.bytes(from: Grid, to: Grid) -> [UInt8]    the difference, one write a frame
///
/// Texts from traffic become cells through `HarmlessText` only, so that no control character, escape sequence or
/// directional mark of theirs ever reaches the terminal. `Program` joins the parts and is the only one with a clock;
/// `Terminal` is the only one that knows the tty, and gives it back on exit, on a signal and on a crash.
///
/// It decides nothing: every act is asked of the hub, which audits it. Called by `vigil dashboard`.
package enum Dashboard {
  /// What `vigil dashboard` was asked for.
  package struct Options: Sendable {
    package enum ColorChoice: String, Sendable, CaseIterable { case auto, always, never }

    /// Where the hub is.
    package var hub: HubPlace
    /// The folder of definitions.
    package var folder: String
    /// Print one frame and end.
    package var once = false
    /// Lines without escape sequences, also where standard output is no terminal.
    package var plain = false
    /// One JSON object a line, on a terminal too.
    package var json = false
    package var readOnly = false
    /// The first screen, by its digit or id; nil: the overview.
    package var screen: String?
    /// Columns and rows; nil: the terminal's.
    package var size: (columns: Int, rows: Int)?
    /// `en` or `zh`; nil: the locale's, else the hub's.
    package var language: String?
    package var color = ColorChoice.auto
    /// One of `themeNames`.
    package var theme = "dark"

    package init(hub: HubPlace, folder: String) {
      self.hub = hub
      self.folder = folder
    }
  }

  /// A sentence for the operator: no hub, a wrong definition, no terminal.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
  }

  package static let themeNames = Theme.Name.allCases.map(\.rawValue)

  /// Runs until the officer leaves. The value is the exit status.
  package static func run(_ options: Options) async throws(Failure) -> Int32 {
    try await Program.run(options)
  }

  /// Every mistake in these definitions as `file:line:column: message (hint)`; empty: they are right.
  package static func check(_ files: [String]) -> [String] { DefinitionFolder.mistakes(in: files) }

  /// The definitions of a folder, as the dashboard reads it.
  package static func definitions(in folder: String) -> [String] { DefinitionFolder(path: folder).files }
}
