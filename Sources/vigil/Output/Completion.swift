import ArgumentParser
import ControlAPI
import Dashboard

/// What shells offer behind a command beside its options. No hub is asked: it may be far, and a key is pressed.
extension CompletionKind {
  /// Fields of a query, and behind a field's colon its values where they are a closed set.
  static func query(_ schema: FilterSchema) -> CompletionKind {
    .custom { _, _, word in
      CompletionKind.shown(QueryWords.behind(word, schema))
    }
  }

  static let themes = CompletionKind.list(Dashboard.themeNames)

  /// zsh reads a colon as the begin of an explanation.
  private static func shown(_ words: [String]) -> [String] {
    CompletionShell.requesting == .zsh ? words.map { $0.replacing(":", with: "\\:") } : words
  }
}
