import ArgumentParser
import ControlAPI
import Glibc
import Hub

/// vigil: arguments in, exit status out. One file a command under `Commands`; the supervisor under `Up`; how things
/// look on a terminal and in a pipe under `Output`. It holds no logic of the watch: it asks the hub.
@main
struct Vigil: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vigil",
    abstract: "Watches the network and the sites of a city.",
    version: Hub.version,
    subcommands: [
      UpCommand.self, HubCommand.self, SensorCommand.self, ReadCommand.self, RulesCommand.self, ScannerCommand.self,
      TemplatesCommand.self, ScanCommand.self, ScansCommand.self, SitesCommand.self, OrganisationsCommand.self,
      PostureCommand.self, TrailCommand.self, ReportCommand.self,
      IncidentsCommand.self, SituationCommand.self,
      AlertsCommand.self, SuppressCommand.self, DashboardCommand.self, TailCommand.self, IngestCommand.self,
      BackupCommand.self, RestoreCommand.self, ContentCommand.self, PeopleCommand.self,
      NoticesCommand.self, IntakeCommand.self, TasksCommand.self, DutyCommand.self,
      OutboxCommand.self, APICommand.self, AuditCommand.self, EnginesCommand.self, FindingsCommand.self,
      DemoCityCommand.self, ManualCommand.self,
    ])

  /// Exit status: 0, 1 where the command says so, 2 for the operator's mistakes, ArgumentParser's among them.
  static func main() async {
    ParentWatch.arm()
    _ = signal(SIGPIPE, SIG_IGN)
    // A write beyond the limit of a file's size fails and is told, as on a full disk.
    _ = signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let status as ExitCode {
      Glibc.exit(status.rawValue)
    } catch let mistake as OperatorMistake {
      Console.complain(mistake.description)
      Glibc.exit(2)
    } catch let problem as APIProblem {
      Console.complain(problem.description)
      Glibc.exit(2)
    } catch is CancellationError {
      Glibc.exit(0)
    } catch  where exitCode(for: error) == .success {
      Console.out.line(fullMessage(for: error))
      Glibc.exit(0)
    } catch  where exitCode(for: error) == .validationFailure {
      Console.error.line(fullMessage(for: error))
      Glibc.exit(2)
    } catch {
      Console.complain("\(error)")
      Glibc.exit(2)
    }
  }
}
