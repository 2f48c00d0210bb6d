import ControlAPI
import Records
import Wire

/// What happened, as the model hears it.
enum Message: Sendable {
  case key(Key)
  case resized(Size)
  case clock(Timestamp)
  /// The hub answers.
  case connected
  /// It does not, why, and in how many seconds it is asked again.
  case lost(BilingualText, again: Double)
  case answered(Question, any Sendable)
  /// The hub refused to answer: a filter that it does not take, a list that is not for this person.
  case refused(Question, BilingualText)
  case acted(ActRequest, ActReport)
  /// Any other change was made.
  case done(Deed, any Sendable)
  /// An act failed.
  case failed(BilingualText)
  /// What came by the stream since the last look, in its order.
  case streamed([StreamItem])
  case definitions(DefinitionFolder.Reading)
}

/// What the model wants done outside.
enum Effect: Sendable, Equatable {
  case quit, suspend, redraw
  /// Ask for what is on screen now.
  case refresh
  case act(ActRequest)
  case ask(Deed)
  /// To the clipboard, by OSC 52.
  case copy(String)
}
