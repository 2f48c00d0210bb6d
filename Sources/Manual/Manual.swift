/// Manual: what commands say of themselves, as manual pages.
///
///     JSON of the commands' help -> HelpedCommand (a tree) -> ManualPage (mdoc(7)), one a command
///
/// Pure: no clock, no file. It knows no command by name; what is wrong on a page is mended in the command's own help.
/// Called by `vigil manual`.
package enum Manual {
  /// A page for the program and for each command that is shown, parents first.
  package static func pages(ofHelp json: String, edition: Edition) throws(Unreadable) -> [ManualPage] {
    let root = try HelpedCommand.read(json)
    return pages(root, above: [], edition)
  }

  /// What stands in the foot of every page.
  package struct Edition: Sendable {
    package var version: String
    /// As mdoc wants it: `November 26, 2026`.
    package var date: String
    package init(version: String, date: String) { (self.version, self.date) = (version, date) }

    /// `day`: `2026-11-26`.
    package init?(version: String, day: String) {
      let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
      ]
      let parts = day.split(separator: "-").map { Int($0) }
      guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2], (1...12).contains(month)
      else { return nil }
      self.init(version: version, date: "\(months[month - 1]) \(day), \(year)")
    }
  }

  /// The help is not what this reads: another version of the parser.
  package struct Unreadable: Error, CustomStringConvertible {
    package let description: String
  }

  private static func pages(_ command: HelpedCommand, above: [String], _ edition: Edition) -> [ManualPage] {
    let path = above + [command.commandName]
    return [ManualPage(command, path: path, edition)]
      + command.shown.flatMap { pages($0, above: path, edition) }
  }
}
