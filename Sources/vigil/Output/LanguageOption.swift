import ArgumentParser
import Hub
import Records

extension TextLanguage: ExpressibleByArgument {}

/// In which language a command's words are: `--language`, else the configuration's.
struct LanguageOption: ParsableArguments {
  @Option(name: [.long, .customLong("lang")], help: "en or zh; else the configuration's.") var language: TextLanguage?

  func words(_ hub: HubAddress) -> CommandWords {
    CommandWords(language: language ?? LanguageOption.configured(hub.config))
  }

  /// A configuration that cannot be read is another command's trouble: then English.
  static func configured(_ file: String?) -> TextLanguage {
    (try? ConfigurationFile.read(file))?.language == .zh ? .zh : .en
  }
}

/// A command's own words; both languages stand side by side where they are used.
struct CommandWords: Sendable {
  let language: TextLanguage
  func callAsFunction(_ en: String, _ zh: String) -> String { language == .zh ? zh : en }
  func callAsFunction(_ text: BilingualText) -> String { text[language] }

  func score(_ score: Int?) -> String { score.map(String.init) ?? self("not determined", "尚不确定") }
}
