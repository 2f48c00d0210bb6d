/// Who wins where a later segment covers bytes of an earlier one, by where both begin and end.
extension StreamOverlapPolicy {
  func newWins(old: Range<Int64>, new: Range<Int64>) -> Bool {
    switch self {
    case .first, .vista, .hpux11, .macos: false
    case .last: true
    case .bsd, .windows, .hpux10, .irix: new.lowerBound < old.lowerBound
    case .linux:
      new.lowerBound < old.lowerBound || (new.lowerBound == old.lowerBound && new.upperBound > old.upperBound)
    case .oldLinux:
      new.lowerBound < old.lowerBound || (new.lowerBound == old.lowerBound && new.upperBound >= old.upperBound)
    case .solaris: new.lowerBound < old.lowerBound || new.upperBound > old.upperBound
    }
  }
}
