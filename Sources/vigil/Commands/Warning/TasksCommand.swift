import ArgumentParser
import ControlAPI
import Dashboard
import Records

struct TasksCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks", abstract: "What people of the watch must do for notices and intake.",
    subcommands: [List.self, Done.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "What is open, the oldest first.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    func run() async throws {
      let page = try await hub.client().call(API.tasks)
      try look.list(page.items, .tasks, tongue.words(hub).language)
    }
  }

  struct Done: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Says that a task is done.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Argument(help: "Its number.") var id: Int64
    func run() async throws {
      let task = try await hub.client().call(API.endTask, id: String(id))
      if look.json { return try look.objects([task]) }
      Console.out.line("task \(task.id) is done")
    }
  }
}
