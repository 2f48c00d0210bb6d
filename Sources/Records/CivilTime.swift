/// A moment of the proleptic Gregorian calendar in UTC, without a calendar library: the hot path writes dates.
struct CivilTime {
  var year: Int64
  var month: Int64
  var day: Int64
  var secondOfDay: Int64

  /// Days since 1970-01-01 counted in eras of 400 years that begin on 1 March, so that the leap day comes last.
  init(unixSeconds: Int64) {
    let days = unixSeconds >= 0 ? unixSeconds / 86_400 : (unixSeconds - 86_399) / 86_400
    secondOfDay = unixSeconds - days * 86_400
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// `2026-11-22T03:04:05.`: the part of a timestamp that changes once a second. Years outside 0...9999 are cut
  /// to their last four digits.
  var text: InlineArray<20, UInt8> {
    var result: InlineArray<20, UInt8> = InlineArray(repeating: UInt8(ascii: "-"))
    func put(_ value: Int64, at place: Int, digits: Int) {
      var rest = abs(value)
      for index in stride(from: place + digits - 1, through: place, by: -1) {
        result[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
    }
    put(year, at: 0, digits: 4)
    put(month, at: 5, digits: 2)
    put(day, at: 8, digits: 2)
    result[10] = UInt8(ascii: "T")
    put(secondOfDay / 3600, at: 11, digits: 2)
    put(secondOfDay / 60 % 60, at: 14, digits: 2)
    put(secondOfDay % 60, at: 17, digits: 2)
    result[13] = UInt8(ascii: ":")
    result[16] = UInt8(ascii: ":")
    result[19] = UInt8(ascii: ".")
    return result
  }
}
