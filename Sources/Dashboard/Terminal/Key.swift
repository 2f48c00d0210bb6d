/// One press, as far as a terminal tells it.
enum Key: Hashable, Sendable {
  case character(Character)
  /// The letter pressed with ctrl, lower case.
  case control(Character)
  case enter, escape, tab, backTab, backspace, delete
  case up, down, left, right, home, end, pageUp, pageDown
  case function(Int)
  /// What came from a clipboard, as one line.
  case pasted(String)
}
